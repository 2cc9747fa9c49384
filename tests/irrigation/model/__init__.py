"""Tests of irrigation/model/."""
