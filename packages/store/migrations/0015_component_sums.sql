-- What a refresh of components has summed up, by refresh: it is added to the components, or compared with them, in here, so that
-- the numbers of a county never have to pass through a service. Nobody needs them afterwards.
CREATE TABLE IF NOT EXISTS component_sums
(
    refresh String,
    month Date,
    indicator LowCardinality(String),
    region_code LowCardinality(String),
    numerator Decimal(18, 6),
    denominator Decimal(18, 6),
    noted_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (refresh, month, indicator, region_code)
TTL noted_at + INTERVAL 1 HOUR;
