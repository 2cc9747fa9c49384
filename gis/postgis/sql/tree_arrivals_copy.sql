-- The register's rows, in the order of tree_arrivals.
COPY arrivals FROM STDIN
