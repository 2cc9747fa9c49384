-- Hold a tour and its plan while something is written.
SELECT tour.tour_id, tour.plan_id, tour.state, tour.vehicle_id, plan.approval_id,
    plan.state AS plan_state
FROM tour JOIN watering_plan AS plan USING (plan_id)
WHERE tour_id = %(tour_id)s
FOR UPDATE
