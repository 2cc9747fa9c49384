"""Tests of irrigation/feeds/."""
