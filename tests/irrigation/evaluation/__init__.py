"""Tests of irrigation/evaluation/."""
