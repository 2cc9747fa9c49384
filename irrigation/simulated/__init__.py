"""What is invented: a city's weather and sensors, and whole summers to compare policies."""
