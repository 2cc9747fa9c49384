"""Whether one damage, seen from several distances on a real road, lands on one spot."""
