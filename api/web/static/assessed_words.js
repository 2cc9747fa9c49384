// When a damage's street segment was last looked at, in words: day, share of its length, why not more.

import { el } from "./dom.js";
import { count, known, t } from "./i18n.js";
import { day, number } from "./time.js";

/** The lines of a damage's page; null for a damage on no street. */
export function assessmentLines(assessment) {
  if (!assessment) return [el("li", { class: "hint" }, t("assessed.no_street"))];
  const { looked_on, unassessed } = assessment;
  const missed = t(looked_on ? "assessed.missed" : "assessed.missed_ever", { causes: unassessed.map(cause).join(", ") });
  return [el("li", { "data-assessed": assessment.state }, when(assessment)), unassessed.length ? el("li", {}, missed) : null].filter(Boolean);
}

function when({ state, looked_on, age_days, covered_share }) {
  if (state === "never") return t("assessed.never_text");
  if (state === "unassessable") return t("assessed.driven_only");
  const ago = age_days === 0 ? t("assessed.label_today") : count("assessed.ago", age_days);
  const share = number(Math.floor(covered_share * 100), 0); // "at least" must not be rounded up
  return t(state === "partly" ? "assessed.in_part" : "assessed.on", { day: day(looked_on), ago, share });
}

const cause = ({ cause: name, driven_m }) => `${known(`cause.${name.replaceAll(" ", "_")}`, name)} ${number(driven_m, 0)} m`;
