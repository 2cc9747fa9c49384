// The next stop: where, how many litres, and the three things that can happen there.

import { button, el } from "../dom.js";
import { t } from "../i18n.js";
import { number, timeOfDay } from "../time.js";
import { kindOf, part, pause, stopName, streetOf, treeNumber } from "../trees_words.js";
import { add } from "./queue.js";

const STEP_L = 10;
const MOST_L = 5000;

/** Build the card; `reported` runs when a report is on the disk. */
export function nextStop(tour, stop, reported) {
  return stop.kind === "tree" ? treeCard(tour, stop, reported) : pointCard(tour, stop, reported);
}

function treeCard(tour, stop, reported) {
  const field = el("input", { id: "phone-litres", type: "number", inputmode: "numeric", min: 1, max: MOST_L, value: Math.round(stop.litres) });
  const note = el("input", { id: "phone-note", maxlength: 300, autocomplete: "off", placeholder: t("phone.note") , "aria-label": t("phone.note") });
  const watered = button("", () => give("watered", Number(field.value)), "big");
  watered.classList.add("button--primary");
  watered.dataset.outcome = "watered";
  const name = () => (watered.textContent = t("phone.watered", { litres: number(Number(field.value), 0) }));
  const step = (litres) => {
    field.value = Math.min(Math.max(Number(field.value) + litres, 1), MOST_L);
    name();
  };
  field.addEventListener("input", name);
  name();
  const give = async (outcome, litres) => {
    if (outcome === "watered" && !field.checkValidity()) return field.reportValidity();
    reported();
    await add({ tour_id: tour.tour_id, seq: stop.seq, tree_id: stop.tree_id, outcome, litres, note: note.value.trim() || null });
  };
  return [
    head(stop, `${treeNumber(stop)} · ${kindOf(stop) ?? ""}`, streetOf(stop)),
    el(
      "div",
      { class: "phone-litres" },
      labelled(button("−", () => step(-STEP_L), "big"), t("phone.less")),
      el("label", {}, el("span", { class: "kern-sr-only" }, t("watering.litres")), field, " L"),
      labelled(button("+", () => step(STEP_L), "big"), t("phone.more")),
    ),
    watered,
    el("div", { class: "phone-other" }, other("not reachable", "phone.not_reachable", give), other("dead", "phone.dead", give)),
    note,
  ];
}

function other(outcome, key, give) {
  const made = button(t(key), () => give(outcome, null), "big");
  made.dataset.outcome = outcome;
  return made;
}

function labelled(made, name) {
  made.setAttribute("aria-label", name);
  return made;
}

function pointCard(tour, stop, reported) {
  const go = async () => {
    reported();
    await add({ tour_id: tour.tour_id, seq: stop.seq, tree_id: null, outcome: "passed", litres: null, note: null });
  };
  const done = button(t("phone.next"), go, "big");
  done.classList.add("button--primary");
  done.dataset.outcome = "passed";
  return [head(stop, stopName(stop), stop.street ?? ""), done];
}

const head = (stop, title, place) =>
  el(
    "div",
    { class: "phone-next__head" },
    el("h2", { id: "phone-next-title" }, `${stop.seq} · ${title}`),
    el("p", { class: "big" }, place),
    el("p", { class: "hint" }, when(stop)),
    el("a", { class: "button button--big", href: mapLink(stop, title) }, t("phone.map")),
  );

const when = (stop) =>
  [t("phone.arrives", { time: timeOfDay(stop.arrives_at) }), part(stop), pause(stop)].filter(Boolean).join(" · ");

/** RFC 5870; the query names the point in the map apps that take it. */
const mapLink = (stop, title) =>
  `geo:${stop.lat},${stop.lon}?q=${stop.lat},${stop.lon}(${encodeURIComponent(title)})`;
