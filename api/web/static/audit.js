// The audit log: what happened, in words, with the stored event underneath.

import * as api from "./api.js";
import { byId, el, fillSelect } from "./dom.js";
import { known, t } from "./i18n.js";
import { faultText, notice } from "./notice.js";
import { current, on, state } from "./state.js";
import { exactTime } from "./time.js";
import { damageName } from "./words.js";

const PAGE = 100;
let shown = [];

export function startAudit() {
  byId("audit-about").addEventListener("change", () => loadAudit());
  byId("audit-refresh").addEventListener("click", () => loadAudit());
  byId("audit-more").addEventListener("click", () => loadAudit({ more: true }));
  on("language", () => {
    if (state.view === "audit") showChoice();
    showEvents();
  });
}

/** Open the log on the selected damage, or on everything. */
export function openAudit({ about = byId("audit-about").value } = {}) {
  showChoice(about);
  return loadAudit();
}

function showChoice(about = byId("audit-about").value) {
  const damage = current();
  const choices = [["", t("audit.everything")]];
  if (damage)
    choices.push(["damage", t("audit.damage", { number: damage.damage_id, name: damageName(damage) })]);
  fillSelect(byId("audit-about"), choices, damage ? about : "");
}

async function loadAudit({ more = false } = {}) {
  byId("audit-list").setAttribute("aria-busy", "true");
  try {
    const page = await (byId("audit-about").value === "damage" ? story(current()) : latest(more));
    shown = more ? [...shown, ...page] : page;
    byId("audit-more").hidden = byId("audit-about").value === "damage" || page.length < PAGE;
    byId("audit-notice").hidden = true;
    showEvents();
    if (!shown.length) notice(byId("audit-notice"), t("audit.empty"));
  } catch (error) {
    notice(byId("audit-notice"), faultText(error), {
      text: t("action.retry"),
      run: () => loadAudit({ more }),
    });
  } finally {
    byId("audit-list").removeAttribute("aria-busy");
  }
}

const latest = async (more) => (await api.events({ limit: PAGE, after: more ? shown.at(-1)?.id : "" })).items;

/** Everything about one damage: its own events and those of its work order, newest first. */
async function story(damage) {
  const subjects = [["damage", damage.damage_id]];
  if (damage.work_order_id) subjects.push(["work_order", damage.work_order_id]);
  const asked = subjects.map(([subject_kind, subject_id]) =>
    api.events({ subject_kind, subject_id, limit: PAGE }),
  );
  const pages = await Promise.all(asked);
  return pages.flatMap((page) => page.items).sort((one, other) => other.time.localeCompare(one.time));
}

function showEvents() {
  byId("audit-list").replaceChildren(...shown.map(entry));
}

function entry(event) {
  return el(
    "li",
    { class: "event", "data-type": event.type },
    el("time", { datetime: event.time }, exactTime(event.time)),
    el(
      "div",
      {},
      el("strong", {}, known(`event.${event.type}`, event.type)),
      el(
        "span",
        {},
        ` ${known(`subject.${event.subject.kind}`, event.subject.kind)} ${short(event.subject.id)}`,
      ),
      el("p", { class: "hint" }, who(event)),
      data(event.data),
      el("details", {}, el("summary", {}, t("audit.raw")), el("pre", {}, JSON.stringify(event, null, 2))),
    ),
  );
}

function who(event) {
  const model = event.model ? ` · ${t("audit.model")} ${event.model.slice(0, 8)}` : "";
  return `${known(`actor.${event.actor.kind}`, event.actor.kind)} ${event.actor.ref}${model}`;
}

const short = (id) => (id.length > 20 ? `${id.slice(0, 8)}…` : id);

function data(values) {
  const rows = Object.entries(values ?? {}).filter(([, value]) => value !== null);
  if (!rows.length) return null;
  return el(
    "dl",
    { class: "event__data" },
    ...rows.map(([name, value]) =>
      el("div", {}, el("dt", {}, known(`data.${name}`, name)), el("dd", {}, text(value))),
    ),
  );
}

function text(value) {
  if (Array.isArray(value)) return value.map(short).join(", ");
  if (typeof value !== "string") return String(value);
  return known(`human.${value}`, known(`state.${value}`, short(value)));
}
