// What a reader with weak eyes, a screen reader or a keyboard would stumble over; run in the page.
() => {
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);

  // WCAG 2.2, definition of relative luminance
  function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue]
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  // the nearest painted background
  function ground(node) {
    for (let at = node; at; at = at.parentElement) {
      const painted = numbers(getComputedStyle(at).backgroundColor);
      if (painted.length === 3 || painted[3] > 0.9) return painted;
    }
    return [255, 255, 255];
  }

  // success criterion 1.4.3, level AA; disabled controls are exempt
  function lowContrast() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent.trim();
      const node = walk.currentNode.parentElement;
      if (!text || !visible(node) || node.closest(".kern-sr-only, [aria-disabled=true]")) continue;
      const style = getComputedStyle(node);
      const pair = [luminance(numbers(style.color)), luminance(ground(node))];
      const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) found.push(`${ratio.toFixed(1)} ${text}`);
    }
    return found;
  }

  const hasName = (node) =>
    node.labels?.length ||
    node.getAttribute("aria-label") ||
    node.textContent.trim() ||
    node.hasAttribute("alt");
  const controls = [...document.querySelectorAll("input, select, textarea, button, a, img, summary")];
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")]
    .filter(visible)
    .map((node) => Number(node.tagName[1]));
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return {
    lowContrast: lowContrast(),
    nameless: controls
      .filter(visible)
      .filter((node) => !hasName(node))
      .map((node) => node.outerHTML),
    skippedHeadings: levels.filter((level, n) => n > 0 && level > levels[n - 1] + 1),
    doubleIds: ids.filter((id, n) => ids.indexOf(id) !== n),
  };
};
