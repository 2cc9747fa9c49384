// A person's verdict: give it, take it back, and go on to the next damage.

import * as api from "./api.js";
import { byId } from "./dom.js";
import { language, t } from "./i18n.js";
import { announce, faultText, toast } from "./notice.js";
import { openOrderDialog, whyNoOrder } from "./order_dialog.js";
import { askReason } from "./reasons.js";
import { loadDetail, move, nextOpen, replaceDamage, secondsOpen, select } from "./selection.js";
import { canDecide, current, on, selected, state, tell } from "./state.js";
import { damageName, stateName } from "./words.js";

const ADVANCE = "stadtwart.advance"; // kept in this browser
let busy = false; // one decision at a time, so that a held key decides once

export function startVerdict() {
  for (const button of byId("verdict-buttons").children)
    button.addEventListener("click", () => give(button.dataset.verdict));
  byId("undo").addEventListener("click", undo);
  byId("order").addEventListener("click", openOrderDialog);
  byId("previous").addEventListener("click", () => walk(-1));
  byId("next").addEventListener("click", () => walk(1));
  byId("advance").checked = localStorage.getItem(ADVANCE) !== "no";
  byId("advance").addEventListener("change", keepAdvance);
  for (const topic of ["selected", "detail", "damage", "ticked", "language"]) on(topic, show);
}

const keepAdvance = (event) => localStorage.setItem(ADVANCE, event.target.checked ? "yes" : "no");

function show() {
  const damage = current();
  byId("verdict").hidden = !damage;
  if (!damage) return;
  for (const button of byId("verdict-buttons").children) {
    button.setAttribute("aria-disabled", String(!mayDecide(damage)));
    button.setAttribute("aria-pressed", String(damage.ai_label.human_status === button.dataset.verdict));
  }
  byId("verdict-buttons").querySelector('[data-key="confirm"]').textContent = language() === "de" ? "B" : "C";
  byId("undo").setAttribute("aria-disabled", String(!undoable()));
  const why = whyNoOrder();
  byId("order").setAttribute("aria-disabled", String(Boolean(why)));
  byId("order-why").textContent = why ?? "";
}

const mayDecide = (damage) => canDecide() && !["ordered", "repaired"].includes(damage.state);

/** Give a verdict on the open damage; anything but a confirmation needs a reason first. */
export function give(verdict) {
  const damage = current();
  if (!damage || busy) return;
  if (!mayDecide(damage))
    return toast(t(canDecide() ? "verdict.why_ordered" : "verdict.why_role"), { fault: true });
  if (verdict === "confirmed") return decide(damage, verdict, null);
  askReason(verdict, (reason) => decide(damage, verdict, reason));
}

async function decide(damage, verdict, reason) {
  if (damage.review_id) return review(damage, verdict, reason);
  const answer = await alone(() =>
    api.giveVerdict(damage.damage_id, {
      verdict,
      reason,
      seen_verdict_id: damage.current_verdict_id,
      seconds_spent: secondsOpen(),
    }),
  );
  if (!answer) return;
  state.decisions.push({ damageId: damage.damage_id, verdictId: answer.verdict_id });
  replaceDamage({
    damage_id: damage.damage_id,
    state: answer.state,
    current_verdict_id: answer.verdict_id,
    ai_label: { ...damage.ai_label, human_status: verdict },
  });
  tell("decided");
  toast(t("verdict.given", { name: damageName(damage), state: stateName(answer.state) }));
  await goOn();
}

/** A second look: the damage stays as the first person left it, and leaves this list. */
async function review(damage, verdict, reason) {
  const seconds_spent = secondsOpen();
  const answer = await alone(() => api.giveReview(damage.review_id, { verdict, reason, seconds_spent }));
  if (!answer) return;
  const next = nextOpen();
  state.items = state.items.filter((item) => item !== selected());
  state.total -= 1;
  tell("ticked"); // draws the rows again
  await select(next?.damage_id ?? null, { from: "keys" });
  toast(t(answer.agrees ? "review.given.same" : "review.given.other"));
}

/** Send one decision at a time; what happens while it is on its way is not a decision. */
async function alone(send) {
  busy = true;
  try {
    return await send();
  } catch (error) {
    await refused(error);
    return null;
  } finally {
    busy = false;
  }
}

/** Open the next undecided one, or stay and show what was decided. */
async function goOn() {
  const next = byId("advance").checked ? nextOpen() : null;
  if (next) return select(next.damage_id, { from: "keys" });
  if (byId("advance").checked) toast(t("verdict.all_done"));
  await loadDetail();
}

/** Somebody else was quicker, or the city refuses: say so and show the damage as it is now. */
async function refused(error) {
  toast(error.status === 409 ? t("verdict.conflict", { detail: error.message }) : faultText(error), {
    fault: true,
  });
  if (error.status === 409) await loadDetail();
}

/** The open damage's verdict, else the last one of this visit. */
function undoable() {
  const damage = current();
  if (!canDecide()) return null;
  if (damage?.current_verdict_id && mayDecide(damage))
    return { damageId: damage.damage_id, verdictId: damage.current_verdict_id };
  return state.decisions.at(-1) ?? null;
}

export async function undo() {
  const last = undoable();
  if (busy) return;
  if (!last) return toast(t(canDecide() ? "verdict.nothing_to_undo" : "verdict.why_role"));
  const answer = await alone(() => api.undoVerdict(last.damageId, last.verdictId));
  state.decisions = state.decisions.filter((one) => one.verdictId !== last.verdictId);
  if (!answer) return show();
  toast(t("verdict.undone", { number: last.damageId }));
  tell("decided");
  await select(last.damageId, { from: "keys" });
}

/** One row up or down; tells a listener where they are. */
export function walk(step) {
  if (!move(step)) return toast(t(step > 0 ? "list.end" : "list.start"));
  const damage = current();
  const place = state.items.findIndex((item) => item.damage_id === damage.damage_id) + 1;
  announce(
    t("list.at", { place, total: state.total, name: damageName(damage), state: stateName(damage.state) }),
  );
}
