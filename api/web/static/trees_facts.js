// What the register says about a tree, and which of it is a default or a guess.

import { el } from "./dom.js";
import { known, t } from "./i18n.js";
import { dateTime, number } from "./time.js";
import { flagText, treeNumber } from "./trees_words.js";

export function facts(tree) {
  const rows = [
    [t("tree.number"), treeNumber(tree)],
    [t("tree.status"), known(`tree_status.${tree.status}`, tree.status)],
    [t("tree.planted"), planted(tree)],
    [t("tree.girth"), measure(tree.girth_cm, "cm")],
    [t("tree.crown"), measure(tree.crown_m, "m", 1)],
    [t("tree.height"), measure(tree.height_m, "m", 1)],
    [t("tree.pit"), `${measure(tree.pit_m2, "m²", 1)}${tree.pit_is_default ? ` (${t("tree.default")})` : ""}`],
    [t("tree.sensor"), t(tree.has_sensor ? "tree.sensor_yes" : "tree.sensor_no")],
    [t("tree.last_watered"), dateTime(tree.last_watered_at)],
  ];
  return el(
    "section",
    { class: "history" },
    el("h3", {}, t("tree.facts")),
    el(
      "dl",
      { class: "facts" },
      rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
    tree.flags?.length ? el("p", { class: "flag" }, `⚠ ${flagText(tree.flags)}`) : null,
    tree.inputs ? inputs(tree.inputs) : null,
  );
}

const planted = (tree) => {
  if (tree.planted_year == null) return t("tree.unknown");
  return tree.age_source === "register" || !tree.age_source
    ? String(tree.planted_year)
    : `${tree.planted_year} (${known(`age.${tree.age_source}`, tree.age_source)})`;
};

const measure = (value, unit, digits = 0) =>
  value == null ? t("tree.unknown") : `${number(value, digits)} ${unit}`;

/** What the balance was fed with, as the city sends it: name, value, and where it comes from. */
function inputs(given) {
  return el(
    "details",
    {},
    el("summary", {}, t("tree.inputs")),
    el(
      "dl",
      { class: "facts facts--one" },
      ...Object.entries(given).map(([name, value]) =>
        el("div", {}, el("dt", {}, known(`input.${name}`, name)), el("dd", {}, inputText(value))),
      ),
    ),
  );
}

function inputText(value) {
  if (value === null || value === undefined) return t("tree.unknown");
  if (typeof value === "boolean") return t(value ? "tree.yes" : "tree.no");
  if (typeof value === "number") return number(value, Number.isInteger(value) ? 0 : 2);
  if (Array.isArray(value)) return value.map(inputText).join(", ");
  if (typeof value === "object")
    return [inputText(value.value), value.source, value.is_default ? t("tree.default") : null]
      .filter((part) => part != null && part !== "")
      .join(" · ");
  return String(value);
}
