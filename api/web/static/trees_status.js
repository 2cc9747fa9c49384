// The strip above the trees: where the weather comes from and how old it is, the night run, what the figures are.

import * as api from "./trees_api.js";
import { el } from "./dom.js";
import { count, known, language, t } from "./i18n.js";
import { faultText } from "./notice.js";
import { on } from "./state.js";
import { dateTime, day, number } from "./time.js";
import { trees } from "./trees_state.js";
import { methodName } from "./trees_words.js";

export function startStatus() {
  on("language", show);
}

export async function loadStatus() {
  try {
    trees.status = await api.status();
    show();
  } catch (error) {
    for (const strip of strips()) strip.replaceChildren(el("p", {}, faultText(error)));
  }
}

/** The strip stands above trees and plans alike; nothing is shown before the first answer. */
function show() {
  const status = trees.status;
  if (!status) return;
  for (const strip of strips()) strip.replaceChildren(...parts(status));
}

const strips = () => document.querySelectorAll(".water-status");

function parts(status) {
  return [
    el("strong", { class: "water-status__label" }, label(status)),
    el("span", {}, t("water.not_measured")),
    weather(status.weather),
    nightRun(status.night_run),
    status.simulated ? el("span", { class: "ai-label__simulated" }, t("ai.simulated")) : "",
  ];
}

/** A model that never saw a sensor of this city says so wherever its figures stand. */
const label = ({ model, [`label_${language()}`]: general }) =>
  model?.[`label_${language()}`] ?? general ?? t("water.label");

function weather(found) {
  if (!found) return fact(t("weather.title"), t("weather.none"), "rule");
  const parts = [known(`weather_source.${found.source}`, found.source), t("weather.until", { day: found.observed_until ? day(found.observed_until) : "–" })];
  if (found.forecast_issued_at) parts.push(t("weather.forecast", { day: day(found.forecast_issued_at.slice(0, 10)) }));
  if (found.age_h != null) parts.push(t("weather.age", { hours: number(found.age_h, 0) }));
  if (found.radiation_estimated_days) parts.push(count("weather.radiation", found.radiation_estimated_days));
  parts.push(known(`weather_state.${found.state}`, found.state));
  return fact(t("weather.title"), parts.join(" · "), found.state);
}

function nightRun(run) {
  if (!run) return fact(t("night.title"), t("night.none"), "rule");
  const methods = Object.entries(run.methods ?? {})
    .filter(([, n]) => n > 0)
    .map(([method, n]) => `${methodName(method)} ${number(n, 0)}`);
  const text = [dateTime(run.ran_at), count("tree.count", run.trees), methods.join(", ")];
  return fact(t("night.title"), text.filter(Boolean).join(" · "));
}

const SIGNS = { stale: "⚠ ", rule: "⚠ " };
const fact = (name, text, state = "fresh") =>
  el(
    "span",
    { class: `water-status__fact water-status__fact--${state}` },
    el("b", {}, `${SIGNS[state] ?? ""}${name}: `),
    text,
  );
