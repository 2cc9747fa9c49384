// Signing in on the phone: the same session as on the desk; reports wait until it is there.

import * as api from "../api.js";
import { byId, showText } from "../dom.js";
import { t } from "../i18n.js";
import { link } from "./queue.js";

let signedIn = () => {};

/** Use `#token=…` of a login link; `done` runs after each sign-in. */
export function startSignIn(done) {
  signedIn = done;
  byId("sign-in-form").addEventListener("submit", submit);
}

/** Show the form, unless a login link brought its token along. */
export async function offerSignIn() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    history.replaceState(null, "", location.pathname + location.search);
    return take(token);
  }
  byId("sign-in").hidden = false;
  const session = await api.session().catch(() => null);
  const { provider = false, role_tokens = true } = session ?? {};
  byId("sign-in-form").hidden = !role_tokens;
  byId("sign-in-provider").hidden = !provider;
  byId("sign-in-provider").href = `/api/v1/oidc/login?${new URLSearchParams({ return_to: location.pathname })}`;
}

async function submit(event) {
  event.preventDefault();
  await take(byId("token").value.trim());
}

async function take(token) {
  try {
    await api.signIn(token);
  } catch (error) {
    byId("sign-in").hidden = byId("sign-in-form").hidden = false;
    return showText(byId("sign-in-error"), error.status === 401 ? t("session.refused") : t("fault.unreachable"));
  }
  byId("token").value = "";
  byId("sign-in").hidden = true;
  showText(byId("sign-in-error"), null);
  link.fault = null;
  await signedIn();
}
