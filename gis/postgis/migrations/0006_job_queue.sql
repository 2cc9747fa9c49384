-- The rights on the job queue, whose tables its own package makes; called after each of its upgrades.
CREATE FUNCTION allow_job_queue() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_workers,
        procrastinate_periodic_defers, procrastinate_events TO stadtwart_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO stadtwart_app;
END $$;
