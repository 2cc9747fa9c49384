"""The page of the city: templates, browser modules and the assets they stand on."""
