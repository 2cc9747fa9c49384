// The keys of trees and plans; the table of keys.js shows and runs them.

import { byId } from "./dom.js";
import { tell } from "./state.js";
import { walkTrees } from "./trees.js";
import { approve, askRejection, undoInPlan } from "./plan_decision.js";
import { walkStops } from "./plan_table.js";

const focus = (id) => () => byId(id)?.focus();

export const TREE_KEYS = [
  { keys: ["j", "arrowdown"], shown: "J ↓", text: "keys.next_tree", run: () => walkTrees(1) },
  { keys: ["k", "arrowup"], shown: "K ↑", text: "keys.previous_tree", run: () => walkTrees(-1) },
  { keys: ["g"], shown: "G", text: "keys.what_if", run: focus("what-if-litres") },
  { keys: ["/", "s"], shown: "/", text: "keys.search", run: focus("tree-search") },
  { keys: ["m"], shown: "M", text: "keys.city", run: () => tell("show all trees") },
];

export const PLAN_KEYS = [
  { keys: ["j"], shown: "J", text: "keys.next_tree", run: () => walkStops(1) },
  { keys: ["k"], shown: "K", text: "keys.previous_tree", run: () => walkStops(-1) },
  { keys: ["b", "c"], shown: "B / C", text: "keys.approve", run: approve },
  { keys: ["n"], shown: "N", text: "keys.reject", run: askRejection },
  { keys: ["z"], shown: "Z", text: "keys.undo_plan", run: undoInPlan },
];
