"""The city's trees: its register read, compared, stored, and what is assumed where it is silent."""
