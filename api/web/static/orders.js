// Work orders: what is open, what is done, and the two ways an order ends.

import * as api from "./api.js";
import { button, byId, el, fillSelect, showText } from "./dom.js";
import { count, known, t } from "./i18n.js";
import { faultText, notice, toast } from "./notice.js";
import { canDecide, on, state, tell } from "./state.js";
import { dateTime, day, today } from "./time.js";

const STATES = ["open", "completed", "cancelled"];
let closing = null; // {order, how} while the dialog asks

export function startOrders() {
  byId("orders-state").addEventListener("change", () => loadOrders());
  byId("close-form").addEventListener("submit", close);
  on("language", () => {
    showFilter();
    if (state.view === "orders") loadOrders();
  });
  showFilter();
}

function showFilter() {
  const choices = [["", t("filter.all")], ...STATES.map((name) => [name, t(`order_state.${name}`)])];
  fillSelect(byId("orders-state"), choices, byId("orders-state").value || "open");
}

export async function loadOrders() {
  const wanted = byId("orders-state").value;
  byId("orders-list").setAttribute("aria-busy", "true");
  try {
    const page = await api.orders({ state: wanted });
    byId("orders-notice").hidden = true;
    byId("orders-list").replaceChildren(...page.items.map(card));
    if (!page.items.length)
      notice(byId("orders-notice"), t(wanted === "open" ? "orders.empty_open" : "orders.empty"));
  } catch (error) {
    notice(byId("orders-notice"), faultText(error), { text: t("action.retry"), run: loadOrders });
  } finally {
    byId("orders-list").removeAttribute("aria-busy");
  }
}

function card(order) {
  const late = order.state === "open" && order.due_on && order.due_on < today();
  return el(
    "li",
    { class: "order", "data-order": order.work_order_id },
    el(
      "div",
      { class: "order__head" },
      el("h3", {}, `${order.work_order_id} · ${order.title}`),
      el(
        "span",
        { class: `badge badge--order-${order.state}` },
        known(`order_state.${order.state}`, order.state),
      ),
    ),
    el(
      "dl",
      { class: "order__facts" },
      fact(t("order.team"), order.team),
      fact(t("order.due"), late ? `${day(order.due_on)} · ${t("orders.late")}` : day(order.due_on), late),
      fact(t("orders.created"), dateTime(order.created_at)),
      order.closed_at ? fact(t("orders.closed"), dateTime(order.closed_at)) : null,
      order.note ? fact(t("order.note"), order.note) : null,
      order.closing_note ? fact(t("orders.closing_note"), order.closing_note) : null,
      fact(count("orders.damages", order.damage_ids.length), el("span", {}, ...order.damage_ids.map(link))),
    ),
    order.state === "open" && canDecide() ? actions(order) : null,
  );
}

const fact = (name, value, late = false) =>
  el("div", { class: late ? "late" : null }, el("dt", {}, name), el("dd", {}, value));

function link(id) {
  const open = (event) => {
    event.preventDefault();
    tell("open damage", id);
  };
  return el("a", { href: `?state=all&damage=${id}`, class: "order__damage", onclick: open }, `#${id}`);
}

const actions = (order) =>
  el(
    "div",
    { class: "order__end" },
    button(t("orders.complete"), () => ask(order, "complete"), "primary"),
    button(t("orders.cancel"), () => ask(order, "cancel")),
  );

function ask(order, how) {
  closing = { order, how };
  byId("close-form").reset();
  showText(byId("close-error"), null);
  byId("close-dialog-title").textContent = t(`orders.${how}`);
  byId("close-order").textContent = `${order.work_order_id} · ${order.title}`;
  byId("close-label").textContent = t(how === "cancel" ? "orders.cancel_reason" : "orders.complete_note");
  byId("close-text").required = how === "cancel";
  byId("close-save").textContent = t(`orders.${how}`);
  byId("close-dialog").showModal();
  byId("close-text").focus();
}

async function close(event) {
  event.preventDefault();
  const { order, how } = closing;
  const text = byId("close-text").value.trim();
  if (how === "cancel" && !text) return showText(byId("close-error"), t("reason.required"));
  byId("close-save").disabled = true;
  try {
    if (how === "cancel") await api.cancelOrder(order.work_order_id, text);
    else await api.completeOrder(order.work_order_id, text || null);
    byId("close-dialog").close();
    toast(
      t(how === "cancel" ? "orders.was_cancelled" : "orders.was_completed", { number: order.work_order_id }),
    );
    tell("decided");
    tell("orders changed");
    await loadOrders();
  } catch (error) {
    showText(byId("close-error"), faultText(error));
  } finally {
    byId("close-save").disabled = false;
  }
}
