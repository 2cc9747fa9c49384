"""Messages that cross a boundary: truck to city, machine to person."""
