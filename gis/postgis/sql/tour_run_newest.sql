-- The newest computation of a plan under the approval that stands.
SELECT tour_run.job_id, tour_run.state, tour_run.progress, tour_run.reason, tour_run.solver,
    tour_run.failed_tour_id
FROM tour_run JOIN watering_plan AS plan USING (plan_id)
WHERE plan_id = %(plan_id)s AND tour_run.approval_id = plan.approval_id
ORDER BY asked_at DESC LIMIT 1
