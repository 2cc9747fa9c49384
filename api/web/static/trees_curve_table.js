// The curve as a table: the same figures for a reader who cannot use the picture.

import { el } from "./dom.js";
import { t } from "./i18n.js";
import { day as dayText, number } from "./time.js";
import { percent, water } from "./trees_words.js";

const COLUMNS = ["day", "water", "balance", "rain", "demand", "watered"];

export function curveTable(days) {
  return el(
    "details",
    { class: "curve-table" },
    el("summary", {}, t("curve.as_table")),
    el(
      "table",
      { class: "table" },
      el("caption", {}, t("curve.table_caption")),
      el("thead", {}, el("tr", {}, ...COLUMNS.map((name) => el("th", { scope: "col" }, t(`curve.column_${name}`))))),
      el("tbody", {}, ...days.map(row)),
    ),
  );
}

const row = (day) =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, dayText(day.day), day.forecast ? ` ${t("curve.forecast")}` : ""),
    cell(day.q50 == null ? "–" : water(day)),
    cell(percent(day.rew_balance)),
    cell(figure(day.rain_mm, 1)),
    cell(figure(day.et0_mm, 1)),
    cell(figure(day.watered_l, 0)),
  );

const cell = (text) => el("td", { class: "figure" }, text);
const figure = (value, digits) => (value == null ? "–" : number(value, digits));
