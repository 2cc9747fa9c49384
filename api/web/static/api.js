// The city's API: one call, and an error that carries what the server said (RFC 9457).

import { tell } from "./state.js";

const BASE = "/api/v1";

export class ApiError extends Error {
  constructor(status, detail, retryAfter_s, kind = null) {
    super(detail);
    this.kind = kind; // the problem's stable name, e.g. "login-again"
    this.status = status; // 0: the city could not be reached
    this.retryAfter_s = retryAfter_s;
  }
}

/** `limit_ms` gives up on a city that does not answer; without it the browser decides. */
export async function call(method, path, body, { limit_ms } = {}) {
  const answer = await send(method, path, body, limit_ms);
  if (answer.ok) {
    tell("reached");
    return answer.status === 204 ? null : answer.json();
  }
  const error = await readProblem(answer);
  if (error.status === 401 && !path.startsWith("/session")) tell("signed out");
  if (error.kind === "login-again") tell("login again");
  if (error.status >= 500) tell("outage", error);
  throw error;
}

async function send(method, path, body, limit_ms) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const signal = limit_ms ? AbortSignal.timeout(limit_ms) : null;
    return await fetch(BASE + path, { method, headers, body: JSON.stringify(body), signal });
  } catch {
    const error = new ApiError(0, "", 5);
    tell("outage", error);
    throw error;
  }
}

async function readProblem(answer) {
  const retryAfter_s = Number(answer.headers.get("Retry-After")) || 5;
  const problem = await answer.json().catch(() => ({}));
  const detail = typeof problem.detail === "string" ? problem.detail : problem.title;
  const kind = typeof problem.type === "string" ? problem.type.split(":").at(-1) : null;
  return new ApiError(answer.status, detail || `HTTP ${answer.status}`, retryAfter_s, kind);
}

export const query = (values) => {
  const filled = Object.entries(values).filter(([, value]) => value !== "" && value != null);
  return filled.length ? `?${new URLSearchParams(filled)}` : "";
};

export const city = () => call("GET", "/city");
export const assessments = () => call("GET", "/assessments");
export const summary = () => call("GET", "/summary");
export const session = () => call("GET", "/session");
export const signIn = (token) => call("POST", "/session", { token });
export const breakGlass = (name, password) => call("POST", "/session/break-glass", { name, password });
export const switchRole = (role) => call("PUT", "/session/role", { role });
export const signOut = () => call("DELETE", "/session");
export const damages = (filters) => call("GET", `/damages${query(filters)}`);
export async function damage(id) {
  const { sightings, sightings_total, ...rest } = await call("GET", `/damages/${id}`);
  return { ...rest, sightings: sightings_total, sightings_shown: sightings }; // as in the list: a number
}
export const giveVerdict = (id, verdict) => call("POST", `/damages/${id}/verdicts`, verdict);
export const undoVerdict = (id, verdict_id) => call("POST", `/damages/${id}/verdicts/undo`, { verdict_id });
export const reviews = () => call("GET", "/reviews");
export const giveReview = (id, verdict) => call("POST", `/reviews/${id}`, verdict);
export const createOrder = (order) => call("POST", "/work-orders", order);
export const orders = (filters) => call("GET", `/work-orders${query(filters)}`);
export const completeOrder = (id, note) => call("POST", `/work-orders/${id}/completion`, { note });
export const cancelOrder = (id, reason) => call("POST", `/work-orders/${id}/cancellation`, { reason });
export const events = (filters) => call("GET", `/audit/events${query(filters)}`);
export const pictureAddress = (sha256) => `${BASE}/pictures/${sha256}`;
export const tilesAddress = (layer, version) =>
  `${location.origin}${BASE}/tiles/${layer}/{z}/{x}/{y}.mvt?v=${version}`;
