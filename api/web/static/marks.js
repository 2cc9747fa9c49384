// One sign per damage class and one colour per state, the same in list, legend and on the map.

import { svg } from "./dom.js";

export const CLASSES = ["D40", "D20", "D10", "D00"];
export const STATES = ["waiting", "confirmed", "unsure", "ordered", "repaired", "dismissed"];
const CLOSED = ["repaired", "dismissed", "unsure"]; // drawn hollow: colour is never the only sign
const SIZE_PX = 24;

// paths in a box of 24 by 24: the outline tells the class, the sign inside draws it
const SHAPES = {
  D00: {
    outline: "M12 1.5 22.5 12 12 22.5 1.5 12Z",
    sign: "M12.8 6 11.2 10 12.8 14 11.2 18",
  },
  D10: {
    outline: "M3 3H21V21H3Z",
    sign: "M5.5 11.2 9.5 12.8 14 11.2 18.5 12.8",
  },
  D20: {
    outline: "M6.5 2.5H17.5L22.5 12 17.5 21.5H6.5L1.5 12Z",
    sign: "M9 6.5V17.5M15 6.5V17.5M6 9.5H18M6 14.5H18",
  },
  D40: {
    outline: "M12 1.5A10.5 10.5 0 1 1 11.99 1.5Z",
    sign: "M7 12.5C7 9.5 10 8 12.5 8.5 15.5 9 17.5 10.5 17 13 16.5 15.5 14 16.5 11.5 16 9 16 7 15 7 12.5Z",
  },
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
  return svg(
    "svg",
    { viewBox: "0 0 24 24", width: size_px, height: size_px, class: "mark", "aria-hidden": "true" },
    svg("path", { d: shape.outline, fill, stroke: edge === "#ffffff" ? fill : edge, "stroke-width": 2 }),
    svg("path", {
      d: shape.sign,
      fill: damageClass === "D40" ? sign : "none",
      stroke: sign,
      "stroke-width": 1.8,
      "stroke-linecap": "round",
    }),
  );
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
  stroke(pen, SHAPES[damageClass].sign, {
    fill: damageClass === "D40" ? sign : null,
    colour: sign,
    width: 1.8,
  });
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
