// What the page says: short messages, the reader's voice, and the strip while the city is out of reach.

import { button, byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { on } from "./state.js";

const TOAST_MS = 6000;
let hiding = null;
let retry = null;

/** Speak to a screen reader without moving the focus. */
export function announce(text) {
  byId("live").textContent = "";
  requestAnimationFrame(() => {
    byId("live").textContent = text;
  });
}

/** Show a short message for a few seconds; a fault stays until the next one. */
export function toast(text, { fault = false } = {}) {
  const box = byId("toast");
  box.textContent = text;
  box.classList.toggle("toast--fault", fault);
  box.hidden = false;
  clearTimeout(hiding);
  if (!fault)
    hiding = setTimeout(() => {
      box.hidden = true;
    }, TOAST_MS);
  announce(text);
}

/** Words for a failed call; what the server said is shown as it is, in its own words. */
export function faultText(error) {
  if (error.status === 0) return t("fault.unreachable");
  if (error.status === 503) return t("fault.read_only");
  if (error.kind === "login-again") return t("fault.login_again");
  if (error.status === 403) return t("fault.role");
  if (error.status === undefined) return t("fault.page", { detail: error.message });
  return t("fault.refused", { detail: error.message });
}

/** Fill a notice: what is the case, what to do, and perhaps a button that does it. */
export function notice(box, text, action = null) {
  box.replaceChildren(el("p", {}, text));
  if (action) box.append(button(action.text, action.run));
  box.hidden = false;
}

export function watchOutage(tryAgain) {
  on("language", () => (byId("toast").hidden = true)); // it was said in the other language
  const strip = byId("outage");
  const again = () => {
    clearTimeout(retry);
    tryAgain();
  };
  byId("outage-retry").addEventListener("click", again);
  on("outage", (error) => {
    byId("outage-text").textContent = faultText(error);
    strip.hidden = false;
    clearTimeout(retry);
    retry = setTimeout(again, Math.min(Math.max(error.retryAfter_s, 2), 60) * 1000);
  });
  on("reached", () => {
    if (strip.hidden) return;
    strip.hidden = true;
    clearTimeout(retry);
  });
}
