"""Tests of irrigation/."""
