// What the page shows now; filters, view and selected damage live in the address and can be shared.

export const FIRST_FILTERS = { state: "waiting", damage_class: "", district_id: "", order: "priority" };
export const VIEWS = ["damages", "orders", "trees", "plans", "skill", "audit"];
const GARDEN = ["trees", "plans", "skill"]; // these keep their own part of the address
const VIEWS_OF = { road: ["damages", "orders", "audit"], parks: GARDEN, auditor: VIEWS };

export const state = {
  role: null,
  session: null, // who is signed in and how one signs in here, as the city says
  city: null,
  view: "damages",
  filters: { ...FIRST_FILTERS },
  items: [],
  total: 0,
  selectedId: null,
  detail: null, // of the selected damage, with verdicts and sightings
  ticked: new Set(), // confirmed damages for one order
  decisions: [], // {damageId, verdictId} of this visit, newest last
};

const listeners = new Map();

/** Call `listener` whenever somebody tells `topic`. */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function tell(topic, news) {
  for (const listener of listeners.get(topic) ?? []) listener(news);
}

export const canDecide = () => state.role === "road";
export const canGarden = () => state.role === "parks";
/** The views of this role; its first one is where it begins. */
export const views = () => VIEWS_OF[state.role] ?? [];
export const mayOpen = (view) => views().includes(view);
export const selected = () => state.items.find((item) => item.damage_id === state.selectedId) ?? null;

/** The open damage: the loaded one, else the row of the list. */
export const current = () => state.detail ?? selected();

/** Take view, filters and damage from the address. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  state.view = VIEWS.includes(query.get("view")) ? query.get("view") : "damages";
  for (const [name, first] of Object.entries(FIRST_FILTERS)) {
    const value = query.get(name) ?? first;
    state.filters[name] = value === "all" ? "" : value;
  }
  const id = Number(query.get("damage"));
  state.selectedId = Number.isSafeInteger(id) && id > 0 ? id : null;
  tell("read address", query);
}

/** Write them back; a new view makes a step for the browser's Back, a selection does not. */
export function writeAddress({ step = false } = {}) {
  const query = new URLSearchParams();
  if (state.view !== "damages") query.set("view", state.view);
  if (GARDEN.includes(state.view)) tell("write address", query);
  else writeDamages(query);
  const address = query.size ? `?${query}` : location.pathname;
  history[step ? "pushState" : "replaceState"](null, "", address);
}

function writeDamages(query) {
  for (const [name, first] of Object.entries(FIRST_FILTERS))
    if (state.filters[name] !== first) query.set(name, state.filters[name] || "all");
  if (state.selectedId) query.set("damage", state.selectedId);
}
