// The open plan as a sheet: sums, decision, trees by district, who was left out, and whether it is fair.

import { byId, el } from "./dom.js";
import { count, t } from "./i18n.js";
import { faultText, notice } from "./notice.js";
import { on, state } from "./state.js";
import { dateTime, day, number } from "./time.js";
import { aiLabel } from "./words.js";
import { decision } from "./plan_decision.js";
import { fairness } from "./plan_fairness.js";
import { loadPlan, plans } from "./plan_state.js";
import { stopTable } from "./plan_table.js";
import { inLanguage, litres, planBadge, treeNumber } from "./trees_words.js";

export function startPlanSheet() {
  on("plan", show);
  on("language", show);
  on("plan failed", showFault);
}

function show() {
  if (state.view !== "plans") return;
  const { plan, openId } = plans;
  byId("plan-body").hidden = !plan;
  byId("plan-empty").hidden = Boolean(plan);
  if (!plan) return notice(byId("plan-empty"), t(openId === null ? "plan.none_open" : "plan.loading"));
  const opened = new Set([...byId("plan-body").querySelectorAll("details[open]")].map((one) => one.dataset.part));
  const focused = document.activeElement?.dataset?.focus;
  byId("plan-body").replaceChildren(
    head(plan),
    decision(plan),
    stopTable(plan),
    plan.left_out.length ? folded("left_out", count("plan.left_out", plan.left_out.length), leftOut(plan), opened) : "",
    folded("fairness", t("plan.fairness"), fairness(plan.fairness), opened),
  );
  if (focused) byId("plan-body").querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

function showFault(error) {
  byId("plan-body").hidden = true;
  const gone = error.status === 404;
  const again = gone ? null : { text: t("action.retry"), run: loadPlan };
  notice(byId("plan-empty"), gone ? t("plan.gone") : faultText(error), again);
}

function head(plan) {
  const inside = plan.stops.filter((stop) => stop.included).length;
  const facts = [
    [t("plan.trees"), number(inside, 0)],
    [t("plan.litres"), litres(plan.litres_total, plan.litres_interval)],
    [t("plan.budget"), plan.budget_l == null ? t("plan.no_budget") : `${number(plan.budget_l, 0)} L`],
    [t("plan.hours"), plan.rules ? `${number(plan.rules.estimated_hours_h, 1)} h` : "–"],
    [t("plan.made_at"), dateTime(plan.made_at)],
    [t("plan.version"), String(plan.version)],
  ];
  return el(
    "header",
    { class: "plan-head" },
    el("h2", { id: "plan-title", tabindex: "-1" }, t("plan.of_day", { day: day(plan.for_day) }), " ", planBadge(plan.state)),
    el(
      "dl",
      { class: "order__facts" },
      facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
    overBudget(plan),
    plan.ai_label ? aiLabel(plan.ai_label) : null,
  );
}

const overBudget = (plan) =>
  plan.budget_l != null && plan.litres_total > plan.budget_l
    ? el("p", { class: "flag" }, `⚠ ${t("plan.over_budget", { litres: number(plan.litres_total - plan.budget_l, 0) })}`)
    : null;

function folded(part, title, content, opened) {
  const fold = el("details", { class: "fold", "data-part": part }, el("summary", {}, title), content);
  fold.open = opened.has(part);
  return fold;
}

const leftOut = (plan) =>
  el(
    "ul",
    { class: "plain-list" },
    ...plan.left_out.map((tree) =>
      el("li", {}, el("strong", {}, treeNumber(tree)), tree.street ? ` ${tree.street}` : "", `: ${inLanguage(tree, "reason")}`),
    ),
  );
