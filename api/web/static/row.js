// One row of the list: mark, class, street, how sure, state; and a tick where an order is possible.

import { el } from "./dom.js";
import { t } from "./i18n.js";
import { mark } from "./marks.js";
import { select } from "./selection.js";
import { canDecide, state } from "./state.js";
import { aiMark, area, className, confidence, reviewBadge, stateBadge, streetName } from "./words.js";

export const tickable = (damage) => damage.state === "confirmed";

export function row(damage, toggleTick) {
  const open = el(
    "button",
    { type: "button", class: "row__open", onclick: () => select(damage.damage_id) },
    mark(damage.damage_class, damage.state, 26),
    el(
      "span",
      { class: "row__text" },
      el("span", { class: "row__name" }, className(damage.damage_class), " ", aiMark(damage.ai_label)),
      damage.review_id ? reviewBadge() : stateBadge(damage.state),
      el("span", { class: "row__street" }, streetName(damage)),
      el("span", { class: "row__facts" }, facts(damage)),
    ),
  );
  if (damage.damage_id === state.selectedId) open.setAttribute("aria-current", "true");
  const tick = canDecide() && tickable(damage) ? tickOf(damage, toggleTick) : null;
  return el("li", { class: "row", "data-damage": damage.damage_id }, open, tick);
}

const facts = (damage) => `${t("fact.confidence")} ${confidence(damage.confidence)} · ${area(damage)}`;

function tickOf(damage, toggleTick) {
  const name = t("tick.one", { id: damage.damage_id, street: streetName(damage) });
  const change = () => toggleTick(damage.damage_id);
  const box = el("input", { type: "checkbox", "aria-label": name, onchange: change });
  box.checked = state.ticked.has(damage.damage_id);
  return el("label", { class: "row__tick" }, box);
}
