// What the phone shows: progress, whether everything is sent, the next stop, and all stops below.

import { button, byId, el, showText } from "../dom.js";
import { count, known, t } from "../i18n.js";
import { day, number, timeOfDay } from "../time.js";
import { part, stopName } from "../trees_words.js";
import { aiLabel } from "../words.js";
import { link, refused, reports, undo, undoable, unsent } from "./queue.js";
import { nextStop } from "./stop.js";

let shown = null; // the tour
let chosen = null; // seq of a stop that was picked out of order
let synchronise = () => {};
let drawn = ""; // what the card showed last; it is not redrawn under a hand that types

export function startTour(send) {
  synchronise = send;
}

export function showTour(tour) {
  shown = tour;
  const done = reported(tour);
  const trees = tour.stops.filter((stop) => stop.kind === "tree");
  const finished = trees.filter((stop) => done.has(stop.seq)).length;
  byId("phone-title").textContent = `${tour.vehicle} · ${day(tour.for_day)}`;
  byId("phone-progress").max = Math.max(trees.length, 1);
  byId("phone-progress").value = finished;
  byId("phone-count").textContent = t("phone.progress", { n: finished, total: trees.length });
  byId("phone-files").hidden = false;
  byId("phone-pdf").href = `/api/v1/tours/${encodeURIComponent(tour.tour_id)}.pdf`;
  byId("phone-label").replaceChildren(tour.ai_label ? aiLabel(tour.ai_label) : "");
  showSync();
  showUndo();
  showRefused();
  showNext(tour, done);
  showStops(tour, done);
}

/** Tours kept on this phone, where no tour stands in the address. */
export function showTours(kept) {
  byId("phone-title").textContent = t("phone.tours");
  showSync();
  const entries = kept.map(({ tour_id, tour }) =>
    el("li", {}, el("a", { class: "big", href: `/tour/${encodeURIComponent(tour_id)}` }, `${tour.vehicle} · ${day(tour.for_day)}`)),
  );
  byId("phone-stops").replaceChildren(...entries);
  showText(byId("phone-notice"), kept.length ? null : t("phone.no_tours"));
}

/** Stops with a report, from this phone or from the city, by their place in the tour. */
function reported(tour) {
  const done = new Map(tour.stops.filter((stop) => stop.report).map((stop) => [stop.seq, stop.report]));
  for (const report of reports.values()) if (report.tour_id === tour.tour_id) done.set(report.seq, report);
  return done;
}

function showSync() {
  const waiting = unsent().length;
  const box = byId("phone-sync");
  const state = link.fault ?? (waiting ? "waiting" : "sent");
  box.dataset.state = state.replaceAll(" ", "-");
  box.dataset.waiting = String(waiting);
  const name = known(`sync.${state.replaceAll(" ", "_")}`, state);
  box.textContent = waiting ? `${name} · ${count("phone.waiting", waiting)}` : name;
}

function showUndo() {
  const mine = shown && undoable(shown.tour_id);
  byId("phone-undo").hidden = !mine;
  if (!mine) return byId("phone-undo").replaceChildren();
  const text = el("span", {}, mine.tree_id === null ? t("phone.passed") : inWords(mine));
  const back = button(t("verdict.undo"), () => takeBack(mine), "big");
  const now = mine.state === "waiting" ? button(t("phone.send_now"), () => synchronise({ now: true }), "big") : null;
  byId("phone-undo").replaceChildren(...[text, back, now].filter(Boolean));
}

async function takeBack(report) {
  chosen = report.seq;
  drawn = "";
  if (!(await undo(report.report_id))) showText(byId("phone-notice"), t("phone.too_late"));
}

/** What the city refused stays until a person has seen it. */
function showRefused() {
  const entries = refused().map((report) =>
    el(
      "li",
      { class: "phone-refused" },
      el("p", {}, t("phone.refused", { what: inWords(report), detail: report.problem })),
      button(t("phone.forget"), () => undo(report.report_id)),
    ),
  );
  byId("phone-refused").replaceChildren(...entries);
}

function inWords(report) {
  const stop = shown?.stops.find((one) => one.seq === report.seq);
  return `${outcomeText(report)} · ${stop ? nameOf(stop) : ""}`;
}

function outcomeText(report) {
  const text = known(`outcome.${report.outcome.replaceAll(" ", "_")}`, report.outcome);
  return report.litres == null ? text : `${text}, ${number(report.litres, 0)} L`;
}

const nameOf = (stop) =>
  [stopName(stop), stop.kind === "tree" ? stop.street : null, part(stop)].filter(Boolean).join(", ");

function showNext(tour, done) {
  const open = tour.stops.filter((stop) => !done.has(stop.seq));
  const stop = open.find((one) => one.seq === chosen) ?? open[0] ?? null;
  const key = JSON.stringify([tour.tour_id, tour.state, stop, document.documentElement.lang]);
  if (key === drawn) return;
  drawn = key;
  if (!stop || tour.state === "failed") {
    const text = tour.state === "failed" ? "phone.failed" : "phone.finished";
    return byId("phone-next").replaceChildren(el("p", { class: "big" }, t(text)));
  }
  const reportedHere = () => (chosen = null);
  byId("phone-next").replaceChildren(...nextStop(tour, stop, reportedHere));
}

function showStops(tour, done) {
  const rows = tour.stops.map((stop) => {
    const report = done.get(stop.seq);
    const facts = stop.kind === "tree" ? `${number(stop.litres, 0)} L · ${timeOfDay(stop.arrives_at)}` : timeOfDay(stop.arrives_at);
    const pick = () => {
      chosen = stop.seq;
      showNext(tour, reported(tour));
      byId("phone-next").scrollIntoView();
    };
    return el(
      "li",
      { "data-seq": stop.seq, class: report ? "phone-done" : null },
      el(
        "button",
        { type: "button", class: "phone-stop", onclick: pick, disabled: Boolean(report) },
        el("span", {}, `${stop.seq} · ${nameOf(stop)}`),
        el("span", { class: "hint" }, report ? doneText(stop, report) : facts),
      ),
    );
  });
  byId("phone-stops").replaceChildren(...rows);
}

function doneText(stop, report) {
  const text = stop.kind === "tree" ? outcomeText(report) : t("phone.passed");
  return ["waiting", "sending", "refused"].includes(report.state) ? `${text} · ${t(`report_state.${report.state}`)}` : `✓ ${text}`;
}
