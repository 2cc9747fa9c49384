// The map's second look: streets by the age of their last assessment. What nobody looked at is named, never drawn as sound.

import * as api from "./api.js";
import { byId, el, svg } from "./dom.js";
import { count, t } from "./i18n.js";
import { announce, faultText, toast } from "./notice.js";
import { on } from "./state.js";

const LOOKS = {
  // colour, width in px, dashes in widths: told apart by the pattern alone
  recent: { colour: "#0b3c8c", width: 7, dash: null },
  older: { colour: "#2f74c0", width: 7, dash: [3.5, 0.8] },
  old: { colour: "#8a5a00", width: 7, dash: [1.4, 0.8] },
  partly: { colour: "#6d28d9", width: 4, dash: [4, 1, 0.8, 1] },
  unassessable: { colour: "#a3130e", width: 4, dash: [0.6, 0.6] },
  never: { colour: "#4c5469", width: 5, dash: [0.8, 2] },
};
const LOOKED = ["recent", "older", "old"];
const NO_DAMAGE = ["all", ["in", ["get", "state"], ["literal", LOOKED]], ["==", ["get", "open_damages"], 0]];
const BELOW = "street-name";
const LAYERS = [...Object.keys(LOOKS), "clear", "label"].map((name) => `assessed-${name}`);
let map = null;
let isOn = false;
let wasOpen = false; // the legend, before this layer opened it
let counts = null; // by state, as the city counts them
let version = Date.now();

export function startAssessed() {
  byId("assessed").addEventListener("click", toggle);
  on("toggle assessed", toggle);
  on("language", () => {
    showLegend();
    if (map?.getLayer("assessed-label")) map.setLayoutProperty("assessed-label", "text-field", label());
  });
  for (const topic of ["state changed", "refresh"]) on(topic, () => isOn && load());
}

/** The map is there; the layer may have been wanted before. */
export function drawAssessed(drawn) {
  map = drawn;
  showLayers();
}

async function toggle() {
  isOn = !isOn;
  byId("assessed").setAttribute("aria-pressed", String(isOn));
  byId("assessed-legend").hidden = !isOn;
  openLegend();
  showLayers();
  if (!isOn) return announce(t("assessed.hidden"));
  if (await load()) announce(summary());
}

/** A line needs its legend; on a phone it would hide the map, so there the reader opens it. */
function openLegend() {
  const legend = byId("legend");
  if (isOn) wasOpen = legend.open;
  legend.open = isOn ? wasOpen || matchMedia("(min-width: 56rem)").matches : wasOpen;
}

async function load() {
  version += 1;
  map?.getSource("assessments")?.setTiles([api.tilesAddress("assessments", version)]);
  try {
    counts = await api.assessments();
    showLegend();
  } catch (error) {
    toast(faultText(error), { fault: true });
  }
  return counts;
}

const segments = (states) => counts.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + row.segments, 0);

const summary = () => t("assessed.shown", { assessed: segments(LOOKED), unknown: segments(Object.keys(LOOKS)) - segments(LOOKED) });

function showLayers() {
  if (!map?.getLayer(BELOW)) return;
  if (isOn && !map.getSource("assessments")) addLayers();
  for (const id of LAYERS) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", isOn ? "visible" : "none");
}

function addLayers() {
  map.addSource("assessments", { type: "vector", tiles: [api.tilesAddress("assessments", version)], maxzoom: 16 });
  for (const [state, { colour, width, dash }] of Object.entries(LOOKS))
    line(state, ["==", ["get", "state"], state], { "line-color": colour, "line-width": scaled(width), ...(dash && { "line-dasharray": dash }) });
  line("clear", NO_DAMAGE, { "line-color": "#ffffff", "line-width": scaled(2.4) });
  const layout = { "symbol-placement": "line", "text-field": label(), "text-font": ["Fira Sans"], "text-size": 11, "text-offset": [0, 1.3] };
  const paint = { "text-color": "#131525", "text-halo-color": "#ffffff", "text-halo-width": 1.8 };
  map.addLayer({ id: "assessed-label", type: "symbol", ...FROM, minzoom: 13.5, layout, paint });
}

const FROM = { source: "assessments", "source-layer": "assessments" };

const line = (name, filter, paint) => map.addLayer({ id: `assessed-${name}`, type: "line", ...FROM, filter, paint }, BELOW);

const scaled = (width) => ["interpolate", ["linear"], ["zoom"], 11, width * 0.4, 14, width * 0.8, 18, width * 1.5];

/** What a street says of itself in words, so that no colour must be known. */
function label() {
  const [before, after] = t("assessed.label_days").split("{n}");
  const [damages, end] = t("assessed.label_damages").split("{n}");
  const days = ["case", ["==", ["get", "age_days"], 0], t("assessed.label_today"), ["concat", before, ["to-string", ["get", "age_days"]], after]];
  const found = ["case", ["==", ["get", "open_damages"], 0], t("assessed.label_clear"), ["concat", damages, ["to-string", ["get", "open_damages"]], end]];
  const texts = {
    never: t("assessed.label_never"),
    unassessable: t("assessed.label_unassessable"),
    partly: ["concat", t("assessed.label_partly"), ", ", days],
  };
  return ["match", ["get", "state"], ...Object.entries(texts).flat(), ["concat", days, " · ", found]];
}

function showLegend() {
  if (!counts) return;
  const rows = counts.map((row) => el("li", {}, sample(row.state), t(`assessed.${row.state}`), el("span", { class: "legend__count" }, count("assessed.segments", row.segments))));
  const clear = counts.filter((row) => LOOKED.includes(row.state)).reduce((sum, row) => sum + row.without_damage, 0);
  const double = el("li", {}, sample("recent", { double: true }), t("assessed.clear"), el("span", { class: "legend__count" }, count("assessed.segments", clear)));
  byId("assessed-legend").replaceChildren(
    el("h3", {}, t("assessed.legend")),
    segments(["never"]) === segments(Object.keys(LOOKS)) ? el("p", { class: "legend__empty" }, t("assessed.empty")) : "",
    el("ul", {}, ...rows, double),
    el("p", { class: "hint" }, t("assessed.note")),
  );
}

/** A piece of the line as the map draws it. */
function sample(state, { double = false } = {}) {
  const { colour, width, dash } = LOOKS[state];
  const path = { d: "M0 5H30", stroke: colour, "stroke-width": width, "stroke-dasharray": dash?.map((part) => part * width).join(" ") ?? null };
  const middle = double ? [svg("path", { d: "M0 5H30", stroke: "#ffffff", "stroke-width": 2.4 })] : [];
  return svg("svg", { class: "legend__line", width: 30, height: 10, viewBox: "0 0 30 10", "aria-hidden": "true" }, svg("path", path), ...middle);
}
