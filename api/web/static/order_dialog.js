// Make a work order for confirmed damages; without a verdict there is none, and the page says why.

import * as api from "./api.js";
import { byId, el, showText } from "./dom.js";
import { count, t } from "./i18n.js";
import { faultText, toast } from "./notice.js";
import { loadDetail, replaceDamage, toOrder } from "./selection.js";
import { canDecide, current, state, tell } from "./state.js";
import { today } from "./time.js";
import { className, streetName } from "./words.js";

const TEAMS = "stadtwart.teams"; // the last teams of this browser, offered again

export function startOrderDialog() {
  byId("order-form").addEventListener("submit", save);
  byId("basket-order").addEventListener("click", openOrderDialog);
}

/** Say why the open damage cannot be ordered; null when an order is possible. */
export function whyNoOrder() {
  if (!canDecide()) return t("order.why_role");
  if (state.ticked.size) return null;
  const damage = current();
  if (!damage || damage.state === "waiting") return t("order.why_no_verdict");
  if (["ordered", "repaired"].includes(damage.state)) return t("order.why_ordered");
  return damage.state === "confirmed" ? null : t("order.why_not_confirmed");
}

export function openOrderDialog() {
  const why = whyNoOrder();
  if (why) return toast(why, { fault: true });
  const ids = toOrder();
  byId("order-form").reset();
  showText(byId("order-error"), null);
  byId("order-damages").textContent = count("order.holds", ids.length, { numbers: ids.join(", ") });
  byId("order-name").value = suggestedName(ids);
  byId("order-due").min = today();
  byId("teams").replaceChildren(...knownTeams().map((name) => el("option", { value: name })));
  byId("order-dialog").showModal();
  byId("order-team").focus();
}

function suggestedName(ids) {
  const damages = ids.map((id) => state.items.find((item) => item.damage_id === id) ?? current());
  const streets = [...new Set(damages.map(streetName))];
  const classes = [...new Set(damages.map((damage) => className(damage.damage_class)))];
  const where = streets.length <= 2 ? streets.join(", ") : t("order.many_streets", { n: streets.length });
  return `${where}: ${classes.join(", ")}`.slice(0, 200);
}

function knownTeams() {
  try {
    return JSON.parse(localStorage.getItem(TEAMS) ?? "[]").filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}

const rememberTeam = (team) =>
  localStorage.setItem(TEAMS, JSON.stringify([...new Set([team, ...knownTeams()])].slice(0, 8)));

async function save(event) {
  event.preventDefault();
  const field = byId("order-form").elements;
  const button = byId("order-form").querySelector('[type="submit"]');
  button.disabled = true;
  try {
    const ids = toOrder();
    const order = await api.createOrder({
      title: field.title.value.trim(),
      damage_ids: ids,
      team: field.team.value.trim(),
      due_on: field.due_on.value || null,
      note: field.note.value.trim() || null,
    });
    rememberTeam(order.team);
    byId("order-dialog").close();
    toast(t("order.created", { number: order.work_order_id, title: order.title }));
    state.ticked.clear();
    state.decisions = state.decisions.filter((one) => !ids.includes(one.damageId));
    for (const id of ids)
      replaceDamage({ damage_id: id, state: "ordered", work_order_id: order.work_order_id });
    tell("ticked");
    tell("decided");
    if (state.selectedId !== null) await loadDetail();
  } catch (error) {
    showText(byId("order-error"), faultText(error));
  } finally {
    button.disabled = false;
  }
}
