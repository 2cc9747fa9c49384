"""Tours: solvers side by side on the same days."""
