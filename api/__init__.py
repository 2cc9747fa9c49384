"""The city: ingest, damages, verdicts, work orders and the page that shows them."""
