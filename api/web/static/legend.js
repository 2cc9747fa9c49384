// The legend: the same marks as on the map, in words.

import { byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { CLASSES, STATES, mark } from "./marks.js";
import { on } from "./state.js";
import { className, stateName } from "./words.js";

export function startLegend() {
  byId("legend").open = matchMedia("(min-width: 90rem)").matches; // on smaller screens it would hide damages
  on("language", showLegend);
  showLegend();
}

function showLegend() {
  const shapes = CLASSES.map((name) => entry(mark(name, "waiting", 18), className(name)));
  const colours = STATES.map((name) => entry(mark("D40", name, 18), stateName(name)));
  byId("legend-body").replaceChildren(
    el("h3", {}, t("map.legend_class")),
    el("ul", {}, ...shapes),
    el("h3", {}, t("map.legend_state")),
    el("ul", {}, ...colours),
    el("p", { class: "hint" }, t("map.legend_note")),
  );
}

const entry = (sign, text) => el("li", {}, sign, text);
