"""How fast it is, beside others in the same run, and whether memory stays level."""
