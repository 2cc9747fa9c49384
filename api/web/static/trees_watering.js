// Write down a watering that no tour brought: by the crew or by citizens.

import * as api from "./trees_api.js";
import { el, showText } from "./dom.js";
import { t } from "./i18n.js";
import { newId } from "./new_id.js";
import { faultText, toast } from "./notice.js";
import { canGarden } from "./state.js";
import { loadTree } from "./trees_state.js";
import { treeName } from "./trees_words.js";

const MOST_L = 5000;

export function wateringForm(tree) {
  if (!canGarden()) return null;
  const error = el("p", { class: "field-error", role: "alert", hidden: true });
  const litres = el("input", { name: "litres", type: "number", min: 1, max: MOST_L, step: 1, required: true });
  const kinds = ["crew", "citizen"].map((kind) => el("option", { value: kind }, t(`by.${kind}`)));
  const form = el(
    "form",
    { class: "watering-form" },
    el("label", {}, t("watering.litres"), litres),
    el("label", {}, t("watering.by"), el("select", { name: "by_kind" }, ...kinds)),
    el("button", { type: "submit", class: "button button--small" }, t("watering.save")),
    error,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(tree, form, error);
  });
  return el("details", { class: "watering-add" }, el("summary", {}, t("watering.add")), form);
}

async function save(tree, form, error) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const litres = Number(form.elements.litres.value);
    const by_kind = form.elements.by_kind.value;
    const at = new Date().toISOString();
    const watering = { watering_id: newId(), tree_id: tree.tree_id, at, litres, by_kind, source: "desk" };
    await api.addWaterings([watering]);
    toast(t("watering.saved", { litres, name: treeName(tree) }));
    await loadTree();
  } catch (fault) {
    showText(error, faultText(fault));
  } finally {
    button.disabled = false;
  }
}
