// The trees on the map: shape and colour by urgency, a dot where a sensor sits, a ring around the open one.

import { tilesAddress } from "./api.js";
import { baseMap, corners } from "./base_map.js";
import { byId } from "./dom.js";
import { on, state } from "./state.js";
import { treePixels } from "./trees_marks.js";
import { currentTree, selectTree, trees } from "./trees_state.js";
import { URGENCIES } from "./trees_words.js";

const CLOSE_ZOOM = 17.5;
let map = null;
let version = Date.now(); // in the tile address, so that a new night run shows at once

export function startTreeMap() {
  map = baseMap(byId("tree-map"), byId("tree-map-error"), "map.title_trees");
  if (!map) return;
  map.on("load", addTrees);
  map.on("click", "trees", (event) => selectTree(String(event.features[0].properties.tree_id), { from: "map" }));
  for (const [what, cursor] of [
    ["mouseenter", "pointer"],
    ["mouseleave", ""],
  ])
    map.on(what, "trees", () => {
      map.getCanvas().style.cursor = cursor;
    });
  on("tree selected", ({ from }) => showSelected(from));
  on("tree", () => showSelected("detail"));
  on("tree list", showFilter);
  on("trees changed", fetchAgain);
  on("show all trees", () => map.fitBounds(corners(state.city.bounds), { padding: 30, duration: 250 }));
  on("trees resize", () => map.resize());
}

function addTrees() {
  for (const name of URGENCIES) map.addImage(`tree-${name}`, treePixels(name), { pixelRatio: 2 });
  map.addSource("trees", { type: "vector", tiles: [tilesAddress("trees", version)], maxzoom: 16 });
  map.addSource("open-tree", { type: "geojson", data: openTree() });
  const closer = (far, near) => ["interpolate", ["linear"], ["zoom"], 12, far, 18, near];
  map.addLayer({
    id: "trees",
    type: "symbol",
    source: "trees",
    "source-layer": "trees",
    layout: {
      "icon-image": ["concat", "tree-", ["coalesce", ["get", "urgency"], "unknown"]],
      "icon-size": closer(0.3, 0.9),
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "symbol-sort-key": ["match", ["get", "urgency"], "urgent", 3, "act", 2, "good", 1, 0],
    },
  });
  map.addLayer({
    id: "tree-sensors",
    type: "circle",
    source: "trees",
    "source-layer": "trees",
    minzoom: 13,
    filter: ["==", ["get", "has_sensor"], true],
    paint: {
      "circle-radius": closer(2, 4),
      "circle-translate": closer(["literal", [3, -3]], ["literal", [9, -9]]),
      "circle-color": "#131525",
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 1.5,
    },
  });
  map.addLayer({
    id: "open-tree",
    type: "circle",
    source: "open-tree",
    paint: {
      "circle-radius": closer(11, 19),
      "circle-color": "#ffd84d",
      "circle-opacity": 0.35,
      "circle-stroke-color": "#131525",
      "circle-stroke-width": 2.5,
    },
  });
  showFilter();
  showSelected("load");
}

function fetchAgain() {
  version += 1;
  map.getSource("trees")?.setTiles([tilesAddress("trees", version)]);
}

/** Trees of another urgency stay on the map, but step back. */
function showFilter() {
  if (!map.getLayer("trees")) return;
  const wanted = trees.filters.urgency;
  const opacity = wanted ? ["case", ["==", ["get", "urgency"], wanted], 1, 0.3] : 1;
  map.setPaintProperty("trees", "icon-opacity", opacity);
}

function openTree() {
  const tree = currentTree();
  const geometry = tree && { type: "Point", coordinates: [tree.longitude_deg, tree.latitude_deg] };
  const features = tree ? [{ type: "Feature", properties: {}, geometry }] : [];
  return { type: "FeatureCollection", features };
}

function showSelected(from) {
  map.getSource("open-tree")?.setData(openTree());
  const tree = currentTree();
  if (!tree || from === "map" || from === "load" || !map.getSource("open-tree")) return;
  const place = { center: [tree.longitude_deg, tree.latitude_deg], zoom: Math.max(map.getZoom(), CLOSE_ZOOM) };
  if (!map.getBounds().contains(place.center)) map.jumpTo(place);
  else if (from === "keys" || from === "list") map.easeTo({ ...place, duration: 250 });
}
