// The map: streets and districts as base, damages as marks, all from the city's own tiles.

import { tilesAddress } from "./api.js";
import { drawAssessed } from "./assessed.js";
import { baseMap, corners, isBase } from "./base_map.js";
import { byId } from "./dom.js";
import { ellipsePolygon } from "./ellipse.js";
import { CLASSES, STATES, markPixels } from "./marks.js";
import { layers } from "./map_style.js";
import { select } from "./selection.js";
import { current, on, state } from "./state.js";

const CLOSE_ZOOM = 17.5; // the street and its neighbours, so that a reviewer knows where it is
let map = null;
let version = Date.now(); // in the tile address, so that a verdict shows at once

export function startMap() {
  map = baseMap(byId("map"), byId("map-error"), "map.title");
  if (!map) return;
  map.on("load", addLayers);
  map.on("click", "damages", (event) => select(event.features[0].properties.damage_id, { from: "map" }));
  map.on("mouseenter", "damages", () => {
    map.getCanvas().style.cursor = "pointer";
  });
  map.on("mouseleave", "damages", () => {
    map.getCanvas().style.cursor = "";
  });
  on("selected", ({ from }) => showSelected(from));
  on("detail", () => showSelected("detail"));
  on("state changed", refreshDamages);
  on("refresh", refreshDamages);
  on("list", showFilter);
  on("show city", () => map.fitBounds(corners(state.city.bounds), { padding: 30, duration: 250 }));
  on("resize", () => map.resize());
  on("ticked", showMarks);
}

function addLayers() {
  for (const damageClass of CLASSES)
    for (const name of STATES)
      map.addImage(`${damageClass}-${name}`, markPixels(damageClass, name), { pixelRatio: 2 });
  map.addSource("damages", { type: "vector", tiles: [tilesAddress("damages", version)], maxzoom: 16 });
  map.addSource("marks", { type: "geojson", data: marks() });
  for (const layer of layers().filter((one) => !isBase(one))) map.addLayer(layer);
  drawAssessed(map);
  showFilter();
  showSelected("load");
}

/** A verdict changed a damage, or a new list came: fetch the tiles again. */
function refreshDamages() {
  if (!map.getSource("damages")) return;
  version += 1;
  map.getSource("damages").setTiles([tilesAddress("damages", version)]);
  showMarks();
}

/** Damages outside the filter stay on the map, but step back. */
function showFilter() {
  if (!map.getLayer("damages")) return;
  const wanted = ["state", "damage_class"]
    .filter((name) => state.filters[name])
    .map((name) => ["==", ["get", name], state.filters[name]]);
  map.setPaintProperty("damages", "icon-opacity", wanted.length ? ["case", ["all", ...wanted], 1, 0.35] : 1);
}

/** The open damage and the ticked ones, as rings around their marks. */
function marks() {
  const open = current();
  const ticked = state.items.filter((item) => state.ticked.has(item.damage_id));
  const features = [...ticked.map((item) => point(item, "ticked")), ...(open ? [point(open, "open"), ...outline(open)] : [])];
  return { type: "FeatureCollection", features };
}

const point = (damage, kind) => ({
  type: "Feature",
  properties: { kind, icon: `${damage.damage_class}-${damage.state}` },
  geometry: { type: "Point", coordinates: [damage.longitude_deg, damage.latitude_deg] },
});

/** Where the open damage lies in nine of ten cases. */
function outline(damage) {
  const geometry = ellipsePolygon(damage);
  return geometry ? [{ type: "Feature", properties: { kind: "ellipse" }, geometry }] : [];
}

const showMarks = () => map.getSource("marks")?.setData(marks());

function showSelected(from) {
  showMarks();
  const open = current();
  if (!open || from === "map" || !map.getSource("marks")) return;
  const place = {
    center: [open.longitude_deg, open.latitude_deg],
    zoom: Math.max(map.getZoom(), CLOSE_ZOOM),
  };
  const far = !map.getBounds().contains(place.center) || map.getZoom() < CLOSE_ZOOM - 1;
  if (from === "load" || far) map.jumpTo(place);
  else if (from !== "detail") map.easeTo({ ...place, duration: 250 });
}
