// What would N litres change? A slider, two curves, and the two days on which the tree would be dry.

import * as api from "./trees_api.js";
import { el, showText } from "./dom.js";
import { t } from "./i18n.js";
import { faultText } from "./notice.js";
import { number } from "./time.js";
import { dryBy } from "./trees_words.js";

const ASK_AFTER_MS = 120; // the slider still moves
const MOST_L = 400;
const STEP_L = 10;
let asked = 0; // number of the latest question; older answers are dropped
let kept = { tree_id: null, litres: 0, answer: null }; // survives a redraw, e.g. in another language

export const whatIfOf = (tree) => (kept.tree_id === tree.tree_id ? kept.answer : null);

/** Build the slider; `draw` runs when another answer is there. */
export function whatIf(tree, draw) {
  if (kept.tree_id !== tree.tree_id) kept = { tree_id: tree.tree_id, litres: 0, answer: null };
  const output = el("output", { for: "what-if-litres" }, litresText());
  const text = el("p", { class: "what-if__answer", role: "status" });
  const slider = el("input", {
    id: "what-if-litres",
    type: "range",
    min: 0,
    max: MOST_L,
    step: STEP_L,
    value: kept.litres,
    "aria-describedby": "what-if-hint",
  });
  let waiting = null;
  slider.addEventListener("input", () => {
    kept.litres = Number(slider.value);
    output.textContent = litresText();
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(tree, text, draw), ASK_AFTER_MS);
  });
  showText(text, kept.answer ? inWords(kept.answer) : "");
  return el(
    "section",
    { class: "what-if" },
    el("h3", {}, el("label", { for: "what-if-litres" }, t("what_if.title")), " ", el("kbd", {}, "G")),
    el("div", { class: "what-if__slider" }, slider, output),
    text,
    el("p", { class: "hint", id: "what-if-hint" }, t("what_if.hint")),
  );
}

const litresText = () => t("what_if.litres", { litres: kept.litres });

async function ask(tree, text, draw) {
  const question = ++asked;
  try {
    const answer = kept.litres ? await api.whatIf(tree.tree_id, kept.litres) : null;
    if (question !== asked || kept.tree_id !== tree.tree_id) return;
    kept.answer = answer;
    showText(text, answer ? inWords(answer) : "");
    draw();
  } catch (error) {
    if (question === asked) showText(text, faultText(error));
  }
}

const inWords = (answer) =>
  t("what_if.answer", {
    litres: answer.litres,
    without: dry(answer.dry_by_without),
    with_water: dry(answer.dry_by_with),
  }) + drained(answer);

/** Water that runs through below the roots helps nobody. */
const drained = (answer) =>
  answer.drained_litres >= 1 ? ` ${t("what_if.drained", { litres: number(answer.drained_litres, 0) })}` : "";

/** One day or an interval of days, as the city sends it. */
const dry = (by) => dryBy(typeof by === "string" ? { earliest: by, likely: by, latest: by } : by);
