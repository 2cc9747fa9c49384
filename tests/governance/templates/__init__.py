"""The Musterversionen, for two cities."""
