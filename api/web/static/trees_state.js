// What the trees view shows: filters, list, the open tree. Filters and tree can be shared by the address.

import * as api from "./trees_api.js";
import { on, state, tell, writeAddress } from "./state.js";

const FIRST = { urgency: "", district_id: "", genus: "", q: "", order: "urgency" };

export const trees = {
  filters: { ...FIRST },
  items: [],
  total: 0,
  selectedId: null,
  detail: null, // the open tree with its curve
  status: null, // last answer to /watering/status
};

export const isFiltered = () => ["urgency", "district_id", "genus", "q"].some((name) => trees.filters[name]);
export const clearFilters = () => Object.assign(trees.filters, FIRST);
export const selectedTree = () => trees.items.find((item) => item.tree_id === trees.selectedId) ?? null;
/** The open tree: the loaded one, else the row of the list. */
export const currentTree = () => trees.detail ?? selectedTree();

export function keepInAddress() {
  on("read address", read);
  on("write address", (query) => {
    if (state.view !== "trees") return;
    for (const [name, first] of Object.entries(FIRST))
      if (trees.filters[name] !== first) query.set(name, trees.filters[name]);
    if (trees.selectedId) query.set("tree", trees.selectedId);
  });
  read(new URLSearchParams(location.search));
}

function read(query) {
  if (query.get("view") !== "trees") return;
  for (const [name, first] of Object.entries(FIRST)) trees.filters[name] = query.get(name) ?? first;
  trees.selectedId = query.get("tree");
}

/** Open a tree (or none): show at once what the list knows, then load its curve. */
export async function selectTree(id, { from = "list" } = {}) {
  trees.selectedId = id;
  trees.detail = null;
  writeAddress();
  tell("tree selected", { from });
  if (id !== null) await loadTree();
}

/** Load the open tree; an answer that comes after the next choice is dropped. */
export async function loadTree() {
  const id = trees.selectedId;
  try {
    const detail = await api.tree(id);
    if (trees.selectedId !== id) return;
    trees.detail = detail;
    const index = trees.items.findIndex((item) => item.tree_id === id);
    if (index >= 0) trees.items[index] = { ...trees.items[index], ...detail };
    tell("tree");
  } catch (error) {
    if (trees.selectedId === id) tell("tree failed", error);
  }
}

/** Go `step` rows on from the open one; stays at the ends. Says whether there was one. */
export function moveTree(step) {
  const index = trees.items.indexOf(selectedTree());
  const target = trees.items[index < 0 ? 0 : index + step];
  if (target) selectTree(target.tree_id, { from: "keys" });
  return Boolean(target);
}
