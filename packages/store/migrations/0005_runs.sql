-- A run is written completely, then one row in run_current makes it the one that is read.
CREATE TABLE IF NOT EXISTS runs
(
    run_id String,
    county LowCardinality(String),
    period Date,
    scheme_hash String,
    scheme_name String,
    region_version String,
    input_digest String,
    watermark String,
    created_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(created_at)
ORDER BY run_id;

CREATE TABLE IF NOT EXISTS run_units
(
    run_id String,
    region_code LowCardinality(String),
    name String,
    peer_class LowCardinality(String),
    score Nullable(Float64),
    rank Nullable(UInt32),
    band Nullable(String),
    missing_reason Nullable(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (run_id, region_code);

CREATE TABLE IF NOT EXISTS run_dimensions
(
    run_id String,
    region_code LowCardinality(String),
    dimension LowCardinality(String),
    score Nullable(Float64),
    weight Float64,
    missing_reason Nullable(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (run_id, region_code, dimension);

CREATE TABLE IF NOT EXISTS run_indicators
(
    run_id String,
    region_code LowCardinality(String),
    code LowCardinality(String),
    numerator Nullable(Float64),
    denominator Nullable(Float64),
    population Nullable(Float64),
    window_from Date,
    window_to Date,
    months UInt16,
    value Nullable(Float64),
    g0 Nullable(Float64),
    g60 Nullable(Float64),
    g100 Nullable(Float64),
    goalpost_basis Nullable(String),
    score Nullable(Float64),
    weight Float64,
    contribution Float64,
    missing_reason Nullable(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (run_id, region_code, code);

CREATE TABLE IF NOT EXISTS run_current
(
    county LowCardinality(String),
    period Date,
    run_id String,
    activated_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (county, period, activated_at);
