-- The crew's break, taken at a stop: minutes within the stay.
ALTER TABLE tour_stop ADD COLUMN break_min real NOT NULL DEFAULT 0 CHECK (break_min >= 0);
