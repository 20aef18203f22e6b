-- A person has looked at a dead letter and answers for it that nothing needs to be done. The letter stays and can still be replayed.
-- The newest entry of a letter counts. Not in the log.
CREATE TABLE IF NOT EXISTS dead_letter_acknowledgements
(
    id String,
    acknowledged_by String,
    note String,
    acknowledged_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(acknowledged_at)
ORDER BY id;
