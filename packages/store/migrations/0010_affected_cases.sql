-- The cases whose numbers a refresh of components has to look at, by refresh: read many times in one statement, found once.
-- Nobody needs them afterwards.
CREATE TABLE IF NOT EXISTS affected_cases
(
    refresh String,
    stream LowCardinality(String),
    source String,
    case_id String,
    noted_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (refresh, stream, source, case_id)
TTL noted_at + INTERVAL 1 HOUR;
