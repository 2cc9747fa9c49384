"""The guideline in the database: checks that look, the register, the gate for models."""
