// Change one tree of a plan: in, out, or other litres. A reason is required; the change can be undone.

import * as api from "./trees_api.js";
import { byId, el, showText } from "./dom.js";
import { t } from "./i18n.js";
import { faultText, toast } from "./notice.js";
import { loadPlan, plans, takePlan } from "./plan_state.js";
import { streetOf, treeNumber } from "./trees_words.js";

const QUICK = ["knows_place", "already_watered", "building_site", "newly_planted", "event"];
let asked = null; // {stop, change} while the dialog asks

export function startStopDialog() {
  byId("stop-form").addEventListener("submit", save);
}

/** `change` holds the wanted `included`, or the present `litres` to be edited. */
export function askChange(stop, change) {
  asked = { stop, change };
  const edits = "litres" in change;
  byId("stop-form").reset();
  showText(byId("stop-error"), null);
  byId("stop-title").textContent = t(edits ? "stop.litres" : change.included ? "stop.include" : "stop.leave_out");
  byId("stop-tree").textContent = `${treeNumber(stop)} · ${streetOf(stop)}`;
  byId("stop-litres-part").hidden = !edits;
  byId("stop-litres").disabled = !edits;
  byId("stop-litres").value = stop.litres;
  byId("stop-quick").replaceChildren(...QUICK.map(quick));
  byId("stop-dialog").showModal();
  (edits ? byId("stop-litres") : byId("stop-reason")).focus();
}

const quick = (name) =>
  el(
    "button",
    { type: "button", class: "button button--small", onclick: () => (byId("stop-reason").value = t(`stop.${name}`)) },
    t(`stop.${name}`),
  );

async function save(event) {
  event.preventDefault();
  const { stop, change } = asked;
  const reason = byId("stop-reason").value.trim();
  if (!reason) return showText(byId("stop-error"), t("reason.required"));
  const wanted = "litres" in change ? { litres: Number(byId("stop-litres").value) } : change;
  const before = "litres" in change ? { litres: stop.litres } : { included: stop.included };
  byId("stop-save").disabled = true;
  try {
    await send(stop.tree_id, wanted, reason);
    plans.changes.push({ tree_id: stop.tree_id, before });
    byId("stop-dialog").close();
    toast(t("stop.saved", { number: treeNumber(stop) }));
  } catch (error) {
    if (error.status !== 409) return showText(byId("stop-error"), faultText(error));
    byId("stop-dialog").close();
    await showConflict(error);
  } finally {
    byId("stop-save").disabled = false;
  }
}

async function send(tree_id, change, reason) {
  const { plan_id, version } = plans.plan;
  takePlan(await api.changeStop(plan_id, { seen_version: version, tree_id, ...change, reason }));
}

/** Take back the last change of this visit. */
export async function undoChange() {
  const last = plans.changes.pop();
  if (!last) return toast(t("stop.nothing_to_undo"));
  try {
    await send(last.tree_id, last.before, t("stop.undo_reason"));
    toast(t("stop.undone"));
  } catch (error) {
    await showConflict(error);
  }
}

/** Somebody else was quicker: say so and show the plan as it is now. */
export async function showConflict(error) {
  const text = error.status === 409 ? t("plan.conflict", { detail: error.message }) : faultText(error);
  toast(text, { fault: true });
  if (error.status === 409) await loadPlan();
}
