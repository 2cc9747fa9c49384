"""Public data sets: fetched with their papers, brought to one label form, checked for leaks."""
