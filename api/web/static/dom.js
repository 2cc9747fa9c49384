// Small builders for page elements; every text goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** Build an element; `on…` attributes become listeners, null and false leave the attribute out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Build a button; `look` names its classes after `button--`. */
export const button = (text, run, look = "") =>
  el(
    "button",
    { type: "button", class: ["button", look && `button--${look}`].join(" ").trim(), onclick: run },
    text,
  );

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
}

/** Show a text in an element and the element with it; an empty text hides both. */
export function showText(node, text) {
  node.textContent = text ?? "";
  node.hidden = !text;
}

/** Fill a select, keeping the chosen value. */
export function fillSelect(select, choices, chosen) {
  select.replaceChildren(...choices.map(([value, text]) => el("option", { value }, text)));
  select.value = chosen;
}
