-- What the truck still owes the city. Format 1; see edge/spool.py for the states.
CREATE TABLE IF NOT EXISTS sighting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sighting_id TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL, -- contracts.Sighting as JSON
    picture_sha256 TEXT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'parked')),
    reason TEXT,
    batch_id TEXT -- set as soon as it was sent once
);
CREATE INDEX IF NOT EXISTS sighting_by_batch ON sighting (batch_id);
CREATE INDEX IF NOT EXISTS sighting_by_picture ON sighting (picture_sha256);
CREATE TABLE IF NOT EXISTS picture (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    jpeg BLOB NOT NULL, -- masked
    state TEXT NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'waiting', 'parked')),
    reason TEXT
);
CREATE TABLE IF NOT EXISTS batch (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_id TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL -- contracts.Batch as JSON: a repetition is the same bytes
);
CREATE TABLE IF NOT EXISTS drive (
    drive_id TEXT PRIMARY KEY,
    progress BLOB NOT NULL, -- edge.progress.Progress
    heartbeat BLOB, -- contracts.Heartbeat as JSON, once written
    heartbeat_state TEXT CHECK (heartbeat_state IN ('owed', 'sent', 'parked'))
);
CREATE TABLE IF NOT EXISTS coverage (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    coverage_id TEXT NOT NULL UNIQUE, -- random: leads to no drive and no sighting
    body BLOB NOT NULL, -- contracts.Coverage as JSON
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'parked')),
    reason TEXT
);
CREATE TABLE IF NOT EXISTS dropped (
    reason TEXT PRIMARY KEY,
    number INTEGER NOT NULL
);
INSERT INTO dropped (reason, number)
VALUES ('picture', 0), ('sighting', 0) -- rows made now: counting a loss needs no room
ON CONFLICT (reason) DO NOTHING;
