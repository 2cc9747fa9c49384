"""Server, sequencer and database killed outright, again and again, during ingest."""
