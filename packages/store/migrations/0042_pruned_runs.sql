-- Runs that are never pruned, whatever their age, and why: a published one is entered here before it is published.
CREATE TABLE IF NOT EXISTS kept_runs
(
    run_id String,
    reason String,
    kept_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY run_id;

-- One row for each time superseded runs were pruned, also when there was none.
CREATE TABLE IF NOT EXISTS run_prunes
(
    finished_at DateTime64(3, 'UTC') DEFAULT now64(3),
    runs UInt64
)
ENGINE = MergeTree
ORDER BY finished_at;
