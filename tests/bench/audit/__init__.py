"""How fast the audit log takes events in, proves them, and is verified."""
