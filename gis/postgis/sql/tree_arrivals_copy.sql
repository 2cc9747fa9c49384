-- The register's rows as CSV, in the order of tree_arrivals; an empty text is a text, not unknown.
COPY arrivals FROM STDIN (
    FORMAT csv, FORCE_NOT_NULL (
        tree_key, number, status, genus, species, species_german, street, area, age_source, soil
    )
)
