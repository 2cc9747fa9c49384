// Which watering plan is open, what was changed in it, and its tours. The plan's number stands in the address.

import * as api from "./trees_api.js";
import { on, state, tell, writeAddress } from "./state.js";

export const plans = {
  items: [],
  openId: null,
  plan: null, // the open plan with stops, left out trees and fairness
  changes: [], // {tree_id, before} of this visit, newest last
  shownAt_ms: performance.now(),
};

export function keepPlanInAddress() {
  const read = (query) => {
    if (query.get("view") === "plans") plans.openId = query.get("plan");
  };
  on("read address", read);
  on("write address", (query) => {
    if (state.view === "plans" && plans.openId !== null) query.set("plan", plans.openId);
  });
  read(new URLSearchParams(location.search));
}

/** Seconds the open plan has been on the screen; goes with the approval. */
export const secondsOpen = () => Math.round((performance.now() - plans.shownAt_ms) / 1000);

export async function openPlan(plan_id) {
  plans.openId = plan_id === null ? null : String(plan_id);
  plans.plan = null;
  plans.changes = [];
  plans.shownAt_ms = performance.now();
  writeAddress();
  tell("plan");
  if (plans.openId !== null) await loadPlan();
}

/** Load the open plan; an answer that comes after the next choice is dropped. */
export async function loadPlan() {
  const wanted = plans.openId;
  try {
    const plan = await api.plan(wanted);
    if (plans.openId === wanted) takePlan(plan);
  } catch (error) {
    if (plans.openId === wanted) tell("plan failed", error);
  }
}

/** Show a newer version of the open plan. */
export function takePlan(plan) {
  plans.plan = plan;
  const index = plans.items.findIndex((item) => String(item.plan_id) === String(plan.plan_id));
  if (index >= 0) plans.items[index] = { ...plans.items[index], ...plan };
  tell("plan");
}

export const isDraft = () => plans.plan?.state === "draft";
