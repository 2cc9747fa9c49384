// The map: streets and districts as base, damages as marks, all from the city's own tiles.

import * as maplibregl from "./vendor/maplibre-gl/maplibre-gl.mjs";
import { tilesAddress } from "./api.js";
import { byId } from "./dom.js";
import { language, t } from "./i18n.js";
import { CLASSES, STATES, markPixels } from "./marks.js";
import { ground, layers } from "./map_style.js";
import { select } from "./selection.js";
import { current, on, state } from "./state.js";

const CLOSE_ZOOM = 17.5; // the street and its neighbours, so that a reviewer knows where it is
let map = null;
let version = Date.now(); // in the tile address, so that a verdict shows at once

export function startMap() {
  try {
    map = new maplibregl.Map(options());
  } catch (error) {
    byId("map-error").textContent = t("map.no_webgl", { detail: error.message });
    byId("map-error").hidden = false;
    return;
  }
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
  const source = { compact: false, customAttribution: state.city.source };
  map.addControl(new maplibregl.AttributionControl(source), "bottom-right");
  map.on("load", addLayers);
  map.on("idle", () => {
    byId("map").dataset.idle = String(Math.round(performance.now()));
  });
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
  on("show city", showCity);
  on("resize", () => map.resize());
  on("ticked", showMarks);
  on("language", nameMap);
}

function options() {
  const [west, south, east, north] = state.city.bounds;
  return {
    container: "map",
    style: { version: 8, sources: {}, layers: [ground] },
    bounds: [
      [west, south],
      [east, north],
    ],
    fitBoundsOptions: { padding: 30 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 20,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    locale: mapWords(),
  };
}

const mapWords = () => ({
  "Map.Title": t("map.title"),
  "NavigationControl.ZoomIn": t("map.zoom_in"),
  "NavigationControl.ZoomOut": t("map.zoom_out"),
});

function nameMap() {
  map.getCanvas().setAttribute("aria-label", t("map.title"));
  for (const [name, key] of [
    ["zoom-in", "map.zoom_in"],
    ["zoom-out", "map.zoom_out"],
  ]) {
    const button = map.getContainer().querySelector(`.maplibregl-ctrl-${name}`);
    button.title = t(key);
    button.setAttribute("aria-label", t(key));
  }
  map.getContainer().lang = language();
}

function addLayers() {
  for (const damageClass of CLASSES)
    for (const name of STATES)
      map.addImage(`${damageClass}-${name}`, markPixels(damageClass, name), { pixelRatio: 2 });
  map.addSource("streets", { type: "vector", tiles: [tilesAddress("streets", 1)], maxzoom: 16 });
  map.addSource("districts", { type: "vector", tiles: [tilesAddress("districts", 1)], maxzoom: 14 });
  const one = { type: "vector", tiles: [tilesAddress("districts", 1)], maxzoom: 7 };
  map.addSource("district-names", one); // a coarse tile holds each district once, so each has one name
  map.addSource("damages", { type: "vector", tiles: [tilesAddress("damages", version)], maxzoom: 16 });
  map.addSource("marks", { type: "geojson", data: marks() });
  for (const layer of layers()) map.addLayer(layer);
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
  const features = [...ticked.map((item) => point(item, "ticked")), ...(open ? [point(open, "open")] : [])];
  return { type: "FeatureCollection", features };
}

const point = (damage, kind) => ({
  type: "Feature",
  properties: { kind, icon: `${damage.damage_class}-${damage.state}` },
  geometry: { type: "Point", coordinates: [damage.longitude_deg, damage.latitude_deg] },
});

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

/** Show the whole city again. */
function showCity() {
  const [west, south, east, north] = state.city.bounds;
  map.fitBounds(
    [
      [west, south],
      [east, north],
    ],
    { padding: 30, duration: 250 },
  );
}
