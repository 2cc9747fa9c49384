"""How much of what must be masked is masked, by size in pixels."""
