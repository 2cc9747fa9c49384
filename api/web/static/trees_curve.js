// The curve of a tree: water its roots can take, day by day, with interval, waterings, rain and what-if.

import { el, svg } from "./dom.js";
import { t } from "./i18n.js";
import { number } from "./time.js";
import { percent, shortDay } from "./trees_words.js";

const WIDTH = 500;
const LEFT = 40;
const RIGHT = 8;
const WATER = { top: 26, height: 160 };
const RAIN = { top: 202, height: 44 };
const HEIGHT = 270;
const LEAST_RAIN_MM = 10; // the rain scale never blows up a drizzle
const EVERY_DAYS = 7; // one date below the curve each week

/** Days as drawn: `limits` are shares {act, urgent}; `whatIf` is the answer of the city or null. */
export function curve(days, { limits, whatIf = null, secondOpinion = false, title }) {
  const scale = scaleOf(days);
  const past = days.filter((day) => !day.forecast).length; // values are those of a day's end
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "curve", role: "img", "aria-label": title },
    ...ground(scale, past),
    ...grid(scale),
    ...limitLines(limits),
    ...band(scale, days),
    line(scale, days, (day) => day.rew_balance, "curve__balance"),
    line(scale, days, (day) => (secondOpinion ? day.rew_model : null), "curve__second"),
    line(scale, days, (day) => day.q50, "curve__model"),
    ...(whatIf ? [line(scale, aligned(days, whatIf), (day) => day?.rew_with, "curve__with")] : []),
    ...rain(scale, days),
    ...waterings(scale, days),
    ...todayLine(scale, past),
    ...dates(scale, days),
  );
}

function scaleOf(days) {
  const step = (WIDTH - LEFT - RIGHT) / Math.max(days.length, 1);
  const most_mm = Math.max(LEAST_RAIN_MM, ...days.map((day) => day.rain_mm ?? 0));
  return {
    step,
    most_mm,
    x: (index) => LEFT + (index + 0.5) * step,
    y: (share) => waterY(share),
    rain: (mm) => (mm / most_mm) * RAIN.height,
  };
}

const waterY = (share) => WATER.top + (1 - Math.min(Math.max(share, 0), 1)) * WATER.height;
const text = (words, place, look = "") =>
  svg("text", { ...place, class: `curve__text ${look}`.trim() }, words);

/** The days to come stand on another ground than what has been. */
function ground(scale, past) {
  const from = LEFT + past * scale.step;
  const whole = { y: WATER.top, height: RAIN.top + RAIN.height - WATER.top };
  return [
    svg("rect", { x: LEFT, width: WIDTH - LEFT - RIGHT, ...whole, class: "curve__ground" }),
    svg("rect", { x: from, width: Math.max(WIDTH - RIGHT - from, 0), ...whole, class: "curve__forecast" }),
  ];
}

function grid(scale) {
  return [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((share) => [
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: scale.y(share), y2: scale.y(share), class: "curve__grid" }),
    text(percent(share), { x: LEFT - 4, y: scale.y(share) + 4, "text-anchor": "end" }),
  ]);
}

function limitLines(limits) {
  return ["act", "urgent"].flatMap((name) => [
    svg("line", {
      x1: LEFT,
      x2: WIDTH - RIGHT,
      y1: waterY(limits[name]),
      y2: waterY(limits[name]),
      class: `curve__limit curve__limit--${name}`,
    }),
    text(t(`curve.limit_${name}`), { x: LEFT + 4, y: waterY(limits[name]) + (name === "act" ? -3 : 11) }, `curve__text--${name}`),
  ]);
}

function band(scale, days) {
  const known = days.map((day, index) => ({ ...day, index })).filter((day) => day.q10 != null && day.q90 != null);
  if (known.length < 2) return [];
  const upper = known.map((day) => `${scale.x(day.index)},${scale.y(day.q90)}`);
  const lower = known.map((day) => `${scale.x(day.index)},${scale.y(day.q10)}`).reverse();
  return [svg("polygon", { points: [...upper, ...lower].join(" "), class: "curve__band" })];
}

/** A line through the known days; a gap stays a gap. */
function line(scale, days, valueOf, look) {
  let pen = "M";
  const steps = [];
  for (const [index, day] of days.entries()) {
    const value = valueOf(day);
    if (value == null) pen = "M";
    else {
      steps.push(`${pen}${scale.x(index).toFixed(1)} ${scale.y(value).toFixed(1)}`);
      pen = "L";
    }
  }
  return svg("path", { d: steps.join(""), class: look });
}

const aligned = (days, whatIf) => {
  const byDay = new Map(whatIf.days.map((day) => [day.day, day]));
  return days.map((day) => byDay.get(day.day));
};

function rain(scale, days) {
  const bottom = RAIN.top + RAIN.height;
  const bars = days.flatMap((day, index) => {
    if (!day.rain_mm) return [];
    const height = Math.max(scale.rain(day.rain_mm), 1);
    const width = scale.step * 0.7;
    return [svg("rect", { x: scale.x(index) - width / 2, width, y: bottom - height, height, class: "curve__rain" })];
  });
  const most = t("curve.rain_scale", { mm: number(scale.most_mm, 0) });
  return [...bars, text(most, { x: LEFT - 4, y: RAIN.top + 9, "text-anchor": "end" })];
}

function waterings(scale, days) {
  return days.flatMap((day, index) => {
    if (!day.watered_l) return [];
    const x = scale.x(index);
    return [
      svg("line", { x1: x, x2: x, y1: WATER.top, y2: WATER.top + WATER.height, class: "curve__watering" }),
      svg("path", { d: `M${x} ${WATER.top - 9}l4 6a5 5 0 1 1-8 0z`, class: "curve__drop" }),
      text(`${number(day.watered_l, 0)} L`, { x, y: WATER.top - 13, "text-anchor": "middle" }),
    ];
  });
}

/** This morning stands between the last day's end and the coming one's. */
function todayLine(scale, past) {
  const x = LEFT + past * scale.step;
  return [
    svg("line", { x1: x, x2: x, y1: WATER.top, y2: RAIN.top + RAIN.height, class: "curve__today" }),
    text(t("curve.today"), { x: x + 3, y: WATER.top + 11 }, "curve__text--today"),
  ];
}

const dates = (scale, days) =>
  days.flatMap((day, index) =>
    index % EVERY_DAYS
      ? []
      : [text(shortDay(day.day), { x: scale.x(index), y: HEIGHT - 8, "text-anchor": index ? "middle" : "start" })],
  );

/** The key below the curve; lines differ by pattern, not by colour alone. */
export function curveKey({ whatIf = false, secondOpinion = false } = {}) {
  const looks = ["model", "band", "balance", "watering", "rain"];
  if (secondOpinion) looks.push("second");
  if (whatIf) looks.push("with");
  return el("ul", { class: "curve-key" }, ...looks.map((name) => el("li", {}, sample(name), t(`curve.${name}`))));
}

function sample(name) {
  const box = { width: 22, height: 12, "aria-hidden": "true" };
  if (name === "band" || name === "rain")
    return svg("svg", box, svg("rect", { width: 22, height: 12, class: `curve__${name}` }));
  const stroke = { x1: 0, x2: 22, y1: 6, y2: 6, class: `curve__${name}` };
  return svg("svg", box, svg("line", stroke));
}
