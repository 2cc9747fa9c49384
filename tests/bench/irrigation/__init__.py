"""Measured speed of irrigation/."""
