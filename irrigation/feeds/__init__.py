"""What comes in from outside: weather, sensor readings, waterings."""
