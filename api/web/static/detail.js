// The open damage: picture, what the machine says, what people decided, where and when it was seen.

import { assessmentLines } from "./assessed_words.js";
import { button, byId, el } from "./dom.js";
import { count, known, language, t } from "./i18n.js";
import { mark } from "./marks.js";
import { faultText, notice } from "./notice.js";
import { picture } from "./picture.js";
import { loadDetail } from "./selection.js";
import { canDecide, current, on, state, tell } from "./state.js";
import { dateTime, day, number } from "./time.js";
import { aiLabel, aiMark, area, className, confidence, ellipse, reviewBadge, severity, stateBadge, stateName, streetName } from "./words.js";

let shown = { id: null, sha256: null, figure: null, rename: null }; // a picture is fetched once per visit: each opening is logged

export function startDetail() {
  for (const topic of ["selected", "detail", "language"]) on(topic, show);
  on("language", () => shown.rename?.());
  on("damage", (id) => {
    if (id === state.selectedId) show();
  });
  on("detail failed", showFault);
}

function show() {
  const damage = current();
  byId("detail-body").hidden = !damage;
  byId("detail-empty").hidden = Boolean(damage);
  if (!damage)
    return notice(byId("detail-empty"), state.selectedId ? t("detail.loading") : t("detail.empty"));
  byId("detail-body").replaceChildren(
    head(damage),
    damage.review_id ? el("p", { class: "review-note" }, t("review.text")) : "",
    figureOf(damage),
    aiLabel(damage.ai_label),
    facts(damage),
    measured(damage),
    ...history(damage),
  );
}

function showFault(error) {
  if (error.status === 404) state.selectedId = null;
  const text = error.status === 404 ? t("detail.gone") : faultText(error);
  byId("detail-body").hidden = true;
  notice(
    byId("detail-empty"),
    text,
    error.status === 404 ? null : { text: t("action.retry"), run: loadDetail },
  );
}

function head(damage) {
  return el(
    "div",
    { class: "detail__head" },
    mark(damage.damage_class, damage.state, 32),
    el(
      "div",
      {},
      el(
        "h2",
        { id: "detail-title", tabindex: "-1" },
        className(damage.damage_class),
        " ",
        aiMark(damage.ai_label),
      ),
      el("p", {}, `${streetName(damage)}${damage.district ? `, ${damage.district}` : ""}`),
    ),
    damage.review_id ? reviewBadge() : stateBadge(damage.state),
  );
}

function figureOf(damage) {
  const { damage_id: id, picture_sha256: sha256, damage_box: box, last_seen_at: seen_at } = damage;
  const same = shown.id === id && shown.sha256 === sha256 && shown.figure.isConnected;
  if (!same) shown = { id, sha256, ...picture(damage, { sha256, box, seen_at }) };
  return shown.figure;
}

function facts(damage) {
  const rows = [
    [t("fact.severity"), severity(damage)],
    [t("fact.size"), area(damage)],
    [t("fact.confidence"), confidence(damage.confidence)],
    [t("fact.position"), `± ${number(damage.position_error_m, 1)} m`],
    [t("fact.sightings"), count("fact.times", damage.sightings)],
    [t("fact.first_seen"), dateTime(damage.first_seen_at)],
    [t("fact.last_seen"), dateTime(damage.last_seen_at)],
    [t("fact.class"), damage.damage_class],
    [t("fact.number"), String(damage.damage_id)],
  ];
  return el(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

/** What the figures mean: method of the urgency, the ellipse on the map, the error of the area. */
function measured(damage) {
  const track = { true: t("severity.in_track"), false: t("severity.beside_track") }[damage.in_wheel_track];
  const lines = [
    damage.severity
      ? t("severity.method", { method: damage.severity_method ?? t("severity.no_method"), track: track ?? t("severity.no_track") })
      : null,
    ellipse(damage),
    damage.area_error_m2 == null ? null : t("size.meaning"),
  ].filter(Boolean);
  return lines.length ? el("ul", { class: "measured", id: "measured" }, lines.map((line) => el("li", {}, line))) : "";
}

function history(damage) {
  if (!damage.verdicts) return [];
  return [
    section(t("history.verdicts"), damage.verdicts.length ? damage.verdicts.map(verdict) : [undecided()]),
    damage.work_order ? section(t("history.order"), [order(damage.work_order)]) : null,
    section(t("assessed.title"), assessmentLines(damage.assessment)),
    section(
      t("history.sightings"),
      damage.sightings_shown.map((sighting) => seen(damage, sighting)),
    ),
    el(
      "p",
      {},
      el("a", { href: `?view=audit&damage=${damage.damage_id}`, onclick: openLog }, t("history.log")),
    ),
    el("p", {}, el("a", { href: objection(damage) }, t("history.object"))),
  ].filter(Boolean);
}

const objection = (damage) => `/objection?about=damage&number=${damage.damage_id}&lang=${language()}`;

const section = (title, entries) =>
  el("section", { class: "history" }, el("h3", {}, title), el("ul", {}, ...entries));

const undecided = () => el("li", { class: "hint" }, t("history.no_verdict"));

function verdict(given) {
  return el(
    "li",
    { class: given.undone ? "undone" : null },
    el("strong", {}, known(`human.${given.verdict}`, given.verdict)),
    given.undone ? ` (${t("history.undone")})` : "",
    el("span", { class: "hint" }, ` ${dateTime(given.decided_at)} · ${given.decided_by.slice(0, 20)}`),
    given.reason ? el("p", { class: "quote" }, given.reason) : null,
  );
}

function order(work) {
  const facts = [
    known(`order_state.${work.state}`, work.state),
    work.team,
    `${t("order.due")} ${day(work.due_on)}`,
  ];
  return el("li", {}, el("strong", {}, work.title), el("span", { class: "hint" }, ` ${facts.join(" · ")}`));
}

function seen(damage, sighting) {
  const error = `± ${number(sighting.position_error_m, 1)} m`;
  const text = [dateTime(sighting.seen_at), confidence(sighting.confidence), error].join(" · ");
  const other = sighting.picture_sha256 && sighting.picture_sha256 !== damage.picture_sha256;
  return el(
    "li",
    {},
    text,
    other ? button(t("picture.show"), () => showSighting(damage, sighting), "plain") : null,
  );
}

function showSighting(damage, sighting) {
  const other = picture(damage, { sha256: sighting.picture_sha256, box: null, seen_at: sighting.seen_at });
  shown.figure.replaceWith(other.figure);
  shown = { ...shown, ...other };
  byId("detail").scrollTo({ top: 0 });
}

function openLog(event) {
  event.preventDefault();
  tell("open view", "audit");
}
