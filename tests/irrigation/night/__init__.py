"""Tests of irrigation/night/."""
