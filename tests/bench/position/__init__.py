"""How far from its true place a damage is put."""
