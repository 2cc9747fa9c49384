// The list of damages: filters, rows, ticks for an order; rows stay in place until the filter changes.

import * as api from "./api.js";
import { button, byId, el, fillSelect } from "./dom.js";
import { count, t } from "./i18n.js";
import { CLASSES, STATES } from "./marks.js";
import { faultText, notice } from "./notice.js";
import { row, tickable } from "./row.js";
import { select } from "./selection.js";
import { canDecide, on, state, tell, writeAddress } from "./state.js";
import { className, stateName } from "./words.js";

const PAGE = 200; // rows at once; the server's limit is 500
let newest = 0; // number of the latest load; older answers are dropped

export function startList() {
  byId("filters").addEventListener("change", changeFilter);
  byId("list-refresh").addEventListener("click", refresh);
  byId("tick-all").addEventListener("click", tickAll);
  byId("basket-clear").addEventListener("click", () => {
    state.ticked.clear();
    tell("ticked");
  });
  on("selected", ({ from }) => showSelected(from));
  on("damage", showRow);
  on("ticked", () => {
    showRows();
    showBasket();
  });
  on("language", () => {
    showFilters();
    showRows();
    showCount();
    showBasket();
  });
}

function refresh() {
  tell("refresh");
  loadList();
}

function changeFilter(event) {
  state.filters[event.target.name] = event.target.value;
  state.selectedId = null;
  loadList();
}

export function showFilters() {
  const all = ["", t("filter.all")];
  const districts = (state.city?.districts ?? []).map((district) => [district.district_id, district.name]);
  const choices = {
    state: [all, ...STATES.map((name) => [name, stateName(name)])],
    damage_class: [all, ...CLASSES.map((name) => [name, className(name)])],
    district_id: [all, ...districts],
    order: [
      ["priority", t("filter.priority")],
      ["newest", t("filter.newest")],
    ],
  };
  for (const [name, options] of Object.entries(choices))
    fillSelect(byId("filters").elements[name], options, state.filters[name]);
}

/** Load the list for the filters; `more` appends the next page. */
export async function loadList({ more = false } = {}) {
  const load = ++newest;
  // Decided rows have left the server's list, so they do not count for the offset.
  const stayed = (item) => !item.review_id && (!state.filters.state || item.state === state.filters.state);
  const offset = more ? state.items.filter(stayed).length : 0;
  if (!more) showLoading();
  try {
    const [page, second] = await Promise.all([
      api.damages({ ...state.filters, limit: PAGE, offset }),
      more ? [] : secondLooks(),
    ]);
    if (load !== newest) return;
    const old = more ? state.items : second;
    const here = new Set(old.map((item) => item.damage_id));
    state.items = [...old, ...page.items.filter((item) => !here.has(item.damage_id))];
    state.total = page.total + (more ? old.length - offset : second.length);
    showLoaded({ more });
  } catch (error) {
    if (load === newest) showFault(error);
  }
}

/** Decided damages that this person judges a second time stand first, among what waits. */
async function secondLooks() {
  if (!canDecide() || state.filters.state !== "waiting") return [];
  const { damage_class, district_id } = state.filters;
  const fits = (item) =>
    (!damage_class || item.damage_class === damage_class) && (!district_id || item.district_id === district_id);
  return (await api.reviews()).items.filter(fits);
}

function showLoading() {
  writeAddress();
  byId("list-refresh").hidden = true;
  byId("damage-list").setAttribute("aria-busy", "true");
  byId("list-count").textContent = t("list.loading");
}

function showLoaded({ more }) {
  byId("damage-list").setAttribute("aria-busy", "false");
  const tickables = new Set(state.items.filter(tickable).map((item) => item.damage_id));
  state.ticked = new Set([...state.ticked].filter((id) => tickables.has(id)));
  showRows();
  showCount();
  showBasket();
  showEmpty();
  if (!more) select(state.selectedId ?? state.items[0]?.damage_id ?? null, { from: "load" });
  tell("list");
}

function showFault(error) {
  byId("damage-list").setAttribute("aria-busy", "false");
  byId("list-count").textContent = "";
  notice(byId("list-notice"), faultText(error), { text: t("action.retry"), run: () => loadList() });
}

/** Nothing to show: say why, and what to do about it. */
function showEmpty() {
  const box = byId("list-notice");
  box.hidden = state.items.length > 0;
  if (state.items.length) return;
  const showAll = { text: t("list.show_all"), run: showEverything };
  const { state: wanted, damage_class, district_id } = state.filters;
  if (damage_class || district_id)
    notice(box, t("list.empty_filtered"), { text: t("list.reset"), run: resetFilters });
  else if (wanted === "waiting") notice(box, t("list.empty_waiting"), showAll);
  else if (wanted) notice(box, t("list.empty_state", { state: stateName(wanted) }), showAll);
  else notice(box, t("list.empty_city"));
}

function resetFilters() {
  Object.assign(state.filters, { damage_class: "", district_id: "" });
  showFilters();
  loadList();
}

function showEverything() {
  state.filters.state = "";
  showFilters();
  loadList();
}

function showCount() {
  byId("list-count").textContent =
    state.items.length < state.total
      ? t("list.part", { shown: state.items.length, total: state.total })
      : count("list.count", state.total);
}

function showRows() {
  const rows = state.items.map((damage) => row(damage, toggleTick));
  if (state.items.length < state.total)
    rows.push(
      el(
        "li",
        { class: "rows__more" },
        button(t("action.more"), () => loadList({ more: true })),
      ),
    );
  byId("damage-list").replaceChildren(...rows);
  byId("tick-all").hidden = !canDecide() || !state.items.some(tickable);
}

export function toggleTick(id) {
  if (!state.items.some((item) => item.damage_id === id && tickable(item))) return;
  if (!state.ticked.delete(id)) state.ticked.add(id);
  tell("ticked");
}

function tickAll() {
  for (const item of state.items.filter(tickable)) state.ticked.add(item.damage_id);
  tell("ticked");
}

function showBasket() {
  byId("basket").hidden = state.ticked.size === 0;
  byId("basket-count").textContent = count("tick.count", state.ticked.size);
}

const rowOf = (id) => byId("damage-list").querySelector(`[data-damage="${id}"]`);

/** Draw one row again after a verdict; the focus stays where it was. */
function showRow(id) {
  const old = rowOf(id);
  const damage = state.items.find((item) => item.damage_id === id);
  if (!old || !damage) return;
  const focused = old.contains(document.activeElement);
  const fresh = row(damage, toggleTick);
  old.replaceWith(fresh);
  if (focused) fresh.querySelector("button").focus({ preventScroll: true });
  byId("tick-all").hidden = !canDecide() || !state.items.some(tickable);
  showBasket();
}

function showSelected(from) {
  const inList = byId("damage-list").contains(document.activeElement);
  for (const old of byId("damage-list").querySelectorAll("[aria-current]"))
    old.removeAttribute("aria-current");
  const open = rowOf(state.selectedId)?.querySelector(".row__open");
  if (!open) return;
  open.setAttribute("aria-current", "true");
  open.scrollIntoView({ block: "nearest" });
  if (from === "keys" && inList) open.focus({ preventScroll: true });
}

/** New sightings have arrived: offer a fresh list, never change it under the reader's hand. */
export function offerRefresh(n) {
  byId("list-refresh").textContent = count("list.new", n);
  byId("list-refresh").hidden = n <= 0;
}
