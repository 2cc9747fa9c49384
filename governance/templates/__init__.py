"""Musterversionen: a city's AI papers, filled from its profile; no blank is left for anybody."""
