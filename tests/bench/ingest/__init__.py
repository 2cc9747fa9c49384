"""How fast the city takes sightings in, beside raw COPY."""
