// Make a plan: for which day, with how much water, how many hours and which vehicles.

import * as api from "./trees_api.js";
import { byId, el, showText } from "./dom.js";
import { t } from "./i18n.js";
import { faultText, toast } from "./notice.js";
import { tell } from "./state.js";
import { day, number, today } from "./time.js";

export function startPlanForm() {
  byId("plan-new").addEventListener("click", ask);
  byId("plan-form").addEventListener("submit", save);
}

async function ask() {
  byId("plan-form").reset();
  showText(byId("plan-form-error"), null);
  byId("plan-day").value = today();
  byId("plan-dialog").showModal();
  byId("plan-day").focus();
  try {
    showVehicles(await api.vehicles());
  } catch (error) {
    showText(byId("plan-form-error"), faultText(error));
  }
}

function showVehicles(answer) {
  const vehicles = Array.isArray(answer) ? answer : answer.items;
  byId("plan-vehicles").replaceChildren(...vehicles.map(choice));
  if (!vehicles.length) showText(byId("plan-form-error"), t("plan.no_vehicles"));
}

/** A vehicle in repair can be seen, but not chosen. */
function choice(vehicle) {
  const box = el("input", { type: "checkbox", name: "vehicle", value: vehicle.vehicle_id, disabled: !vehicle.working });
  box.checked = vehicle.working;
  const facts = t("plan.vehicle", {
    name: vehicle.name,
    tank: number(vehicle.tank_l, 0),
    hours: number(vehicle.crew_hours_h, 1),
  });
  return el("label", { class: "plan-vehicle" }, box, facts, vehicle.working ? "" : ` (${t("plan.vehicle_broken")})`);
}

async function save(event) {
  event.preventDefault();
  const form = byId("plan-form");
  const chosen = [...form.querySelectorAll("[name=vehicle]:checked")].map((box) => box.value);
  if (!chosen.length) return showText(byId("plan-form-error"), t("plan.choose_vehicle"));
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const plan = await api.makePlan({
      for_day: form.elements.for_day.value,
      budget_l: amount(form.elements.budget_l),
      hours_h: amount(form.elements.hours_h),
      vehicle_ids: chosen,
    });
    byId("plan-dialog").close();
    toast(t("plan.made", { day: day(plan.for_day) }));
    tell("plan made", plan);
  } catch (error) {
    showText(byId("plan-form-error"), faultText(error));
  } finally {
    button.disabled = false;
  }
}

const amount = (field) => (field.value === "" ? null : Number(field.value));
