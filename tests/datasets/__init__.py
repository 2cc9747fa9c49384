"""Musterstadt: what the simulator made, and what a detector finds in it."""
