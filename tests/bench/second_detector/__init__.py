"""How much the second detector itself sees of plates and faces."""
