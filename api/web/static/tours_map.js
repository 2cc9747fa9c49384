// The tours on the map: one line per vehicle, told apart by pattern too, and its stops by number.

import { baseMap } from "./base_map.js";
import { byId } from "./dom.js";
import { on } from "./state.js";

const LOOKS = [
  { colour: "#123a7a", dash: [1, 0] },
  { colour: "#b3300a", dash: [3, 1.5] },
  { colour: "#0b6b5d", dash: [1, 1.2] },
  { colour: "#6d28d9", dash: [6, 1.5, 1, 1.5] },
];
let map = null;
let shown = []; // tours
let drawn = 0; // how many tours have layers now

export function startToursMap(tours) {
  shown = tours;
  if (map) return draw();
  map = baseMap(byId("tours-map"), byId("tours-map-error"), "map.title_trees");
  if (!map) return;
  map.on("load", draw);
  on("language", draw);
}

const lookOf = (index) => LOOKS[index % LOOKS.length];

function draw() {
  if (!map?.isStyleLoaded() && !map?.getSource("districts")) return; // the map's own load event comes
  map.resize();
  clear();
  shown.forEach(addTour);
  drawn = shown.length;
  showAll();
}

function clear() {
  for (let index = 0; index < drawn; index += 1)
    for (const part of ["line", "stops", "numbers"]) {
      const id = `tour-${part}-${index}`;
      if (map.getLayer(id)) map.removeLayer(id);
      if (map.getSource(id)) map.removeSource(id);
    }
}

function addTour(tour, index) {
  const { colour, dash } = lookOf(index);
  const line = { type: "Feature", properties: {}, geometry: tour.line };
  layer(`tour-line-${index}`, tour.line ? [line] : [], "line", { "line-color": colour, "line-width": 4, "line-dasharray": dash });
  const stops = tour.stops.map(point);
  layer(`tour-stops-${index}`, stops, "circle", {
    "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 4, 15, 9],
    "circle-color": ["case", ["get", "done"], "#ffffff", colour],
    "circle-stroke-color": colour,
    "circle-stroke-width": 2,
  });
  const paint = { "text-color": ["case", ["get", "done"], colour, "#ffffff"] };
  const layout = { "text-field": ["get", "label"], "text-font": ["Fira Sans"], "text-size": 10 }; // numbers that would overlap wait for a closer look
  layer(`tour-numbers-${index}`, stops, "symbol", paint, layout);
}

function layer(id, features, type, paint, layout = {}) {
  map.addSource(id, { type: "geojson", data: { type: "FeatureCollection", features } });
  map.addLayer({ id, type, source: id, paint, layout });
}

const point = (stop) => ({
  type: "Feature",
  properties: { kind: stop.kind, done: Boolean(stop.report), label: stop.kind === "tree" ? String(stop.seq) : "" },
  geometry: { type: "Point", coordinates: [stop.lon, stop.lat] },
});

function showAll() {
  const places = shown.flatMap((tour) => tour.stops.map((stop) => [stop.lon, stop.lat]));
  if (!places.length) return;
  const longitudes = places.map(([longitude]) => longitude);
  const latitudes = places.map(([, latitude]) => latitude);
  const bounds = [
    [Math.min(...longitudes), Math.min(...latitudes)],
    [Math.max(...longitudes), Math.max(...latitudes)],
  ];
  map.fitBounds(bounds, { padding: 40, duration: 0, maxZoom: 17 });
}
