"""Tests of the page in a real browser, against the real service and a real PostGIS."""
