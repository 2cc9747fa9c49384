"""How long data are kept, deleting what is older, erasing on request."""
