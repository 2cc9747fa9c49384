-- The states of a run, as CSV in this order.
COPY forecasts (
    for_day, run_id, state_id, method, urgency, capacity_mm, pit_m2, catchment_m2,
    interception_share, demand_factor, easy_share, depletion_mm, sensor_shift, past, balance,
    model_q50, q10, q50, q90, dry_earliest, dry_likely, dry_latest, reasons
) FROM STDIN
