// How good were the forecasts? Per horizon, measured against what came, beside the simple guesses.

import * as api from "./trees_api.js";
import { byId, el } from "./dom.js";
import { known, t } from "./i18n.js";
import { faultText, notice } from "./notice.js";
import { on, state } from "./state.js";
import { dateTime, day, number } from "./time.js";
import { trees } from "./trees_state.js";
import { loadStatus } from "./trees_status.js";
import { methodName, percent } from "./trees_words.js";

const COLUMNS = ["horizon", "method", "cases", "error", "persistence", "climatology", "skill", "coverage", "until"];
let shown = null; // the rows, best known as a table
let alarms = []; // forecasts that were worse than they should be

export function startSkill() {
  on("language", () => {
    if (state.view !== "skill" || !shown) return;
    show();
    showAlarms();
  });
}

export async function openSkill() {
  loadStatus().then(showAlarms);
  byId("skill-table").setAttribute("aria-busy", "true");
  try {
    shown = await api.skill();
    show();
  } catch (error) {
    notice(byId("skill-notice"), faultText(error), { text: t("action.retry"), run: openSkill });
  } finally {
    byId("skill-table").removeAttribute("aria-busy");
  }
}

function show() {
  const rows = Array.isArray(shown) ? shown : shown.items;
  byId("skill-notice").hidden = rows.length > 0;
  byId("skill-table").hidden = rows.length === 0;
  if (!rows.length) return notice(byId("skill-notice"), t("skill.empty"));
  byId("skill-table").replaceChildren(
    el("caption", {}, t("skill.caption")),
    el("thead", {}, el("tr", {}, ...COLUMNS.map((name) => el("th", { scope: "col" }, t(`skill.${name}`))))),
    el("tbody", {}, ...rows.map(row)),
  );
}

/** The drift watch: measures that left the range they should stay in. */
function showAlarms() {
  alarms = trees.status?.alarms ?? [];
  byId("skill-alarms").hidden = alarms.length === 0;
  byId("skill-alarms").replaceChildren(
    ...alarms.map((alarm) =>
      el(
        "li",
        { class: "flag" },
        `⚠ ${t("skill.alarm", {
          time: dateTime(alarm.raised_at),
          days: alarm.horizon_d,
          measure: known(`skill_measure.${alarm.measure.replaceAll(/[^a-z]+/g, "_")}`, alarm.measure),
          value: share(alarm.value),
          low: share(alarm.low),
          high: share(alarm.high),
        })}`,
      ),
    ),
  );
}

function row(found) {
  const best = bestOf(found);
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, t("skill.days", { days: found.horizon_d })),
    el("td", {}, methodName(found.method)),
    figure(number(found.n, 0)),
    figure(share(found.rmse), best === "rmse"),
    figure(share(found.rmse_persistence), best === "rmse_persistence"),
    figure(share(found.rmse_climatology), best === "rmse_climatology"),
    figure(found.skill == null ? "–" : number(found.skill, 2)),
    figure(percent(found.interval_coverage)),
    el("td", {}, day(found.verified_until)),
  );
}

/** The lowest error of the row; a baseline may win, and then it is marked. */
function bestOf(found) {
  const errors = ["rmse", "rmse_persistence", "rmse_climatology"].filter((name) => found[name] != null);
  return errors.sort((one, other) => found[one] - found[other])[0];
}

const share = (value) => (value == null ? "–" : number(value, 3));
const figure = (text, best = false) =>
  el("td", { class: `figure${best ? " figure--best" : ""}` }, text, best ? ` (${t("skill.best")})` : "");
