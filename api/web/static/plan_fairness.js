// Is the water shared fairly? Per district: what is needed, what is planned, who urgently waits.

import { el } from "./dom.js";
import { t } from "./i18n.js";
import { number } from "./time.js";
import { districtName, percent } from "./trees_words.js";

const COLUMNS = ["district", "trees", "need", "planned", "share", "waiting"];

export function fairness(districts) {
  return el(
    "div",
    {},
    el("p", { class: "hint" }, t("fairness.hint")),
    el(
      "table",
      { class: "table" },
      el("caption", { class: "kern-sr-only" }, t("plan.fairness")),
      el("thead", {}, el("tr", {}, ...COLUMNS.map((name) => el("th", { scope: "col" }, t(`fairness.${name}`))))),
      el("tbody", {}, ...districts.map(row)),
    ),
  );
}

function row(one) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, districtName(one.district)),
    figure(number(one.trees, 0)),
    figure(`${number(one.need_l, 0)} L`),
    figure(`${number(one.planned_l, 0)} L`),
    el("td", {}, meter(one), ` ${percent(one.share)}`),
    el("td", { class: `figure${one.waiting_urgent ? " figure--late" : ""}` }, number(one.waiting_urgent, 0)),
  );
}

const figure = (text) => el("td", { class: "figure" }, text);

const meter = (one) =>
  el("meter", { min: 0, max: 1, value: Math.min(one.share ?? 0, 1), "aria-label": t("fairness.share") });
