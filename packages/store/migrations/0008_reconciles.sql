-- One row per reconciliation that found no difference (or mended all it found): up to where the log was compared.
CREATE TABLE IF NOT EXISTS reconciles
(
    county LowCardinality(String),
    log_end String,
    messages UInt64,
    finished_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (county, finished_at);

-- What an operator did about a dead letter; the letter itself comes from the log and may be written anew at any time.
CREATE TABLE IF NOT EXISTS dead_letter_replays
(
    id String,
    outcome LowCardinality(String),
    replayed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(replayed_at)
ORDER BY id;
