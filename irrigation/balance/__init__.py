"""The water of one tree by formulas alone: thirst of the air, storage of the soil, the account."""
