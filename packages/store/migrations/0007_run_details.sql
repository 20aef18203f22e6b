-- What a run needs to explain itself later: small-number steps, deductions with the events behind them, how sure ranks are.
-- Runs written before have none of it.
ALTER TABLE run_units
    ADD COLUMN IF NOT EXISTS score_before_deductions Nullable(Float64),
    ADD COLUMN IF NOT EXISTS class_rank Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS band_months Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS score_low Nullable(Float64),
    ADD COLUMN IF NOT EXISTS score_high Nullable(Float64),
    ADD COLUMN IF NOT EXISTS rank_low Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS rank_high Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS p_best_quarter Nullable(Float64),
    ADD COLUMN IF NOT EXISTS p_worst_quarter Nullable(Float64),
    ADD COLUMN IF NOT EXISTS groups Array(UInt32);

ALTER TABLE run_indicators
    ADD COLUMN IF NOT EXISTS shrunken_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS level Nullable(Float64),
    ADD COLUMN IF NOT EXISTS trend Nullable(Float64),
    ADD COLUMN IF NOT EXISTS own_mean Nullable(Float64),
    ADD COLUMN IF NOT EXISTS own_ratio Nullable(Float64);

CREATE TABLE IF NOT EXISTS run_deductions
(
    run_id String,
    region_code LowCardinality(String),
    date Date,
    case_ref String,
    rule LowCardinality(String),
    name String,
    kind LowCardinality(String),
    deaths UInt32,
    doubled Bool,
    points Float64,
    applied Float64
)
ENGINE = ReplacingMergeTree
ORDER BY (run_id, region_code, date, case_ref);

CREATE TABLE IF NOT EXISTS run_priors
(
    run_id String,
    indicator LowCardinality(String),
    peer_class LowCardinality(String),
    scope LowCardinality(String),
    family LowCardinality(String),
    mean Float64,
    moment_variance Float64,
    variance Float64,
    units UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (run_id, indicator, peer_class);
