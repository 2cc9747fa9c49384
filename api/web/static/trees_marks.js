// One shape and one colour per urgency, the same in list, legend and on the map; told apart without colour.

import { svg } from "./dom.js";

const SIZE_PX = 24;

// paths in a box of 24 by 24
const SHAPES = {
  urgent: { outline: "M12 1.5 23 21.5H1Z", sign: "M12 8V14.5M12 17.6V18.4", filled: true },
  act: { outline: "M12 1.5 22.5 12 12 22.5 1.5 12Z", sign: "M7.5 12H16.5", filled: true },
  good: { outline: "M12 4A8 8 0 1 1 11.99 4Z", sign: "M8.6 12.2 11 14.6 15.4 9.8", filled: false },
  unknown: { outline: "M4 4H20V20H4Z", sign: "M9.5 9.5C9.5 7 14.5 7 14.5 9.7 14.5 11.6 12 11.6 12 13.6M12 16.4V17", filled: false },
};

export const isKnown = (urgency) => urgency in SHAPES;

const colourOf = (urgency) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--urgency-${urgency}`).trim();

function colours(urgency) {
  const colour = colourOf(urgency);
  return SHAPES[urgency].filled
    ? { fill: colour, edge: "#ffffff", sign: "#ffffff" }
    : { fill: "#ffffff", edge: colour, sign: colour };
}

/** The mark as a picture beside a text; it says nothing of its own. */
export function treeMark(urgency, size_px = 22) {
  const name = isKnown(urgency) ? urgency : "unknown";
  const { fill, edge, sign } = colours(name);
  return svg(
    "svg",
    { viewBox: "0 0 24 24", width: size_px, height: size_px, class: "mark", "aria-hidden": "true" },
    svg("path", { d: SHAPES[name].outline, fill, stroke: edge === "#ffffff" ? fill : edge, "stroke-width": 2 }),
    svg("path", { d: SHAPES[name].sign, fill: "none", stroke: sign, "stroke-width": 2.2, "stroke-linecap": "round" }),
  );
}

/** The mark as pixels for the map, at twice the size for sharp screens. */
export function treePixels(urgency) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE_PX * 2 + 4;
  const pen = canvas.getContext("2d");
  pen.translate(2, 2);
  pen.scale(2, 2);
  const { fill, edge, sign } = colours(urgency);
  draw(pen, SHAPES[urgency].outline, { fill, colour: edge, width: 2 });
  draw(pen, SHAPES[urgency].sign, { colour: sign, width: 2.2 });
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function draw(pen, path, { fill, colour, width }) {
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
