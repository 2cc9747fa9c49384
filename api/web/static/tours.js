// The tours of an approved plan: computing them, their tables and files, who could not be served, a failed vehicle.

import * as api from "./trees_api.js";
import { button, byId, el, showText } from "./dom.js";
import { count, t } from "./i18n.js";
import { faultText, notice, toast } from "./notice.js";
import { canGarden, on, state } from "./state.js";
import { loadPlan, plans } from "./plan_state.js";
import { tourCard } from "./tours_card.js";
import { inLanguage, stopName, streetOf, treeNumber } from "./trees_words.js";

const ASK_AGAIN_MS = 1_000; // while tours are computed
const LOOK_AGAIN_MS = 20_000; // while vehicles are out: reports come in
let shown = { plan_id: null, answer: null };
let asking = null;
let failing = null; // the tour the dialog asks about
let lost = null; // the place that held the focus when it was redrawn away

export function startTours() {
  on("plan", planShown);
  on("plan decided", () => loadTours());
  on("language", show);
  byId("fail-form").addEventListener("submit", saveFailure);
  byId("fail-dialog").addEventListener("close", () => focusPlace(`${failing.tour_id}|button|`)); // reports may have redrawn it
}

/** Tours belong to one plan; another plan shows its own. */
function planShown() {
  const { plan } = plans;
  if (shown.plan_id === plan?.plan_id) return show();
  shown = { plan_id: plan?.plan_id ?? null, answer: null };
  show();
  if (plan) loadTours();
}

async function loadTours() {
  clearTimeout(asking);
  const { plan } = plans;
  if (!plan || !hasTours(plan)) return show();
  try {
    const answer = await api.tours(plan.plan_id);
    if (plans.plan?.plan_id !== plan.plan_id) return;
    const fresh = answer.state === "computing" ? shown.answer?.state !== "computing" : !same(answer, shown.answer);
    shown = { plan_id: plan.plan_id, answer };
    if (fresh) show();
    else showProgress(answer);
    if (answer.tours?.length) await showMap(answer.tours);
    if (state.view !== "plans") return;
    asking = setTimeout(loadTours, answer.state === "computing" ? ASK_AGAIN_MS : LOOK_AGAIN_MS);
  } catch (error) {
    notice(byId("tours-notice"), faultText(error), { text: t("action.retry"), run: loadTours });
  }
}

