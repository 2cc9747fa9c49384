"""Seeing road damage: runtime for the truck, training for the workshop."""
