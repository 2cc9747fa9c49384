"""The second detector: other models than the truck's look for faces and plates in uploads."""
