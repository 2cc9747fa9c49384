"""Backups with a cycle, restoring them, and the drill that proves they can be restored."""
