-- id is the origin (topic, partition, offset), so that a window handled twice leaves one dead letter.
CREATE TABLE IF NOT EXISTS dead_letters
(
    id String,
    reason LowCardinality(String),
    detail String,
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    key Nullable(String),
    bytes String,
    failed_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 10000;
