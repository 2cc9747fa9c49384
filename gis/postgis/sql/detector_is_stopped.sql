-- Whether an incident holds the detector still.
SELECT is_stopped('detector')
