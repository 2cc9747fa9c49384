// Words for values: classes, states, confidence, size, place; and the label on what a machine made.

import { el } from "./dom.js";
import { known, t } from "./i18n.js";
import { dateTime, number } from "./time.js";

export const className = (damageClass) => known(`class.${damageClass}`, damageClass);
export const stateName = (state) => known(`state.${state}`, state);
export const streetName = (damage) => damage.street || t("place.no_street");

/** "Schlagloch, Ahornstraße" */
export const damageName = (damage) => `${className(damage.damage_class)}, ${streetName(damage)}`;

export function confidence(share) {
  const word =
    share >= 0.8 ? t("confidence.high") : share >= 0.5 ? t("confidence.medium") : t("confidence.low");
  return `${word} (${number(share, 2)})`;
}

/** "0,42 ± 0,10 m²"; without calibration there is no size and we say so. */
export function area(damage) {
  if (damage.area_m2 == null) return t("size.unknown");
  const error = damage.area_error_m2 == null ? "" : ` ± ${number(damage.area_error_m2, 2)}`;
  return `${number(damage.area_m2, 2)}${error} m²`;
}

/** "hoch": an order for looking, no condition class; the method stands below the facts. */
export function severity(damage) {
  if (!damage.severity) return t("severity.unknown");
  return known(`severity.${damage.severity}`, damage.severity);
}

/** Where the damage lies and how surely: the ellipse in words. */
export function ellipse(damage) {
  if (damage.error_major_m == null) return null;
  const axes = [damage.error_major_m, damage.error_minor_m].map((half_m) => number(2 * half_m, 1));
  return t("position.ellipse", { long: axes[0], short: axes[1] });
}

export const stateBadge = (state) => el("span", { class: `badge badge--${state}` }, stateName(state));

/** A damage that somebody else has decided on, judged a second time. */
export const reviewBadge = () => el("span", { class: "badge badge--review" }, t("review.badge"));

/** The short mark in rows: a machine said this. */
export const aiMark = (label) =>
  el(
    "abbr",
    { class: "ai-mark", title: t("ai.mark_title") },
    label.simulated ? t("ai.mark_simulated") : t("ai.mark"),
  );

const shortSha = (sha256) => el("code", { title: sha256 }, sha256.slice(0, 8));

/** The whole label: system, model, when, how sure, whether a person has looked at it. */
export function aiLabel(label) {
  return el(
    "aside",
    { class: "ai-label", "aria-label": t("ai.label") },
    el("strong", {}, t("ai.made")),
    label.simulated ? el("span", { class: "ai-label__simulated" }, t("ai.simulated")) : null,
    el("span", {}, `${label.system} · ${label.model_name} · `, shortSha(label.model_sha256)),
    el("span", {}, t("ai.made_at", { time: dateTime(label.made_at) })),
    el("span", {}, t("ai.human", { status: known(`human.${label.human_status}`, label.human_status) })),
  );
}
