-- Versions of cases that came with different contents, found among what is stored since the last search: neither `status` nor a
-- scrape has to look at all versions ever stored.
CREATE TABLE IF NOT EXISTS version_conflicts
(
    stream LowCardinality(String),
    county String,
    source String,
    case_id String,
    version UInt64,
    contents UInt64
)
ENGINE = ReplacingMergeTree(contents)
ORDER BY (stream, county, source, case_id, version);

-- First place of each partition that no search has seen.
CREATE TABLE IF NOT EXISTS conflict_searches
(
    stream LowCardinality(String),
    kafka_partition UInt32,
    searched_to UInt64
)
ENGINE = ReplacingMergeTree(searched_to)
ORDER BY (stream, kafka_partition);
