"""Who gets water, how much and why: the rules behind a plan that a person approves."""
