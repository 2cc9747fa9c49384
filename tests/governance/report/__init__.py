"""The report, from readings alone."""
