-- Which Kafka topic an epoch of the log was (docs/decisions/001). kafka_offset of the case tables, of dead letters and of watermarks is
-- a position: epoch * 1099511627776 + offset. The newest row of the greatest epoch of a topic is the log that is read now.
CREATE TABLE IF NOT EXISTS logs
(
    topic String,
    epoch UInt32,
    topic_id String,
    cluster_id String,
    partitions UInt32,
    noted_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (topic, epoch, noted_at);

ALTER TABLE police_cases ADD COLUMN IF NOT EXISTS log_epoch UInt32 ALIAS toUInt32(intDiv(kafka_offset, 1099511627776));
ALTER TABLE petition_cases ADD COLUMN IF NOT EXISTS log_epoch UInt32 ALIAS toUInt32(intDiv(kafka_offset, 1099511627776));
ALTER TABLE mediation_cases ADD COLUMN IF NOT EXISTS log_epoch UInt32 ALIAS toUInt32(intDiv(kafka_offset, 1099511627776));
ALTER TABLE opinion_cases ADD COLUMN IF NOT EXISTS log_epoch UInt32 ALIAS toUInt32(intDiv(kafka_offset, 1099511627776));
