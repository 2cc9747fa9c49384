// The list of trees: filters, rows, and what to say when there is nothing to show.

import * as api from "./trees_api.js";
import { button, byId, el, fillSelect } from "./dom.js";
import { count, t } from "./i18n.js";
import { faultText, notice } from "./notice.js";
import { on, state, tell, writeAddress } from "./state.js";
import { treeRow } from "./trees_row.js";
import { clearFilters, isFiltered, selectTree, trees } from "./trees_state.js";
import { URGENCIES, urgencyName } from "./trees_words.js";

const PAGE = 200; // rows at once; the server's limit is 500
const SEARCH_AFTER_MS = 250; // a person types on
let newest = 0; // number of the latest load; older answers are dropped
let typing = null;

export function startTreeList() {
  byId("tree-filters").addEventListener("change", changeFilter);
  byId("tree-filters").addEventListener("submit", (event) => event.preventDefault());
  byId("tree-search").addEventListener("input", searchSoon);
  byId("tree-refresh").addEventListener("click", () => tell("trees changed"));
  on("tree selected", ({ from }) => showSelected(from));
  on("tree", showRow);
  on("language", () => {
    showTreeFilters();
    showRows();
    showCount();
  });
}

function changeFilter(event) {
  clearTimeout(typing);
  trees.filters[event.target.name] = event.target.value.trim();
  trees.selectedId = null;
  loadTrees();
}

function searchSoon(event) {
  clearTimeout(typing);
  typing = setTimeout(() => changeFilter(event), SEARCH_AFTER_MS);
}

export function showTreeFilters() {
  const all = ["", t("filter.all")];
  const districts = (state.city?.districts ?? []).map((district) => [district.district_id, district.name]);
  const fields = byId("tree-filters").elements;
  fillSelect(fields.urgency, [all, ...URGENCIES.map((name) => [name, urgencyName(name)])], trees.filters.urgency);
  fillSelect(fields.district_id, [all, ...districts], trees.filters.district_id);
  fillSelect(
    fields.order,
    [
      ["urgency", t("filter.priority")],
      ["number", t("filter.number")],
    ],
    trees.filters.order,
  );
  fields.genus.value = trees.filters.genus;
  fields.q.value = trees.filters.q;
}

/** Load the list for the filters; `more` appends the next page. */
export async function loadTrees({ more = false } = {}) {
  const load = ++newest;
  if (!more) showLoading();
  try {
    const offset = more ? trees.items.length : 0;
    const page = await api.trees({ ...trees.filters, limit: PAGE, offset });
    if (load !== newest) return;
    trees.items = more ? [...trees.items, ...page.items] : page.items;
    trees.total = page.total;
    showLoaded({ more });
  } catch (error) {
    if (load === newest) showFault(error);
  }
}

function showLoading() {
  writeAddress();
  byId("tree-list").setAttribute("aria-busy", "true");
  byId("tree-count").textContent = t("tree.loading");
}

function showLoaded({ more }) {
  byId("tree-list").setAttribute("aria-busy", "false");
  showRows();
  showCount();
  showEmpty();
  const genera = [...new Set(trees.items.map((tree) => tree.genus).filter(Boolean))].sort();
  if (!trees.filters.genus)
    byId("genera").replaceChildren(...genera.map((genus) => el("option", { value: genus })));
  if (!more) selectTree(trees.selectedId ?? trees.items[0]?.tree_id ?? null, { from: "load" });
  tell("tree list");
}

function showFault(error) {
  byId("tree-list").setAttribute("aria-busy", "false");
  byId("tree-count").textContent = "";
  notice(byId("tree-notice"), faultText(error), { text: t("action.retry"), run: () => loadTrees() });
}

/** Nothing to show: say why, and what to do about it. */
function showEmpty() {
  const box = byId("tree-notice");
  box.hidden = trees.items.length > 0;
  if (trees.items.length) return;
  if (!isFiltered()) return notice(box, t("tree.empty_city"));
  notice(box, t("tree.empty_filtered"), { text: t("tree.reset"), run: showEverything });
}

function showEverything() {
  clearFilters();
  showTreeFilters();
  loadTrees();
}

function showCount() {
  byId("tree-count").textContent =
    trees.items.length < trees.total
      ? t("tree.part", { shown: trees.items.length, total: trees.total })
      : count("tree.count", trees.total);
}

function showRows() {
  const rows = trees.items.map(treeRow);
  if (trees.items.length < trees.total) {
    const more = button(t("action.more"), () => loadTrees({ more: true }));
    rows.push(el("li", { class: "rows__more" }, more));
  }
  byId("tree-list").replaceChildren(...rows);
}

const rowOf = (id) => byId("tree-list").querySelector(`[data-tree="${CSS.escape(id)}"]`);

/** Draw the open tree's row again; the focus stays where it was. */
function showRow() {
  const old = rowOf(trees.selectedId ?? "");
  const tree = trees.items.find((item) => item.tree_id === trees.selectedId);
  if (!old || !tree) return;
  const focused = old.contains(document.activeElement);
  const fresh = treeRow(tree);
  old.replaceWith(fresh);
  if (focused) fresh.querySelector("button").focus({ preventScroll: true });
}

function showSelected(from) {
  const list = byId("tree-list");
  const inList = list.contains(document.activeElement);
  for (const old of list.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
  const open = rowOf(trees.selectedId ?? "")?.querySelector(".row__open");
  if (!open) return;
  open.setAttribute("aria-current", "true");
  open.scrollIntoView({ block: "nearest" });
  if (from === "keys" && inList) open.focus({ preventScroll: true });
}
