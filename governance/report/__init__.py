"""The committee's report: figures with source and number of cases, for any interval; pure."""
