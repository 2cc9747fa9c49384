// The plans view: all plans beside the open one, and making a new one for a day.

import * as api from "./trees_api.js";
import { byId, el } from "./dom.js";
import { count, t } from "./i18n.js";
import { faultText, notice } from "./notice.js";
import { canGarden, on, state } from "./state.js";
import { day, number } from "./time.js";
import { loadStatus } from "./trees_status.js";
import { startPlanDecision } from "./plan_decision.js";
import { startPlanForm } from "./plan_form.js";
import { startPlanSheet } from "./plan_sheet.js";
import { keepPlanInAddress, openPlan, plans } from "./plan_state.js";
import { startStopDialog } from "./plan_stop_dialog.js";
import { planBadge } from "./trees_words.js";

export function startPlan() {
  keepPlanInAddress();
  for (const begin of [startPlanForm, startPlanSheet, startPlanDecision, startStopDialog]) begin();
  on("plan", showList);
  on("plan made", async (plan) => {
    await loadPlans();
    await openPlan(plan.plan_id);
  });
  on("language", showList);
}

export async function openPlans() {
  byId("plan-new").hidden = !canGarden();
  await Promise.all([loadStatus(), loadPlans()]);
  await openPlan(plans.openId ?? plans.items[0]?.plan_id ?? null);
}

async function loadPlans() {
  byId("plan-list").setAttribute("aria-busy", "true");
  try {
    const answer = await api.plans();
    plans.items = Array.isArray(answer) ? answer : answer.items;
    byId("plan-list-notice").hidden = plans.items.length > 0;
    if (!plans.items.length) notice(byId("plan-list-notice"), t(canGarden() ? "plan.empty" : "plan.empty_reader"));
    showList();
  } catch (error) {
    notice(byId("plan-list-notice"), faultText(error), { text: t("action.retry"), run: openPlans });
  } finally {
    byId("plan-list").setAttribute("aria-busy", "false");
  }
}

function showList() {
  if (state.view === "plans") byId("plan-list").replaceChildren(...plans.items.map(row));
}

function row(plan) {
  const open = el(
    "button",
    { type: "button", class: "row__open", onclick: () => openPlan(plan.plan_id) },
    el(
      "span",
      { class: "row__text" },
      el("span", { class: "row__name" }, t("plan.of_day", { day: day(plan.for_day) })),
      planBadge(plan.state),
      el("span", { class: "row__facts" }, facts(plan)),
    ),
  );
  if (String(plan.plan_id) === plans.openId) open.setAttribute("aria-current", "true");
  return el("li", { class: "row", "data-plan": plan.plan_id }, open);
}

function facts(plan) {
  const stops = plan.stops?.filter((stop) => stop.included).length ?? plan.trees;
  return [stops == null ? null : count("tree.count", stops), `${number(plan.litres_total ?? 0, 0)} L`]
    .filter(Boolean)
    .join(" · ");
}
