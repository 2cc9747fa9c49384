// One row of the trees: mark, name, where, how much water is left, how many litres, and by when.

import { el } from "./dom.js";
import { known, t } from "./i18n.js";
import { aiMark } from "./words.js";
import { treeMark } from "./trees_marks.js";
import { selectTree, trees } from "./trees_state.js";
import { dryBy, litres, percent, shortName, streetOf, treeName, treeNumber, urgencyBadge } from "./trees_words.js";

export function treeRow(tree) {
  const open = el(
    "button",
    { type: "button", class: "row__open", onclick: () => selectTree(tree.tree_id) },
    treeMark(tree.urgency, 26),
    el(
      "span",
      { class: "row__text" },
      el("span", { class: "row__name", title: treeName(tree) }, shortName(tree), " ", tree.ai_label ? aiMark(tree.ai_label) : null),
      urgencyBadge(tree.urgency),
      el("span", { class: "row__street" }, `${streetOf(tree)} · ${treeNumber(tree)}`),
      el("span", { class: "row__facts" }, facts(tree)),
    ),
  );
  if (tree.tree_id === trees.selectedId) open.setAttribute("aria-current", "true");
  return el("li", { class: "row", "data-tree": tree.tree_id }, open);
}

function facts(tree) {
  if (tree.status !== "standing") return known(`tree_status.${tree.status}`, tree.status);
  if (!tree.rew) return t("water.unknown");
  const parts = [`${percent(tree.rew.q50)} ${t("water.unit_short")}`];
  if (tree.litres_needed) parts.push(litres(tree.litres_needed));
  if (tree.urgency === "good") parts.push(dryBy(tree.dry_by));
  return parts.join(" · ");
}
