// The parks team's part of the page: trees, watering plans with their tours, and how good the forecasts were.

import { addKeys } from "./keys.js";
import { startPlan, openPlans } from "./plan.js";
import { openSkill, startSkill } from "./trees_skill.js";
import { startTours } from "./tours.js";
import { openTrees, startTrees } from "./trees.js";
import { PLAN_KEYS, TREE_KEYS } from "./trees_keys.js";

const OPEN = { trees: openTrees, plans: openPlans, skill: openSkill };
let started = false;

/** Open one of the three views; the first call starts all of them. */
export async function open(view) {
  if (!started) start();
  await OPEN[view]();
}

function start() {
  started = true;
  for (const begin of [startTrees, startPlan, startTours, startSkill]) begin();
  addKeys("trees", TREE_KEYS);
  addKeys("plans", PLAN_KEYS);
}
