// Signing in and out: through the city's provider, by a demo token, or by the emergency door.

import * as api from "./api.js";
import { byId, fillSelect, showText } from "./dom.js";
import { known, t } from "./i18n.js";
import { faultText } from "./notice.js";
import { mayOpen, on, state, tell, views } from "./state.js";

const LOOK_EVERY_MS = 60_000; // whether somebody is inside by the emergency door

export function startSession() {
  byId("sign-in-form").addEventListener("submit", submitToken);
  byId("emergency-form").addEventListener("submit", submitEmergency);
  byId("sign-out").addEventListener("click", leave);
  byId("roles-choice").addEventListener("change", switchRole);
  byId("login-again").addEventListener("click", () => (byId("login-again").hidden = true));
  on("signed out", () => {
    take({ ...state.session, role: null, roles: [], name: null, signed_in_by: null });
    tell("session");
  });
  on("login again", () => {
    byId("login-again").hidden = state.session?.signed_in_by !== "provider";
  });
  on("language", showSession);
  setInterval(look, LOOK_EVERY_MS);
}

/** Use `#token=…` of a login link, else the cookie of an earlier visit. */
export async function findRole() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) history.replaceState(null, "", location.pathname + location.search);
  try {
    take(token ? await api.signIn(token) : await api.session());
  } catch (error) {
    take(await api.session().catch(() => null));
    showText(byId("sign-in-error"), refusal(error));
  }
}

/** Remember who is signed in and how one signs in here; null while the city does not answer. */
function take(session) {
  state.session = session;
  state.role = session?.role ?? null;
  showSession();
}

const refusal = (error) => (error.status === 401 ? t("session.refused") : faultText(error));

async function submitToken(event) {
  event.preventDefault();
  const field = byId("token");
  try {
    take(await api.signIn(field.value.trim()));
    field.value = "";
    showText(byId("sign-in-error"), null);
    tell("session");
  } catch (error) {
    showText(byId("sign-in-error"), refusal(error));
    field.focus();
    field.select();
  }
}

async function submitEmergency(event) {
  event.preventDefault();
  const { name, password } = event.target.elements;
  try {
    await api.breakGlass(name.value.trim(), password.value);
    event.target.reset();
    showText(byId("emergency-error"), null);
    take(await api.session());
    tell("session");
  } catch (error) {
    const text = error.status === 429 ? t("emergency.too_often") : t("emergency.refused");
    showText(byId("emergency-error"), [401, 429].includes(error.status) ? text : faultText(error));
    password.select();
  }
}

async function switchRole(event) {
  try {
    take(await api.switchRole(event.target.value));
    location.assign(location.pathname); // another role, another desk: begin anew
  } catch (error) {
    tell("outage", error);
  }
}

/** Leave here, and at the provider where there is one to leave. */
async function leave() {
  const left = await api.signOut().catch(() => null); // out of reach: the page forgets the role all the same
  tell("signed out");
  if (left?.logout_url) location.assign(left.logout_url);
}

async function look() {
  if (!state.session) return;
  const now = await api.session().catch(() => null);
  if (now) byId("break-glass-live").hidden = !now.break_glass_live;
}

export function showSession() {
  const inside = Boolean(state.role);
  const { provider = false, role_tokens = true, roles = [], break_glass_live = false } = state.session ?? {};
  for (const id of ["tabs", "keys-open", "sign-out"]) byId(id).hidden = !inside;
  byId("summary").hidden = !mayOpen("damages");
  byId("sign-in").hidden = inside;
  byId("readers").hidden = !inside || views().length > 0;
  byId("sign-in-provider").hidden = !provider;
  byId("sign-in-form").hidden = !role_tokens;
  byId("emergency").hidden = !state.session;
  byId("break-glass-live").hidden = !break_glass_live;
  byId("role").hidden = !inside || roles.length > 1;
  byId("roles").hidden = !inside || roles.length < 2;
  byId("role").textContent = inside ? named(state.role) : "";
  fillSelect(
    byId("roles-choice"),
    roles.map((role) => [role, named(role)]),
    state.role,
  );
  if (!inside) (provider ? byId("sign-in-provider") : byId("token")).focus();
}

/** "Kim Beispiel, Straßenunterhaltung"; demo sessions have no name. */
function named(role) {
  const name = state.session?.name;
  return name ? `${name}, ${known(`role.${role}`, role)}` : known(`role.${role}`, role);
}
