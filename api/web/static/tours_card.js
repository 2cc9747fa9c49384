// One tour: when, how far, how much; its stops in order, its files, the phone's page, and what came back.

import * as api from "./trees_api.js";
import { button, el } from "./dom.js";
import { count, known, t } from "./i18n.js";
import { canGarden } from "./state.js";
import { number, timeOfDay } from "./time.js";
import { aiMark } from "./words.js";
import { kindOf, part, pause, stopName } from "./trees_words.js";

const FILES = ["pdf", "gpx", "csv", "gpkg", "ics"];
const COLUMNS = ["seq", "stop", "litres", "arrives", "report"];

export function tourCard(tour, fail) {
  const trees = tour.stops.filter((stop) => stop.kind === "tree");
  const back = trees.filter((stop) => stop.report);
  return el(
    "article",
    { class: "order tour", "data-tour": tour.tour_id, "data-state": tour.state },
    el(
      "div",
      { class: "order__head" },
      el("h4", {}, tour.vehicle, " ", tour.ai_label ? aiMark(tour.ai_label) : null),
      el("span", { class: `badge badge--tour-${tour.state}` }, known(`tour_state.${tour.state}`, tour.state)),
    ),
    facts(tour, trees),
    el("p", {}, el("progress", { max: Math.max(trees.length, 1), value: back.length, "aria-label": t("tours.progress") }), ` ${t("tours.back", { n: back.length, total: trees.length })}`),
    files(tour),
    el(
      "details",
      { class: "fold", "data-part": `stops-${tour.tour_id}` },
      el("summary", {}, count("tours.stops", tour.stops.length)),
      stopTable(tour),
    ),
    canGarden() && ["planned", "driving"].includes(tour.state) ? button(t("tours.fail"), () => fail(tour), "small") : null,
  );
}

function facts(tour, trees) {
  const street = tour.driving_times === "street graph";
  const rows = [
    [t("tours.time"), `${timeOfDay(tour.begins_at)}–${timeOfDay(tour.ends_at)}`],
    [t("plan.trees"), number(trees.length, 0)],
    [t("plan.litres"), `${number(tour.litres, 0)} L`],
    [t("tours.length"), `${number(tour.length_m / 1000, 1)} km`],
    [t("tours.driving"), t(street ? "tours.by_streets" : "tours.by_factor")],
  ];
  return el(
    "dl",
    { class: "order__facts" },
    rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

const files = (tour) =>
  el(
    "p",
    { class: "tour__files" },
    el("a", { href: `/tour/${encodeURIComponent(tour.tour_id)}`, class: "button button--small button--primary" }, t("tours.phone")),
    ...FILES.map((ending) =>
      el("a", { href: api.tourFile(tour.tour_id, ending), class: "button button--small", download: ending === "pdf" ? null : "" }, t(`tours_file.${ending}`)),
    ),
  );

const stopTable = (tour) =>
  el(
    "table",
    { class: "table" },
    el("caption", { class: "kern-sr-only" }, t("tours.table", { vehicle: tour.vehicle })),
    el("thead", {}, el("tr", {}, ...COLUMNS.map((name) => el("th", { scope: "col" }, t(`tours_column.${name}`))))),
    el("tbody", {}, ...tour.stops.map(row)),
  );

function row(stop) {
  return el(
    "tr",
    {},
    el("td", { class: "figure" }, String(stop.seq)),
    el("td", {}, stopName(stop), el("span", { class: "hint" }, ` ${[stop.street, kindOf(stop), part(stop), pause(stop)].filter(Boolean).join(" · ")}`)),
    el("td", { class: "figure" }, stop.litres ? `${number(stop.litres, 0)} L` : "–"),
    el("td", {}, timeOfDay(stop.arrives_at)),
    el("td", {}, reportText(stop.report)),
  );
}

function reportText(report) {
  if (!report) return "–";
  const text = known(`outcome.${report.outcome.replaceAll(" ", "_")}`, report.outcome);
  return report.litres == null ? text : `${text}, ${number(report.litres, 0)} L`;
}
