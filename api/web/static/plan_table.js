// The trees of a plan, grouped by district: litres, by when, why; a person includes, leaves out, changes.

import { el } from "./dom.js";
import { count, t } from "./i18n.js";
import { canGarden } from "./state.js";
import { number } from "./time.js";
import { isDraft } from "./plan_state.js";
import { askChange } from "./plan_stop_dialog.js";
import { districtName, dryBy, inLanguage, streetOf, treeNumber, urgencyBadge } from "./trees_words.js";

const COLUMNS = ["inside", "tree", "urgency", "litres", "needed_by", "why"];

export function stopTable(plan) {
  const groups = Map.groupBy ? Map.groupBy(plan.stops, districtOf) : grouped(plan.stops);
  return el(
    "table",
    { class: "table plan-table", id: "plan-stops" },
    el("caption", { class: "kern-sr-only" }, t("plan.table")),
    el("thead", {}, el("tr", {}, ...COLUMNS.map((name) => el("th", { scope: "col" }, t(`plan_column.${name}`))))),
    ...[...groups].map(([district, stops]) => group(district, stops)),
  );
}

const districtOf = (stop) => districtName(stop.district);

function grouped(stops) {
  const groups = new Map();
  for (const stop of stops) groups.set(districtOf(stop), [...(groups.get(districtOf(stop)) ?? []), stop]);
  return groups;
}

function group(district, stops) {
  const inside = stops.filter((stop) => stop.included);
  const sum_l = inside.reduce((sum, stop) => sum + stop.litres, 0);
  const title = `${district} · ${count("tree.count", inside.length)} · ${number(sum_l, 0)} L`;
  return el(
    "tbody",
    {},
    el("tr", { class: "plan-table__group" }, el("th", { scope: "rowgroup", colspan: COLUMNS.length }, title)),
    ...stops.map(row),
  );
}

function row(stop) {
  return el(
    "tr",
    { "data-stop": stop.tree_id, class: stop.included ? null : "plan-table__out" },
    el("td", {}, inside(stop)),
    el("td", {}, treeLink(stop), el("span", { class: "hint" }, ` ${streetOf(stop)}`)),
    el("td", {}, urgencyBadge(stop.urgency)),
    el("td", { class: "figure", title: inLanguage(stop, "litres_source") }, litresOf(stop)),
    el("td", {}, dryBy(stop.needed_by)),
    el("td", {}, inLanguage(stop, "reason"), changed(stop)),
  );
}

const changed = (stop) =>
  stop.changed_by_person ? el("span", { class: "flag" }, ` ${t("plan.changed")}: ${stop.change_reason ?? ""}`) : null;

const mayChange = () => canGarden() && isDraft();

function inside(stop) {
  const name = t("plan.include", { number: treeNumber(stop), street: streetOf(stop) });
  const box = el("input", { type: "checkbox", "aria-label": name, "data-focus": `include-${stop.tree_id}`, disabled: !mayChange() });
  box.checked = stop.included;
  box.addEventListener("change", () => {
    const wanted = box.checked;
    box.checked = stop.included; // it changes when the city has stored the reason
    askChange(stop, { included: wanted });
  });
  return box;
}

function litresOf(stop) {
  const text = `${number(stop.litres, 0)} L`;
  if (!mayChange() || !stop.included) return text;
  const name = t("plan.change_litres", { number: treeNumber(stop), litres: stop.litres });
  return el(
    "button",
    { type: "button", class: "button button--plain", "aria-label": name, "data-focus": `litres-${stop.tree_id}`, onclick: () => askChange(stop, { litres: stop.litres }) },
    `${text} ✎`,
  );
}

const treeLink = (stop) =>
  el("a", { href: `?view=trees&tree=${encodeURIComponent(stop.tree_id)}` }, treeNumber(stop));

/** One tree up or down in the table, from wherever the focus is. */
export function walkStops(step) {
  const boxes = [...document.querySelectorAll("#plan-stops tbody input")];
  const row = document.activeElement?.closest("[data-stop]");
  const index = boxes.findIndex((box) => row?.contains(box));
  boxes[Math.min(Math.max(index + step, 0), boxes.length - 1)]?.focus();
}
