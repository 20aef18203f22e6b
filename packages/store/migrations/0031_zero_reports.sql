-- What a person has confirmed: a unit had nothing to report of a stream in a month. The newest entry of a place counts, so that
-- it can be taken back.
CREATE TABLE IF NOT EXISTS zero_reports
(
    county String,
    month Date,
    region_code String,
    stream String,
    is_confirmed Bool,
    confirmed_by String,
    reason String,
    confirmed_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(confirmed_at)
ORDER BY (county, month, region_code, stream);

-- Record types of which a unit reported nothing although its own past makes that all but impossible, and those of which somebody
-- has confirmed it.
ALTER TABLE run_units ADD COLUMN IF NOT EXISTS unreported Array(String);
ALTER TABLE run_units ADD COLUMN IF NOT EXISTS confirmed_zero Array(String);
