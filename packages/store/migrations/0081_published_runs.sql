-- Which run of a month was published, and when. Rows are only added; the newest of a month counts. Late data make another run the
-- current one and touch nothing here.
CREATE TABLE IF NOT EXISTS run_published
(
    county LowCardinality(String),
    period Date,
    run_id String,
    published_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (county, period, published_at);

-- What readers choose from. basis: 'latest' follows the data, 'published' changes with a publication alone. Of several rows of a
-- county, month and basis the one that was activated last is shown.
CREATE OR REPLACE VIEW shown_runs DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT 'latest' AS basis, county, period, run_id, activated_at FROM run_current
UNION ALL
SELECT 'published' AS basis, county, period, run_id, published_at AS activated_at FROM run_published;
