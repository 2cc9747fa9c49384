// The city's API for trees, watering plans and tours.

import { call, query } from "./api.js";

const id = encodeURIComponent;

export const trees = (filters) => call("GET", `/trees${query(filters)}`);
export const tree = (tree_id) => call("GET", `/trees/${id(tree_id)}`);
export const whatIf = (tree_id, litres) => call("GET", `/trees/${id(tree_id)}/what-if${query({ litres })}`);
export const status = () => call("GET", "/watering/status");
export const skill = () => call("GET", "/watering/skill");
export const addWaterings = (waterings) => call("POST", "/waterings", { waterings });

export const vehicles = () => call("GET", "/vehicles");
export const plans = () => call("GET", "/plans");
export const plan = (plan_id) => call("GET", `/plans/${id(plan_id)}`);
export const makePlan = (wish) => call("POST", "/plans", wish);
export const changeStop = (plan_id, change) => call("PATCH", `/plans/${id(plan_id)}/stops`, change);
export const approve = (plan_id, decision) => call("POST", `/plans/${id(plan_id)}/approval`, decision);
export const reject = (plan_id, decision) => call("POST", `/plans/${id(plan_id)}/rejection`, decision);
export const takeBack = (plan_id) => call("POST", `/plans/${id(plan_id)}/undo`);

export const computeTours = (plan_id) => call("POST", `/plans/${id(plan_id)}/tours`);
export const tours = (plan_id) => call("GET", `/plans/${id(plan_id)}/tours`);
export const tour = (tour_id) => call("GET", `/tours/${id(tour_id)}`);
export const failTour = (tour_id, failure) => call("POST", `/tours/${id(tour_id)}/failure`, failure);
export const tourFile = (tour_id, ending) => `/api/v1/tours/${id(tour_id)}.${ending}`;
