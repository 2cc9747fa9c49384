-- Whether a model's results count: from a system's first approval on, only approved ones do.
-- Before it nothing is held back, and rule 6 of the guideline says on every page that nobody approved.
CREATE FUNCTION model_may_decide(of_system text, wanted_sha256 text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT model_is_active(wanted_sha256)
        OR NOT EXISTS (SELECT FROM model_activation WHERE system = of_system)
$$;
