// A person decides last: approve a plan, reject it with a reason, take an approval back before a tour begins.

import * as api from "./trees_api.js";
import { button, byId, el, showText } from "./dom.js";
import { t } from "./i18n.js";
import { faultText, toast } from "./notice.js";
import { canGarden, tell } from "./state.js";
import { dateTime, day } from "./time.js";
import { isDraft, loadPlan, plans, secondsOpen } from "./plan_state.js";
import { showConflict, undoChange } from "./plan_stop_dialog.js";

let busy = false; // one decision at a time, so that a held key decides once

export function startPlanDecision() {
  byId("reject-form").addEventListener("submit", saveRejection);
}

/** The bar above the table: what is decided, and the buttons that decide. */
export function decision(plan) {
  return el(
    "section",
    { class: "plan-decision", "aria-label": t("verdict.title") },
    el("p", {}, t("plan.person_decides")),
    plan.decided_at ? el("p", { class: "hint" }, decided(plan)) : null,
    el("div", { class: "plan-decision__buttons" }, ...buttons(plan)),
  );
}

const decided = (plan) =>
  [t("plan.decided", { time: dateTime(plan.decided_at) }), plan.decision_reason].filter(Boolean).join(": ");

function buttons(plan) {
  if (!canGarden()) return [el("p", { class: "hint" }, t("plan.why_role"))];
  const look = (text, key, run, kind) => {
    const made = button(`${text} `, run, kind);
    made.append(el("kbd", {}, key));
    return made;
  };
  if (plan.state === "draft")
    return [
      look(t("plan.approve"), t("plan.approve_key"), approve, "primary"),
      look(t("plan.reject"), "N", askRejection),
      plans.changes.length ? look(t("verdict.undo"), "Z", undoInPlan) : null,
    ].filter(Boolean);
  if (plan.state === "approved") return [look(t("plan.take_back"), "Z", undoInPlan)];
  return [];
}

export async function approve() {
  const { plan } = plans;
  if (!plan) return;
  if (!canGarden()) return toast(t("plan.why_role"), { fault: true });
  if (!isDraft()) return toast(t("plan.not_draft"), { fault: true });
  const done = await decide(() =>
    api.approve(plan.plan_id, { seen_version: plan.version, seconds_spent: secondsOpen() }),
  );
  if (done) toast(t("plan.approved", { day: day(plan.for_day) }));
}

export function askRejection() {
  if (!plans.plan) return;
  if (!canGarden()) return toast(t("plan.why_role"), { fault: true });
  if (!isDraft()) return toast(t("plan.not_draft"), { fault: true });
  byId("reject-form").reset();
  showText(byId("reject-error"), null);
  byId("reject-dialog").showModal();
  byId("reject-reason").focus();
}

async function saveRejection(event) {
  event.preventDefault();
  const reason = byId("reject-reason").value.trim();
  if (!reason) return showText(byId("reject-error"), t("reason.required"));
  const { plan } = plans;
  byId("reject-dialog").close();
  const done = await decide(() => api.reject(plan.plan_id, { seen_version: plan.version, reason }));
  if (done) toast(t("plan.rejected", { day: day(plan.for_day) }));
}

/** Z: the last change of a draft, or the approval while no tour has begun. */
export async function undoInPlan() {
  const { plan } = plans;
  if (!plan || !canGarden()) return toast(t("plan.why_role"), { fault: true });
  if (isDraft()) return undoChange();
  if (plan.state !== "approved") return toast(t("plan.too_late"), { fault: true });
  if (await decide(() => api.takeBack(plan.plan_id))) toast(t("plan.taken_back"));
}

async function decide(send) {
  if (busy) return false;
  busy = true;
  try {
    await send();
    await loadPlan();
    tell("plan decided");
    return true;
  } catch (error) {
    if (error.status === 409) await showConflict(error);
    else toast(faultText(error), { fault: true });
    return false;
  } finally {
    busy = false;
  }
}
