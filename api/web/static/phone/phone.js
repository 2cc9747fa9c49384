// A tour on the phone: the next tree in large letters, three buttons, and it all works without a network.

import * as api from "../api.js";
import { byId, showText } from "../dom.js";
import { language, loadLanguage, switchLanguage, t } from "../i18n.js";
import { state } from "../state.js";
import { link, nextDue_ms, openQueue, send } from "./queue.js";
import { offerSignIn, startSignIn } from "./sign_in.js";
import { forgetTour, keepTour, keptTour, keptTours } from "./store.js";
import { showTour, showTours, startTour } from "./tour.js";

const AGAIN_MS = 20_000; // reports that wait, and what others reported
const KEPT_DAYS = 14;
const LIMIT_MS = 8_000;
const tour_id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
let tour = null;
let due = null;

async function start() {
  await loadLanguage();
  for (const button of document.querySelectorAll("[data-language]"))
    button.addEventListener("click", () => changeLanguage(button.dataset.language));
  showLanguage();
  startSignIn(synchronise);
  startTour(synchronise);
  await openQueue(show);
  await keepShell();
  await readKept();
  await synchronise();
  for (const moment of ["online", "offline", "focus"]) addEventListener(moment, () => synchronise());
  setInterval(synchronise, AGAIN_MS);
}

/** Let the worker keep the page itself; without https the browser refuses, and we say so. */
async function keepShell() {
  try {
    await navigator.serviceWorker.register("/tour/worker.js", { scope: "/tour/" });
    await navigator.serviceWorker.ready;
    document.documentElement.dataset.offline = "ready";
  } catch {
    showText(byId("phone-notice"), t("phone.no_worker"));
  }
}

/** Show at once what this phone knows; the network comes later, or not at all. */
async function readKept() {
  await forgetOld();
  const kept = tour_id ? await keptTour(tour_id) : null;
  if (kept) [state.city, tour] = [kept.city, kept.tour];
  await show();
}

async function forgetOld() {
  for (const kept of await keptTours())
    if (Date.now() - Date.parse(kept.kept_at) > KEPT_DAYS * 86_400_000) await forgetTour(kept.tour_id);
}

/** Send what waits (`now`: also what could still be undone), then fetch the tour as it is now. */
async function synchronise({ now = false } = {}) {
  await send({ now });
  if (tour_id && !["offline", "signed out"].includes(link.fault)) await loadTour();
  else if (link.fault === "offline") await tryAgain();
  if (link.fault === "signed out") await offerSignIn();
  await show();
}

/** The last sending failed; a fetched tour shows that the network is back. */
const tryAgain = () => (tour_id ? loadTour() : null);

async function loadTour() {
  try {
    const limit = { limit_ms: LIMIT_MS };
    state.city = await api.call("GET", "/city", undefined, limit);
    tour = await api.call("GET", `/tours/${encodeURIComponent(tour_id)}`, undefined, limit);
    link.fault = null;
    await keepTour({ tour_id, tour, city: state.city, kept_at: new Date().toISOString() });
    showText(byId("phone-notice"), null);
  } catch (error) {
    notLoaded(error);
  }
}

function notLoaded(error) {
  if (error.status === 401 || error.status === 403) link.fault = "signed out";
  else if (error.status === 0) link.fault = "offline";
  else if (error.status >= 500) link.fault = "city";
  if (error.status === 404) showText(byId("phone-notice"), t("phone.no_tour"));
  else if (!tour && link.fault === "offline") showText(byId("phone-notice"), t("phone.not_kept"));
}

async function show() {
  if (tour) showTour(tour);
  else if (!tour_id) showTours(await keptTours());
  clearTimeout(due);
  const wait_ms = nextDue_ms();
  if (wait_ms !== null && link.fault === null) due = setTimeout(synchronise, wait_ms + 50);
}

async function changeLanguage(wanted) {
  await switchLanguage(wanted);
  showLanguage();
  await show();
}

function showLanguage() {
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === language()));
}

start();
