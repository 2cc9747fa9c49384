"""Tests of irrigation/simulated/."""
