// Why not, or why unsure: quick reasons by number, or a few own words. A reason is required.

import { byId, el, showText } from "./dom.js";
import { t } from "./i18n.js";
import { on } from "./state.js";

const QUICK = {
  "not a damage": ["shadow", "joint", "manhole", "patch", "dirt", "object"],
  unsure: ["blurred", "hidden", "no_picture", "inspect"],
};
let asked = null; // {verdict, decide}

export const isAsking = () => asked !== null;

export function startReasons() {
  byId("reasons").addEventListener("submit", saveOwn);
  byId("reason-cancel").addEventListener("click", stopAsking);
  on("selected", stopAsking);
  on("language", () => {
    if (asked) show();
  });
}

/** Ask for the reason of a verdict; `decide(reason)` runs once there is one. */
export function askReason(verdict, decide) {
  asked = { verdict, decide };
  byId("reason-text").value = "";
  show();
  byId("reasons-title").focus();
}

export function stopAsking() {
  if (!asked) return;
  const { verdict } = asked;
  asked = null;
  const inside = byId("reasons").contains(document.activeElement);
  byId("reasons").hidden = true;
  byId("verdict-buttons").hidden = false;
  if (inside) byId("verdict-buttons").querySelector(`[data-verdict="${verdict}"]`).focus();
}

function show() {
  const key = asked.verdict === "unsure" ? "reason.title_unsure" : "reason.title_not_a_damage";
  byId("reasons-title").textContent = t(key);
  byId("reasons-quick").replaceChildren(
    ...QUICK[asked.verdict].map((name, index) =>
      el(
        "button",
        { type: "button", class: "button button--small", onclick: () => save(t(`reason.${name}`)) },
        el("kbd", {}, String(index + 1)),
        " ",
        t(`reason.${name}`),
      ),
    ),
  );
  showText(byId("reason-error"), null);
  byId("verdict-buttons").hidden = true;
  byId("reasons").hidden = false;
}

/** Take a number key while a reason is asked for; 0 goes to the own words. */
export function takeNumber(digit) {
  if (digit === 0) byId("reason-text").focus();
  const name = QUICK[asked.verdict][digit - 1];
  if (name) save(t(`reason.${name}`));
}

function saveOwn(event) {
  event.preventDefault();
  const text = byId("reason-text").value.trim();
  if (text) return save(text);
  showText(byId("reason-error"), t("reason.required"));
  byId("reason-text").focus();
}

function save(reason) {
  const { decide } = asked;
  stopAsking();
  decide(reason);
}
