"""The truck."""
