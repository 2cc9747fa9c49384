// How the map is drawn. No glyph server: MapLibre draws the letters with the page's own font.

const FONT = ["Fira Sans"];
const BIG = ["main", "primary", "secondary", "trunk", "tertiary", "arterial"];
const wide = (big, small) => ["match", ["get", "road_class"], BIG, big, small];
const width = (big, small) => [
  "interpolate",
  ["exponential", 1.6],
  ["zoom"],
  11,
  wide(big / 12, small / 14),
  19,
  wide(big, small),
];

export const ground = { id: "ground", type: "background", paint: { "background-color": "#f3f2ee" } };

/** All layers above the ground, from below to above. */
export const layers = () => [
  {
    id: "district-fill",
    type: "fill",
    source: "districts",
    "source-layer": "districts",
    paint: { "fill-color": "#ffffff", "fill-opacity": 0.55 },
  },
  {
    id: "district-line",
    type: "line",
    source: "districts",
    "source-layer": "districts",
    paint: { "line-color": "#8a93a6", "line-width": 1.2, "line-dasharray": [4, 3] },
  },
  street("street-edge", { "line-color": "#b9bfca", "line-width": width(48, 34) }),
  street("street", { "line-color": "#ffffff", "line-width": width(42, 29) }),
  {
    id: "street-name",
    type: "symbol",
    source: "streets",
    "source-layer": "streets",
    minzoom: 13.5,
    layout: {
      "symbol-placement": "line",
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["zoom"], 13, 10, 18, 14],
      "text-max-angle": 35,
      "symbol-spacing": 320,
      "text-padding": 4,
    },
    paint: { "text-color": "#3b4252", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
  },
  {
    id: "district-name",
    type: "symbol",
    source: "district-names",
    "source-layer": "districts",
    maxzoom: 14.5,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": 12,
      "text-letter-spacing": 0.06,
    },
    paint: { "text-color": "#525c70", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
  },
  {
    id: "ellipse-fill",
    type: "fill",
    source: "marks",
    filter: ["==", ["get", "kind"], "ellipse"],
    paint: { "fill-color": "#123a7a", "fill-opacity": 0.14 },
  },
  {
    id: "ellipse-line",
    type: "line",
    source: "marks",
    filter: ["==", ["get", "kind"], "ellipse"],
    paint: { "line-color": "#123a7a", "line-width": 1.8, "line-dasharray": [3, 2] },
  },
  {
    id: "mark-ring",
    type: "circle",
    source: "marks",
    filter: ["==", ["get", "kind"], "ticked"],
    paint: {
      "circle-radius": 15,
      "circle-color": "rgba(0,0,0,0)",
      "circle-stroke-color": "#123a7a",
      "circle-stroke-width": 2.5,
    },
  },
  {
    id: "damages",
    type: "symbol",
    source: "damages",
    "source-layer": "damages",
    layout: {
      "icon-image": ["concat", ["get", "damage_class"], "-", ["get", "state"]],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.45, 15, 0.8, 18, 1],
      "icon-allow-overlap": true,
      "symbol-sort-key": ["get", "confidence"],
    },
  },
  {
    id: "open-halo",
    type: "circle",
    source: "marks",
    filter: ["==", ["get", "kind"], "open"],
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 13, 17, 20],
      "circle-color": "#ffd84d",
      "circle-opacity": 0.45,
      "circle-stroke-color": "#131525",
      "circle-stroke-width": 2.5,
    },
  },
  {
    id: "open-mark",
    type: "symbol",
    source: "marks",
    filter: ["==", ["get", "kind"], "open"],
    layout: {
      "icon-image": ["get", "icon"],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.7, 17, 1.1],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
    },
  },
];

function street(id, paint) {
  return {
    id,
    type: "line",
    source: "streets",
    "source-layer": "streets",
    layout: { "line-cap": "round", "line-join": "round" },
    paint,
  };
}
