// Words for trees: names, urgency, water in the soil, intervals of days and litres.

import { el } from "./dom.js";
import { known, language, t } from "./i18n.js";
import { day, number, today } from "./time.js";

export const URGENCIES = ["urgent", "act", "good", "unknown"]; // most urgent first
export const urgencyName = (urgency) => known(`urgency.${urgency}`, urgency);
export const urgencyBadge = (urgency) =>
  el("span", { class: `badge badge--${urgency}` }, urgencyName(urgency));
export const planBadge = (state) => {
  const name = state.replaceAll(" ", "_");
  return el("span", { class: `badge badge--plan-${name}` }, known(`plan_state.${name}`, state));
};
export const methodName = (method) => known(`method.${method}`, method);
export const districtName = (district) => district || t("place.no_district");
export const streetOf = (place) => place.street || t("place.no_street");

/** "Winterlinde (Tilia cordata)"; the German name where the page is German and there is one. */
export function treeName(tree) {
  const latin = latinName(tree);
  return language() === "de" && tree.common_name_de ? `${tree.common_name_de} (${latin})` : latin;
}

/** "Winterlinde", short enough for a row; the rest stands in the open tree. */
export const shortName = (tree) =>
  (language() === "de" && tree.common_name_de) || latinName(tree);

/** Registers write the species with or without its genus. */
function latinName({ genus, species }) {
  if (!species) return genus || t("tree.unknown_species");
  return !genus || species.startsWith(genus) ? species : `${genus} ${species}`;
}

export const treeNumber = (tree) => tree.number || t("tree.no_number");

/** A tree by its number, a depot or refill point by its name. */
export const stopName = (stop) =>
  stop.kind === "tree" ? treeNumber(stop) : [t(`stop_kind.${stop.kind}`), stop.name].filter(Boolean).join(", ");

export const kindOf = (stop) => (language() === "de" && stop.species_german) || stop.genus;

/** A thirsty tree may need two tanks; a long day has its break. */
export const part = ({ part: nth, parts }) => (parts > 1 ? t("tours.part", { part: nth, parts }) : null);
export const pause = (stop) => (stop.break_min ? t("tours.break", { minutes: stop.break_min }) : null);

/** Share of the water the roots can take, in percent: gardeners know it as % nFK. */
export const percent = (share) => (share == null ? "–" : `${number(share * 100, 0)} %`);

/** "38 % (31–46 %)" */
export function water(rew) {
  if (!rew) return t("water.unknown");
  const low = number(rew.q10 * 100, 0);
  return `${percent(rew.q50)} (${low}–${percent(rew.q90)})`;
}

/** "80 L (60–110 L)" */
export function litres(likely, interval) {
  if (likely == null) return "–";
  if (!interval) return `${number(likely, 0)} L`;
  return `${number(likely, 0)} L (${number(interval[0], 0)}–${number(interval[1], 0)} L)`;
}

/** "24.07.–31.07., wahrscheinlich 27.07."; an open end is said in words. */
export function dryBy(range) {
  if (!range || !(range.earliest || range.likely || range.latest)) return t("dry.not_in_sight");
  const { earliest, likely, latest } = range;
  if (likely && likely <= today()) return latest && latest <= today() ? t("dry.now") : t("dry.likely_now");
  if (earliest && earliest === latest) return day(earliest);
  const until = latest ? shortDay(latest) : t("dry.later");
  const span = `${earliest ? shortDay(earliest) : "…"} – ${until}`;
  return likely ? t("dry.likely", { span, likely: shortDay(likely) }) : span;
}

/** "24.07." */
export function shortDay(date) {
  const style = { day: "2-digit", month: language() === "de" ? "2-digit" : "short", timeZone: "UTC" };
  const locale = language() === "de" ? "de-DE" : "en-GB";
  return new Intl.DateTimeFormat(locale, style).format(new Date(`${date.slice(0, 10)}T00:00:00Z`));
}

/** Text that the server sends in both languages. */
export const inLanguage = (thing, name) => thing[`${name}_${language()}`] ?? "";

/** "Messwert unplausibel, Jahr geschätzt"; flags the page does not know are shown as they are. */
export const flagText = (names) =>
  names.map((name) => known(`flag.${name.replaceAll(/[^a-z]+/g, "_")}`, name)).join(", ");
