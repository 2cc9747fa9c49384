-- How many trees the newest register has.
SELECT count(*) FROM trees WHERE status <> 'gone'
