// Keys of the second detector's alarms; without this script the buttons do the same.

const OFF = "stadtwart.keys"; // single keys can be switched off (WCAG 2.1.4)

const KEYS = {
  f: () => current()?.querySelector('button[value="false alarm"]')?.click(),
  s: openDeletion,
  z: () => document.querySelector("[data-undo]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("textarea, select, input")) return;
  if (localStorage.getItem(OFF) === "off") return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

/** Open the question; deleting takes a second key on the button that then has the focus. */
function openDeletion() {
  const details = current()?.querySelector("details");
  if (!details) return;
  details.open = true;
  details.querySelector("button").focus();
}

const current = () => document.querySelector(".judging[data-current]");
