// Times on the screen: the city's zone, the reader's language. Inside everything stays UTC.

import { language } from "./i18n.js";
import { state } from "./state.js";

const zone = () => state.city?.time_zone ?? "Europe/Berlin";
const locale = () => (language() === "de" ? "de-DE" : "en-GB");

/** "22.11.2025, 04:20" */
export function dateTime(instant) {
  if (!instant) return "–";
  const style = { dateStyle: "medium", timeStyle: "short", timeZone: zone() };
  return new Intl.DateTimeFormat(locale(), style).format(new Date(instant));
}

/** "04:20" */
export function timeOfDay(instant) {
  if (!instant) return "–";
  const style = { hour: "2-digit", minute: "2-digit", timeZone: zone() };
  return new Intl.DateTimeFormat(locale(), style).format(new Date(instant));
}

/** "22.11.2025, 04:20:07 MEZ": for the log, where seconds and zone count. */
export function exactTime(instant) {
  const style = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZone: zone(),
    timeZoneName: "short",
  };
  return new Intl.DateTimeFormat(locale(), style).format(new Date(instant));
}

/** A calendar day as the server sends it, "2025-11-30"; no zone may shift it. */
export function day(date) {
  if (!date) return "–";
  const style = { dateStyle: "medium", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale(), style).format(new Date(`${date}T00:00:00Z`));
}

/** Today in the city, "2025-11-22". */
export const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: zone() }).format(new Date());

export const number = (value, digits) =>
  value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
