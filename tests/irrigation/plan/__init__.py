"""Tests of irrigation/plan/."""
