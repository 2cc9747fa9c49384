// A map of the city's own tiles with streets and districts; damages, trees and tours are drawn upon it.

import * as maplibregl from "./vendor/maplibre-gl/maplibre-gl.mjs";
import { tilesAddress } from "./api.js";
import { showText } from "./dom.js";
import { language, t } from "./i18n.js";
import { ground, layers } from "./map_style.js";
import { on, state } from "./state.js";

const BASE = ["streets", "districts", "district-names"];

export const isBase = (layer) => BASE.includes(layer.source);

/** Draw the city into `container`, named by the text `title`; null, with the reason in `error`, where the browser cannot. */
export function baseMap(container, error, title) {
  let map;
  try {
    map = new maplibregl.Map(options(container, title));
  } catch (reason) {
    showText(error, t("map.no_webgl", { detail: reason.message }));
    return null;
  }
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
  const source = { compact: false, customAttribution: state.city.source };
  map.addControl(new maplibregl.AttributionControl(source), "bottom-right");
  map.on("load", () => addBase(map));
  map.on("idle", () => {
    container.dataset.idle = String(Math.round(performance.now()));
  });
  on("language", () => nameMap(map, title));
  return map;
}

/** West, south, east, north as MapLibre takes them. */
export const corners = ([west, south, east, north]) => [
  [west, south],
  [east, north],
];

function options(container, title) {
  return {
    container,
    style: { version: 8, sources: {}, layers: [ground] },
    bounds: corners(state.city.bounds),
    fitBoundsOptions: { padding: 30 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 20,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    locale: {
      "Map.Title": t(title),
      "NavigationControl.ZoomIn": t("map.zoom_in"),
      "NavigationControl.ZoomOut": t("map.zoom_out"),
    },
  };
}

function addBase(map) {
  map.addSource("streets", { type: "vector", tiles: [tilesAddress("streets", 1)], maxzoom: 16 });
  map.addSource("districts", { type: "vector", tiles: [tilesAddress("districts", 1)], maxzoom: 14 });
  const one = { type: "vector", tiles: [tilesAddress("districts", 1)], maxzoom: 7 };
  map.addSource("district-names", one); // a coarse tile holds each district once, so each has one name
  for (const layer of layers().filter(isBase)) map.addLayer(layer);
}

function nameMap(map, title) {
  map.getCanvas().setAttribute("aria-label", t(title));
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
