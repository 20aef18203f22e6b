-- A restore empties and fills every table. What has begun and has no end yet must be told apart from an installation that works.
-- continues_from: the group's offsets when the first attempt began, for a log that is not the one of the backup.
CREATE TABLE IF NOT EXISTS restores
(
    backup String,
    state LowCardinality(String),
    continues_from String,
    noted_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY noted_at;
