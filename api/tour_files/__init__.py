"""A tour as files: sheet on paper, track, table, layer and calendar entry."""
