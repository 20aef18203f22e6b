-- A county's configuration is one document: code, name, time zone, start month, region table. The newest counts.
CREATE TABLE IF NOT EXISTS counties
(
    code String,
    document String,
    updated_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY code;

-- Schemes are never changed; a county uses the one with the latest from_month that is not after the scored month.
CREATE TABLE IF NOT EXISTS schemes
(
    county String,
    from_month Date,
    hash String,
    document String,
    activated_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (county, from_month, activated_at);
