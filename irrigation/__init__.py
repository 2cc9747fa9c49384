"""Which trees need water. Nothing is built here yet."""
