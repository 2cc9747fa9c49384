-- The newest nightly run.
SELECT * FROM newest_night
