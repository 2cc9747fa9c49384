// The legend of the tree map: the same marks as on the map, in words, with the limits they stand for.

import { byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { on } from "./state.js";
import { treeMark } from "./trees_marks.js";
import { URGENCIES, urgencyName } from "./trees_words.js";

export function startTreeLegend() {
  byId("tree-legend").open = matchMedia("(min-width: 90rem)").matches;
  on("language", show);
  show();
}

function show() {
  const entries = URGENCIES.map((name) => el("li", {}, treeMark(name, 18), urgencyName(name)));
  byId("tree-legend-body").replaceChildren(
    el("ul", {}, ...entries, el("li", {}, el("span", { class: "sensor-dot" }), t("tree.has_sensor"))),
    el("p", { class: "hint" }, t("tree.legend_note")),
  );
}
