"""Tests of places and of the database."""
