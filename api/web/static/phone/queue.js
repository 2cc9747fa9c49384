// The life of a report: held a moment so that it can be undone, sent once the city answers, kept until then.

import { call } from "../api.js";
import { newId } from "../new_id.js";
import { changeReport, forgetReport, keepReport, keptReports } from "./store.js";

export const HELD_MS = 10_000; // time for "undo" before a report leaves
const LIMIT_MS = 15_000; // a weak network may hang for minutes; the report waits instead
const KEPT_DAYS = 14;

export const reports = new Map(); // report_id -> report, as in the store
export const link = { fault: null, sent_at: null }; // null, "offline", "signed out" or "city"
let changed = () => {};
let sending = false;

/** Load what an earlier visit left; `listener` runs after every change. */
export async function openQueue(listener) {
  changed = listener;
  for (const report of await keptReports()) {
    const old = Date.now() - Date.parse(report.at) > KEPT_DAYS * 86_400_000;
    if (old && ["sent", "passed"].includes(report.state)) await forgetReport(report.report_id);
    else reports.set(report.report_id, report);
  }
}

/** Keep a report; it is on the disk when this resolves. Depot and refill point are "passed": never sent. */
export async function add({ tour_id, seq, tree_id, outcome, litres, note }) {
  const at = new Date().toISOString();
  const state = tree_id === null ? "passed" : "waiting";
  await take({ report_id: newId(), tour_id, seq, tree_id, outcome, litres, note, at, state, problem: null });
}

async function take(report) {
  await keepReport(report);
  reports.set(report.report_id, report);
  changed();
}

export const unsent = () => [...reports.values()].filter((one) => ["waiting", "sending"].includes(one.state));
export const refused = () => [...reports.values()].filter((one) => one.state === "refused");

/** The newest report of a tour, if it has not left yet; it can be undone. */
export function undoable(tour_id) {
  const own = [...reports.values()].filter((one) => one.tour_id === tour_id);
  const newest = own.sort((one, other) => one.at.localeCompare(other.at)).at(-1);
  return newest && ["waiting", "passed"].includes(newest.state) ? newest : null;
}

/** Forget a report that has not left; says whether it was in time. */
export async function undo(report_id) {
  const answer = await changeReport(report_id, (report) =>
    ["waiting", "passed", "refused"].includes(report.state) ? "delete" : null,
  );
  if (answer === "delete") reports.delete(report_id);
  changed();
  return answer === "delete";
}

/** Send what has been held long enough, oldest first; `now` sends everything that waits. */
export async function send({ now = false } = {}) {
  if (sending) return;
  sending = true;
  try {
    if (navigator.locks) await navigator.locks.request("stadtwart-reports", () => sendAll(now));
    else await sendAll(now);
  } finally {
    sending = false;
    changed();
  }
}

async function sendAll(now) {
  if (navigator.onLine === false) return void (link.fault = "offline"); // nothing leaves, so all can be undone
  const due = unsent()
    .filter((one) => now || one.state === "sending" || Date.now() - Date.parse(one.at) >= HELD_MS)
    .sort((one, other) => one.at.localeCompare(other.at));
  for (const report of due) {
    const leaving = await changeReport(report.report_id, (kept) =>
      ["waiting", "sending"].includes(kept.state) ? { ...kept, state: "sending" } : null,
    );
    if (!leaving) continue; // undone, or another window was quicker
    reports.set(leaving.report_id, leaving);
    if (!(await sendOne(leaving))) return; // the city does not answer: the rest waits too
  }
}

/** Send one report; the same id again is stored once, so a lost answer does no harm. */
async function sendOne(report) {
  const { tour_id, report_id, tree_id, outcome, litres, at, note } = report;
  const path = `/tours/${encodeURIComponent(tour_id)}/reports/${report_id}`;
  try {
    await call("PUT", path, { tree_id, outcome, litres, at, note }, { limit_ms: LIMIT_MS });
    Object.assign(link, { fault: null, sent_at: new Date().toISOString() });
    await take({ ...report, state: "sent", problem: null });
    return true;
  } catch (error) {
    return await failed(report, error);
  }
}

/**
 * Our trouble, the network's or a login's: keep it as "sending", since the city may have it already.
 * Refused for what it says: keep it for a person.
 */
async function failed(report, error) {
  if ([401, 403].includes(error.status)) link.fault = "signed out";
  else if (!error.status) link.fault = "offline";
  else if (error.status >= 500 || [408, 429].includes(error.status)) link.fault = "city";
  else {
    link.fault = null;
    await take({ ...report, state: "refused", problem: error.message });
    return true;
  }
  return false;
}

/** Milliseconds until the next report has been held long enough; null when none waits. */
export function nextDue_ms() {
  const waiting = [...reports.values()].filter((one) => one.state === "waiting");
  if (!waiting.length) return null;
  const oldest = Math.min(...waiting.map((one) => Date.parse(one.at)));
  return Math.max(oldest + HELD_MS - Date.now(), 0);
}
