"""Places: coordinates, the matching grid, and the city's database under gis.postgis."""
