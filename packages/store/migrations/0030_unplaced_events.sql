-- Rows of ledgers that were refused because their place is missing or unknown: how many, of which month. Never what they say:
-- event_key is a digest of source and case, delivery one of the file's name. The row with event_key '' says that a file was read
-- to its end: rows that an earlier reading of it noted do not count any more.
CREATE TABLE IF NOT EXISTS unplaced_events
(
    county String,
    source String,
    record_type String,
    delivery String,
    event_key String,
    stream LowCardinality(String),
    month Date,
    noted_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(noted_at)
ORDER BY (county, source, record_type, delivery, event_key);
