// The keys: one table for what they do, what the help shows, and when they rest.

import { byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { toggleTick } from "./list.js";
import { openOrderDialog } from "./order_dialog.js";
import { isAsking, stopAsking, takeNumber } from "./reasons.js";
import { on, state, tell } from "./state.js";
import { give, undo, walk } from "./verdict.js";

const OFF = "stadtwart.keys"; // single keys can be switched off (WCAG 2.1.4)
const KEYS = [
  { keys: ["b", "c"], shown: "B / C", text: "keys.confirm", run: () => give("confirmed") },
  { keys: ["n"], shown: "N", text: "keys.not_a_damage", run: () => give("not a damage") },
  { keys: ["u"], shown: "U", text: "keys.unsure", run: () => give("unsure") },
  { keys: ["z"], shown: "Z", text: "keys.undo", run: undo },
  { keys: ["j", "arrowdown", "arrowright"], shown: "J ↓", text: "keys.next", run: () => walk(1) },
  { keys: ["k", "arrowup", "arrowleft"], shown: "K ↑", text: "keys.previous", run: () => walk(-1) },
  { keys: ["x"], shown: "X", text: "keys.tick", run: () => toggleTick(state.selectedId) },
  { keys: ["o"], shown: "O", text: "keys.order", run: openOrderDialog },
  { keys: ["m"], shown: "M", text: "keys.city", run: () => tell("show city") },
  { keys: ["a"], shown: "A", text: "keys.assessed", run: () => tell("toggle assessed") },
];
const TABLES = { damages: KEYS }; // view: its keys; other parts of the page bring theirs
const EVERYWHERE = [
  { keys: ["l"], shown: "L", text: "keys.language", run: () => tell("switch language") },
  { keys: ["?"], shown: "?", text: "keys.help", run: openHelp },
];

/** Add the keys of a view, when its part of the page is fetched. */
export function addKeys(view, keys) {
  TABLES[view] = keys;
}

export function startKeys() {
  document.addEventListener("keydown", press);
  byId("keys-open").addEventListener("click", openHelp);
  byId("keys-on").checked = localStorage.getItem(OFF) !== "off";
  byId("keys-on").addEventListener("change", (event) =>
    localStorage.setItem(OFF, event.target.checked ? "on" : "off"),
  );
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && isAsking()) return stopAsking();
  if (isTyping(event.target) || !state.role || !byId("keys-on").checked) return;
  const digit = /^\d$/.test(event.key) ? Number(event.key) : null;
  if (digit !== null && state.view === "damages" && isAsking()) return run(event, () => takeNumber(digit));
  const key = event.key.toLowerCase();
  if (key.startsWith("arrow") && event.target.closest(".maplibregl-map")) return; // pans the map
  const table = [...(TABLES[state.view] ?? []), ...EVERYWHERE];
  const found = table.find((entry) => entry.keys.includes(key));
  const repeats = ["j", "k"].includes(key) || key.startsWith("arrow");
  if (found && (!event.repeat || repeats)) run(event, found.run);
}

function run(event, action) {
  event.preventDefault();
  action();
}

const isTyping = (target) => target.closest("textarea, select, input:not([type=checkbox])") !== null;

function showHelp() {
  const panels = [
    { shown: "1 … 9, 0", text: "keys.reason" },
    { shown: "Esc", text: "keys.escape" },
  ];
  const ofView = TABLES[state.view] ?? [];
  const rows = [...ofView, ...(ofView === KEYS ? panels : []), ...EVERYWHERE];
  byId("keys-list").replaceChildren(
    ...rows.map((entry) =>
      el("div", {}, el("dt", {}, el("kbd", {}, entry.shown)), el("dd", {}, t(entry.text))),
    ),
  );
}

function openHelp() {
  showHelp();
  byId("keys-dialog").showModal();
}
