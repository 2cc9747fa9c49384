// The trees view from top to bottom: status, list, map and the open tree.

import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { announce, toast } from "./notice.js";
import { on, tell } from "./state.js";
import { startTreeDetail } from "./trees_detail.js";
import { startTreeLegend } from "./trees_legend.js";
import { loadTrees, showTreeFilters, startTreeList } from "./trees_list.js";
import { currentTree, keepInAddress, moveTree, trees } from "./trees_state.js";
import { loadStatus, startStatus } from "./trees_status.js";
import { treeName, urgencyName } from "./trees_words.js";

const MAP_RETRY_MS = 5_000;
let mapStarted = false;

export function startTrees() {
  keepInAddress();
  for (const begin of [startStatus, startTreeList, startTreeDetail, startTreeLegend]) begin();
  on("trees changed", () => {
    loadStatus();
    loadTrees();
  });
}

export async function openTrees() {
  showTreeFilters();
  tell("trees resize");
  await Promise.all([loadStatus(), loadTrees()]);
  if (!mapStarted) await openMap();
}

/** The map is large: list and curve do not wait for it, nor fail with it. */
async function openMap() {
  mapStarted = true;
  const map = await import("./trees_map.js").catch(() => null);
  byId("tree-map-error").hidden = map !== null;
  if (map) return map.startTreeMap();
  mapStarted = false;
  byId("tree-map-error").textContent = t("map.not_loaded");
  setTimeout(() => mapStarted || openMap(), MAP_RETRY_MS);
}

/** One row up or down; tells a listener where they are. */
export function walkTrees(step) {
  if (!moveTree(step)) return toast(t(step > 0 ? "list.end" : "list.start"));
  const tree = currentTree();
  const place = trees.items.findIndex((item) => item.tree_id === tree.tree_id) + 1;
  const where = { place, total: trees.total, name: treeName(tree), state: urgencyName(tree.urgency) };
  announce(t("list.at", where));
}
