// The open tree: how dry, why, how many litres; its curve, its waterings and readings.

import { byId, el } from "./dom.js";
import { known, language, t } from "./i18n.js";
import { faultText, notice } from "./notice.js";
import { on } from "./state.js";
import { dateTime, number } from "./time.js";
import { aiLabel, aiMark } from "./words.js";
import { curve, curveKey } from "./trees_curve.js";
import { curveTable } from "./trees_curve_table.js";
import { facts } from "./trees_facts.js";
import { treeMark } from "./trees_marks.js";
import { currentTree, loadTree, trees } from "./trees_state.js";
import { wateringForm } from "./trees_watering.js";
import { whatIf, whatIfOf } from "./trees_what_if.js";
import {
  districtName,
  dryBy,
  flagText,
  litres,
  methodName,
  percent,
  streetOf,
  treeName,
  treeNumber,
  urgencyBadge,
  water,
} from "./trees_words.js";

export function startTreeDetail() {
  for (const topic of ["tree selected", "tree", "language"]) on(topic, show);
  on("tree failed", showFault);
}

function show() {
  const tree = currentTree();
  byId("tree-body").hidden = !tree;
  byId("tree-empty").hidden = Boolean(tree);
  if (!tree) return notice(byId("tree-empty"), trees.selectedId ? t("tree.loading") : t("tree.none_open"));
  byId("tree-body").replaceChildren(
    ...[
      head(tree),
      answer(tree),
      tree.curve ? why(tree) : null,
      tree.curve?.length ? curvePart(tree) : null,
      tree.curve && !tree.curve.length ? el("p", { class: "hint" }, t("tree.no_curve")) : null,
      tree.ai_label ? aiLabel(tree.ai_label) : null,
      facts(tree),
      ...(tree.curve ? histories(tree) : []),
    ].filter(Boolean),
  );
}

function showFault(error) {
  const gone = error.status === 404;
  byId("tree-body").hidden = true;
  const again = gone ? null : { text: t("action.retry"), run: loadTree };
  notice(byId("tree-empty"), gone ? t("tree.gone") : faultText(error), again);
}

function head(tree) {
  return el(
    "div",
    { class: "detail__head" },
    treeMark(tree.urgency, 32),
    el(
      "div",
      {},
      el("h2", { id: "tree-title", tabindex: "-1" }, treeName(tree), " ", tree.ai_label ? aiMark(tree.ai_label) : null),
      el("p", {}, `${streetOf(tree)}, ${districtName(tree.district)} · ${treeNumber(tree)}`),
    ),
    urgencyBadge(tree.urgency),
  );
}

/** The three figures of the morning: how much is left, by when it is dry, how many litres. */
function answer(tree) {
  const figures = [
    [t("tree.water"), water(tree.rew), t("water.unit")],
    [t("tree.dry_by"), dryBy(tree.dry_by), limits(tree) ? t("tree.below", { share: percent(limits(tree).act) }) : ""],
    [t("tree.litres"), litres(tree.litres_needed, tree.litres_interval), methodName(tree.method)],
  ];
  return el(
    "dl",
    { class: "answer" },
    figures.map(([name, value, note]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value), el("dd", { class: "hint" }, note)),
    ),
  );
}

/** The limits of the run that the page shows; null before the first run. */
const limits = (tree) => tree.thresholds ?? trees.status?.thresholds ?? null;

function why(tree) {
  const reasons = tree.why?.[language()] ?? [];
  return el(
    "section",
    { class: "why" },
    el("h3", {}, t("tree.why")),
    el("ul", {}, ...reasons.map((reason) => el("li", {}, reason))),
  );
}

function curvePart(tree) {
  const place = el("div", {});
  const secondOpinion = tree.method !== "model" && tree.curve.some((day) => day.rew_model != null);
  const draw = () => {
    const trial = whatIfOf(tree);
    const title = t("curve.title", { name: treeName(tree), water: water(tree.rew), dry: dryBy(tree.dry_by) });
    place.replaceChildren(
      curve(tree.curve, { limits: limits(tree), whatIf: trial, secondOpinion, title }),
      curveKey({ whatIf: Boolean(trial), secondOpinion }),
    );
  };
  draw();
  return el(
    "section",
    { class: "curve-part", "aria-label": t("curve.name") },
    el("h3", {}, t("curve.name")),
    place,
    el("p", { class: "hint" }, t("curve.source", { act: percent(limits(tree).act), urgent: percent(limits(tree).urgent) })),
    curveTable(tree.curve),
    whatIf(tree, draw),
  );
}

function histories(tree) {
  const given = tree.waterings ?? [];
  const measured = tree.readings ?? [];
  return [
    section(t("tree.waterings"), given.length ? given.map(watering) : [el("li", { class: "hint" }, t("tree.no_watering"))]),
    wateringForm(tree),
    section(t("tree.readings"), measured.length ? measured.map(reading) : [el("li", { class: "hint" }, t("tree.no_reading"))]),
  ];
}

const section = (title, entries) =>
  el("section", { class: "history" }, el("h3", {}, title), el("ul", {}, ...entries));

const watering = (one) =>
  el(
    "li",
    {},
    el("strong", {}, one.litres == null ? known(`outcome.${one.outcome.replaceAll(" ", "_")}`, one.outcome) : `${number(one.litres, 0)} L`),
    el("span", { class: "hint" }, ` ${dateTime(one.at)} · ${known(`by.${one.by_kind}`, one.by_kind)}`),
    flags(one.flags),
  );

function reading(one) {
  const depth = t("tree.depth", { depth: number(one.depth_cm, 0) });
  const value = one.tension_kpa != null ? `${number(one.tension_kpa, 0)} kPa` : `${percent(one.moisture_vol)} vol`;
  return el("li", {}, el("strong", {}, value), el("span", { class: "hint" }, ` ${depth} · ${dateTime(one.at)}`), flags(one.flags));
}

const flags = (names) => (names?.length ? el("span", { class: "flag" }, ` ⚠ ${flagText(names)}`) : null);
