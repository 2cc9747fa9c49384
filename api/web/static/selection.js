// Which damage is open: choosing one, walking through the list, keeping list and detail in step.

import * as api from "./api.js";
import { current, selected, state, tell, writeAddress } from "./state.js";

let shownAt_ms = performance.now();

/** Seconds the open damage has been on the screen; goes with the verdict. */
export const secondsOpen = () => Math.floor((performance.now() - shownAt_ms) / 1000);

/** Open a damage (or none): show at once what the list knows, then load the rest. */
export async function select(id, { from = "list" } = {}) {
  state.selectedId = id;
  state.detail = null;
  shownAt_ms = performance.now();
  writeAddress();
  tell("selected", { from });
  if (id !== null) await loadDetail();
}

/** Load the open damage; an answer that comes after the next choice is dropped. */
export async function loadDetail() {
  const id = state.selectedId;
  if (selected()?.review_id) return tell("detail"); // the whole story would tell the first verdict
  try {
    const detail = await api.damage(id);
    if (state.selectedId !== id) return;
    replaceDamage(detail);
    state.detail = detail;
    tell("detail");
  } catch (error) {
    if (state.selectedId === id) tell("detail failed", error);
  }
}

/** Put a newer version of a damage into the list and tell everyone who shows it. */
export function replaceDamage(news) {
  const index = state.items.findIndex((item) => item.damage_id === news.damage_id);
  const before = state.items[index]?.state ?? state.detail?.state;
  if (index >= 0) state.items[index] = { ...state.items[index], ...news };
  if (state.detail?.damage_id === news.damage_id) state.detail = { ...state.detail, ...news };
  if (news.state !== "confirmed") state.ticked.delete(news.damage_id);
  tell("damage", news.damage_id);
  if (before && before !== news.state) tell("state changed"); // the map must fetch its tiles again
}

/** Go `step` rows on from the open one; stays at the ends. Says whether there was one. */
export function move(step) {
  const index = state.items.indexOf(selected());
  const target = state.items[index < 0 ? 0 : index + step];
  if (target) select(target.damage_id, { from: "keys" });
  return Boolean(target);
}

/** After a verdict: the next one of this list that still needs one, from here on, then from the top. */
export function nextOpen() {
  const wanted = state.filters.state || "waiting";
  const index = state.items.indexOf(selected());
  const order = [...state.items.slice(index + 1), ...state.items.slice(0, Math.max(index, 0))];
  return order.find((item) => item.state === wanted) ?? null;
}

/** Which damages an order would hold: the ticked ones, else the open one if confirmed. */
export function toOrder() {
  if (state.ticked.size) return [...state.ticked];
  return current()?.state === "confirmed" ? [current().damage_id] : [];
}
