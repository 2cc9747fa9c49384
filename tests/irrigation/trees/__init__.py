"""Tests of irrigation/trees/."""
