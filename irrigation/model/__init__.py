"""The learned part: stations, features, boosted trees, the released model and its reasons."""
