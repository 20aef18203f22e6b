-- What `pingan import` sent, for as long as it runs: the statements that tell what became of it need the ids and versions,
-- and two million of them do not travel as parameters. One partition per import, so that forgetting it costs nothing.

CREATE TABLE IF NOT EXISTS delivery_rows
(
    delivery String,
    case_id String,
    version UInt64,
    noted_at DateTime DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY delivery
ORDER BY case_id
TTL noted_at + INTERVAL 1 DAY
SETTINGS ttl_only_drop_parts = 1;