/** Tables and files do not wait for the map, nor fail with it. */
async function showMap(tours) {
  const map = await import("./tours_map.js").catch(() => null);
  showText(byId("tours-map-error"), map ? null : t("map.not_loaded"));
  map?.startToursMap(tours);
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const hasTours = (plan) => ["approved", "on tour", "done"].includes(plan.state);

function show() {
  const { plan } = plans;
  byId("tours").hidden = !plan;
  if (!plan) return;
  byId("tours-notice").hidden = true;
  const answer = shown.answer;
  byId("tours-map-part").hidden = !answer?.tours?.length;
  const body = byId("tours-body");
  const opened = new Set([...body.querySelectorAll("details[open]")].map((one) => one.dataset.part));
  const focused = body.contains(document.activeElement) ? placeOf(document.activeElement) : orphan();
  if (!hasTours(plan)) body.replaceChildren(el("p", { class: "hint" }, t("tours.need_approval")));
  else body.replaceChildren(...content(answer).filter(Boolean));
  for (const fold of body.querySelectorAll("details")) fold.open = opened.has(fold.dataset.part);
  lost = focused && !focusPlace(focused) ? focused : null;
}

/** Where the focus was before its tour went away to be computed again, unless the hand has moved on. */
const orphan = () => (document.activeElement === document.body ? lost : null);

/** What an element is to a person at the keyboard, in either language: the same file, fold or button of the same tour. */
const placeOf = (node) =>
  [node.closest("[data-tour]")?.dataset.tour, node.localName, node.getAttribute("href") ?? node.parentElement.dataset.part ?? ""].join("|");

/** Give the focus back; what is gone (a failed vehicle's button) hands it to its tour's stops. False: the tour is gone. */
function focusPlace(place) {
  const there = [...byId("tours-body").querySelectorAll("a, button, summary")];
  const stops = `${place.split("|")[0]}|summary|`;
  const found = there.find((one) => placeOf(one) === place) ?? there.find((one) => placeOf(one).startsWith(stops));
  found?.focus();
  return Boolean(found);
}

function content(answer) {
  if (!answer) return [el("p", { class: "hint" }, t("tours.loading"))];
  if (answer.state === "computing") return [progress(answer)];
  const failed = answer.state === "failed" ? el("p", { class: "field-error" }, `${t("tours.failed")} ${answer.reason ?? ""}`) : null;
  if (answer.state !== "ready")
    return [failed, canGarden() ? button(t("tours.compute"), compute, "primary") : el("p", { class: "hint" }, t("tours.none"))];
  return [
    el("p", { class: "hint" }, count("tours.count", answer.tours.length)),
    ...answer.tours.map((tour) => tourCard(tour, askFailure)),
    unserved(answer.unserved ?? []),
  ];
}

function progress(answer) {
  const bar = el("progress", { id: "tours-progress", max: 1, "aria-label": t("tours.computing") });
  if (answer.progress) bar.value = answer.progress;
  return el("p", { role: "status" }, `${t("tours.computing")} `, bar);
}

function showProgress(answer) {
  const bar = byId("tours-progress");
  if (bar && answer.progress) bar.value = answer.progress;
}

async function compute(event) {
  event.target.disabled = true;
  try {
    await api.computeTours(plans.plan.plan_id);
    await loadTours();
  } catch (error) {
    event.target.disabled = false;
    notice(byId("tours-notice"), faultText(error));
  }
}

/** Trees that no tour could serve are named with the reason; nothing is dropped in silence. */
function unserved(trees) {
  if (!trees.length) return el("p", { class: "hint" }, t("tours.all_served"));
  return el(
    "details",
    { class: "fold", "data-part": "unserved" },
    el("summary", {}, count("tours.unserved", trees.length)),
    el(
      "ul",
      { class: "plain-list" },
      ...trees.map((tree) =>
        el("li", {}, el("strong", {}, treeNumber(tree)), tree.street ? ` ${streetOf(tree)}` : "", `: ${inLanguage(tree, "reason")}`),
      ),
    ),
  );
}

function askFailure(tour) {
  failing = tour;
  byId("fail-form").reset();
  showText(byId("fail-error"), null);
  byId("fail-tour").textContent = `${tour.vehicle} · ${t("tours.fail_text")}`;
  const done = tour.stops.filter((stop) => stop.report);
  const driven = tour.stops.filter((stop) => stop.seq > 0); // 0 is the depot it starts from
  const choices = driven.map((stop) => [String(stop.seq), `${stop.seq} · ${stopName(stop)} ${stop.street ?? ""}`]);
  byId("fail-after").replaceChildren(...[["0", t("tours.fail_start")], ...choices].map(([value, text]) => el("option", { value }, text)));
  byId("fail-after").value = String(done.at(-1)?.seq ?? 0);
  byId("fail-dialog").showModal();
  byId("fail-reason").focus();
}

async function saveFailure(event) {
  event.preventDefault();
  const reason = byId("fail-reason").value.trim();
  if (!reason) return showText(byId("fail-error"), t("reason.required"));
  byId("fail-save").disabled = true;
  try {
    await api.failTour(failing.tour_id, { after_seq: Number(byId("fail-after").value), reason });
    byId("fail-dialog").close();
    toast(t("tours.was_failed", { vehicle: failing.vehicle }));
    await loadPlan();
    await loadTours();
  } catch (error) {
    showText(byId("fail-error"), faultText(error));
  } finally {
    byId("fail-save").disabled = false;
  }
}
