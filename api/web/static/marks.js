// One sign per damage class and one colour per state, the same in list, legend and on the map.

import { svg } from "./dom.js";

export const CLASSES = ["D40", "D20", "D10", "D00"];
export const STATES = ["waiting", "confirmed", "unsure", "ordered", "repaired", "dismissed"];
const CLOSED = ["repaired", "dismissed", "unsure"]; // drawn hollow: colour is never the only sign
const SIZE_PX = 24;

const SHAPES = {
  D00: { outline: "M12 1.500 22.500 12 12 22.500 1.500 12Z", sign: "M12.800 6 11.200 10 12.800 14 11.200 18" },
  D10: { outline: "M3 3H21V21H3Z", sign: "M5.500 11.200 9.500 12.800 14 11.200 18.500 12.800" },
  D20: { outline: "M6.500 2.500H17.500L22.500 12 17.500 21.500H6.500L1.500 12Z", sign: "M9 6.500V17.500M15 6.500V17.500M6 9.500H18M6 14.500H18" },
  D40: { outline: "M12 1.500A10.500 10.500 0 1 1 11.990 1.500Z", sign: "M7 12.500C7 9.500 10 8 12.500 8.500 15.500 9 17.500 10.500 17 13 16.500 15.500 14 16.500 11.500 16 9 16 7 15 7 12.500Z" },
};

const colourOf = (state) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--state-${state}`).trim();

function colours(state) {
  const colour = colourOf(state);
  return CLOSED.includes(state)
    ? { fill: "#ffffff", edge: colour, sign: colour }
    : { fill: colour, edge: "#ffffff", sign: "#ffffff" };
}

/** The mark as a picture beside a text; it says nothing of its own. */
export function mark(damageClass, state, size_px = 22) {
  const { fill, edge, sign } = colours(state);
  const shape = SHAPES[damageClass];
  return svg("svg", { viewBox: "0 0 24 24", width: size_px, height: size_px, class: "mark", "aria-hidden": "true" },
    svg("path", { d: shape.outline, fill, stroke: edge === "#ffffff" ? fill : edge, "stroke-width": 2 }),
    svg("path", { d: shape.sign, fill: damageClass === "D40" ? sign : "none", stroke: sign, "stroke-width": 1.8, "stroke-linecap": "round" }));
}

/** The mark as pixels for the map, at twice the size for sharp screens. */
export function markPixels(damageClass, state) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE_PX * 2 + 4;
  const pen = canvas.getContext("2d");
  pen.translate(2, 2);
  pen.scale(2, 2);
  const { fill, edge, sign } = colours(state);
  stroke(pen, SHAPES[damageClass].outline, { fill, colour: edge, width: 2 });
  stroke(pen, SHAPES[damageClass].sign, { fill: damageClass === "D40" ? sign : null, colour: sign, width: 1.8 });
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function stroke(pen, path, { fill, colour, width }) {
  const line = new Path2D(path);
  pen.lineWidth = width;
  pen.lineCap = "round";
  pen.strokeStyle = colour;
  if (fill) {
    pen.fillStyle = fill;
    pen.fill(line);
  }
  pen.stroke(line);
}
