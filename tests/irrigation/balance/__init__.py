"""Tests of irrigation/balance/."""
