"""Watering tours: which vehicle drives where, with how much water, and who is left out."""
