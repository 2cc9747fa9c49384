"""Tests of the city's service, over real HTTP and a real PostGIS."""
