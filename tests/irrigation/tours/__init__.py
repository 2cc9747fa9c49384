"""Tests of the tours."""
