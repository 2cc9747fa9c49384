-- The register on its way in; gone with the transaction.
CREATE TEMPORARY TABLE arrivals (
    tree_key text, number text, status text, genus text, species text, species_german text,
    planted_year integer, girth_cm real, crown_m real, height_m real, street text, area text,
    longitude_deg double precision, latitude_deg double precision, flags text[],
    site_age_years real, age_source text, pit_m2 real, pit_is_default boolean,
    soil text, soil_is_default boolean, capacity_mm real, catchment_m2 real,
    interception_share real, demand_factor real, easy_share real
) ON COMMIT DROP
