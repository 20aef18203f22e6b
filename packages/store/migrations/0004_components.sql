-- Monthly components: numerator and denominator per region and indicator, recomputed for dirty months. Rows that became
-- zero stay as zero rows, so that the newest row per key is always the truth. One recomputation is one insert block and
-- is seen whole or not at all. generation is the sum of the watermark's offsets: later data, greater generation.
-- The pseudo-indicator 'cases:<record type>' counts the cases that occurred in the month: whether there is data at all.
CREATE TABLE IF NOT EXISTS components
(
    county LowCardinality(String),
    month Date,
    indicator LowCardinality(String),
    region_code LowCardinality(String),
    numerator Decimal(18, 6),
    denominator Decimal(18, 6),
    generation UInt64
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY (county, month, indicator, region_code);

-- Up to which watermark the components of a county are computed; written after them.
CREATE TABLE IF NOT EXISTS component_state
(
    county String,
    generation UInt64,
    watermark String,
    catalogue String,
    computed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY county;
