-- From which position of each partition on a county's messages count: a county that was reset or removed starts again there. What the
-- log holds before is left out by every reading of it; of several rows the greatest position counts.
CREATE TABLE IF NOT EXISTS county_starts
(
    county String,
    topic LowCardinality(String),
    kafka_partition UInt32,
    position UInt64,
    noted_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (county, topic, kafka_partition);
