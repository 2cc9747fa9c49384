// Signing in and out: the token becomes a cookie that no script can read, and is then forgotten.

import * as api from "./api.js";
import { byId, showText } from "./dom.js";
import { known, t } from "./i18n.js";
import { faultText } from "./notice.js";
import { mayOpen, on, state, tell } from "./state.js";

export function startSession() {
  byId("sign-in-form").addEventListener("submit", submit);
  byId("sign-out").addEventListener("click", leave);
  on("signed out", () => {
    state.role = null;
    showSession();
    tell("session");
  });
  on("language", showSession);
}

/** Use `#token=…` of a login link, else the cookie of an earlier visit. */
export async function findRole() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) history.replaceState(null, "", location.pathname + location.search);
  try {
    state.role = (token ? await api.signIn(token) : await api.session()).role;
  } catch (error) {
    state.role = null;
    showText(byId("sign-in-error"), refusal(error));
  }
  showSession();
}

const refusal = (error) => (error.status === 401 ? t("session.refused") : faultText(error));

async function submit(event) {
  event.preventDefault();
  const field = byId("token");
  try {
    state.role = (await api.signIn(field.value.trim())).role;
    field.value = "";
    showText(byId("sign-in-error"), null);
    showSession();
    tell("session");
  } catch (error) {
    showText(byId("sign-in-error"), refusal(error));
    field.focus();
    field.select();
  }
}

async function leave() {
  await api.signOut().catch(() => null); // out of reach: the page forgets the role all the same
  tell("signed out");
}

export function showSession() {
  const inside = Boolean(state.role);
  for (const id of ["tabs", "keys-open", "sign-out", "role"]) byId(id).hidden = !inside;
  byId("summary").hidden = !mayOpen("damages");
  byId("sign-in").hidden = inside;
  byId("role").textContent = inside ? known(`role.${state.role}`, state.role) : "";
  if (!inside) byId("token").focus();
}
