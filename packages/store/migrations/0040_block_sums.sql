-- How many rows of each block of places of a partition were stored, and their sum, when the block was last compared with the
-- log. Rows that vanish later show in one statement, without reading the log. good: 0 while the block differs from the log.
CREATE TABLE IF NOT EXISTS block_sums
(
    stream LowCardinality(String),
    kafka_partition UInt32,
    block UInt64,
    count UInt64,
    sum UInt64,
    covered_to UInt64,
    good UInt8,
    noted_at DateTime64(3, 'UTC') DEFAULT now64(3),
    pass UInt64
)
ENGINE = ReplacingMergeTree(pass)
ORDER BY (stream, kafka_partition, block);

-- full: pingan reconcile, components too. nightly: log and versions, by itself.
ALTER TABLE reconciles ADD COLUMN IF NOT EXISTS kind LowCardinality(String) DEFAULT 'full';
