-- A restore empties and fills every table. One that has begun and has no end yet must be told apart from an installation that works.
-- demo_counties: documents of made-up counties that were registered when the first attempt began.
CREATE TABLE IF NOT EXISTS restores
(
    backup String,
    state LowCardinality(String),
    demo_counties String,
    noted_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY noted_at;
