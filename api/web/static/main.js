// The page from top to bottom: language, city, session, then list, map and detail.

import * as api from "./api.js";
import { startAssessed } from "./assessed.js";
import { openAudit, startAudit } from "./audit.js";
import { startDetail } from "./detail.js";
import { byId, el } from "./dom.js";
import { language, loadLanguage, switchLanguage, t } from "./i18n.js";
import { startKeys } from "./keys.js";
import { startLegend } from "./legend.js";
import { loadList, offerRefresh, showFilters, startList } from "./list.js";
import { toast, watchOutage } from "./notice.js";
import { startOrderDialog } from "./order_dialog.js";
import { loadOrders, startOrders } from "./orders.js";
import { startReasons } from "./reasons.js";
import { findRole, startSession } from "./session.js";
import { VIEWS, mayOpen, on, readAddress, state, tell, views, writeAddress } from "./state.js";
import { number } from "./time.js";
import { startVerdict } from "./verdict.js";

const SUMMARY_EVERY_MS = 30_000;
const MAP_RETRY_MS = 5_000;
const PARTS = [
  startSession,
  startList,
  startDetail,
  startVerdict,
  startReasons,
  startOrderDialog,
  startOrders,
  startAudit,
  startKeys,
  startLegend,
  startAssessed,
];
let counts = null; // the last answer to /summary
let sightings = null; // how many the city had when the list was loaded
let stale = false; // an order ended, so the list must be loaded again
let mapStarted = false;

async function start() {
  await loadLanguage();
  readAddress();
  watchOutage(open);
  for (const begin of PARTS) begin();
  listen();
  await open();
  setInterval(showSummary, SUMMARY_EVERY_MS);
}

const tabs = () => byId("tabs").querySelectorAll("[data-view]");

function listen() {
  for (const tab of tabs())
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      openView(tab.dataset.view, { step: true });
    });
  for (const button of document.querySelectorAll("[data-language]"))
    button.addEventListener("click", () => changeLanguage(button.dataset.language));
  for (const button of document.querySelectorAll("dialog [data-close]"))
    button.addEventListener("click", () => button.closest("dialog").close());
  addEventListener("popstate", () => {
    readAddress();
    showFilters();
    stale = true;
    openView(state.view);
  });
  on("switch language", () => changeLanguage(language() === "de" ? "en" : "de"));
  on("session", open);
  on("decided", showSummary);
  on("refresh", () => {
    sightings = null;
    showSummary();
  });
  on("orders changed", () => {
    stale = true;
    tell("refresh");
  });
  on("open view", (view) => openView(view, { step: true, about: "damage" }));
  on("open damage", openDamage);
}

/** Open the page for whoever is signed in; also runs again after an outage. */
async function open() {
  try {
    state.city ??= await api.city();
  } catch {
    return; // the strip says so and tries again
  }
  showCity();
  if (!state.role) await findRole();
  showLanguage();
  showFilters();
  stale = true;
  await openView(state.view);
  await showSummary();
}

function showCity() {
  byId("city-name").textContent = state.city.name;
  byId("simulated").hidden = !state.city.simulated;
  document.title = `Stadtwart ${state.city.name}`;
}

/** Show one view, the role's first one where it has no right to the wanted, or say that it has none. */
async function openView(wanted, { step = false, about } = {}) {
  const view = mayOpen(wanted) ? wanted : (views()[0] ?? wanted);
  if (state.role) state.view = view;
  if (step) writeAddress({ step });
  for (const name of VIEWS) byId(`view-${name}`).hidden = !mayOpen(view) || name !== view;
  for (const tab of tabs()) {
    tab.hidden = !mayOpen(tab.dataset.view);
    tab.setAttribute("aria-current", tab.dataset.view === view ? "page" : "false");
  }
  if (!mayOpen(view)) return; // signed out, or a role that reads on other pages: they are linked
  if (["trees", "plans", "skill"].includes(view)) return openGarden(view);
  if (view === "orders") return loadOrders();
  if (view === "audit") return openAudit({ about });
  return openDesk();
}

async function openDesk() {
  tell("resize");
  if (stale) {
    stale = false;
    sightings = null;
    await loadList();
  }
  if (!mapStarted) await openMap();
}

/** The parks team's part is fetched when somebody opens it. */
async function openGarden(view) {
  try {
    const garden = await import("./garden.js");
    await garden.open(view);
  } catch (error) {
    toast(t("fault.page", { detail: error.message }), { fault: true });
  }
}

/** Fetch and draw the map, which is large: list and decisions do not wait for it, nor fail with it. */
async function openMap() {
  mapStarted = true;
  const map = await import("./map.js").catch(() => null);
  byId("map-error").hidden = map !== null;
  if (map) return map.startMap();
  mapStarted = false;
  byId("map-error").textContent = t("map.not_loaded");
  setTimeout(() => mapStarted || openMap(), MAP_RETRY_MS);
}

/** From an order to one of its damages: all states, so that it is in the list. */
async function openDamage(id) {
  state.filters.state = "";
  state.selectedId = id;
  stale = true;
  showFilters();
  await openView("damages", { step: true });
}

async function showSummary() {
  if (!mayOpen("damages")) return;
  const now = await api.summary().catch(() => null);
  if (!now) return;
  counts = now;
  nameCounts();
  sightings ??= now.sightings;
  offerRefresh(now.sightings - sightings);
}

function nameCounts() {
  if (!counts) return;
  const shown = ["waiting", "confirmed", "ordered", "repaired"];
  const withheld = counts.pictures_withheld;
  byId("summary").replaceChildren(
    ...shown.map((name) =>
      el("div", {}, el("dt", {}, t(`state.${name}`)), el("dd", {}, number(counts[name], 0))),
    ),
    ...(withheld ? [el("div", {}, el("dt", {}, el("a", { href: "/judgings" }, t("summary.withheld"))), el("dd", {}, number(withheld, 0)))] : []),
  );
}

async function changeLanguage(wanted) {
  await switchLanguage(wanted);
  showLanguage();
  nameCounts();
  tell("language");
}

function showLanguage() {
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === language()));
}

start();
