-- Every version of every case, one table per stream. A case may change its month or township between versions, so the
-- tables are not partitioned by month; a cluster shards them by county, the first column of every key.
--
-- keep_rank makes the row with the SMALLEST offset survive when the same version is delivered twice: a reader as of an
-- older watermark must still find it. The partition is part of the key because offsets of two partitions do not compare.
--
-- non_replicated_deduplication_window remembers the tokens of the last windows, so that a retried window adds nothing.

CREATE TABLE IF NOT EXISTS police_cases
(
    county LowCardinality(String),
    source LowCardinality(String),
    case_id String,
    version UInt64,
    digest UInt64,
    kafka_partition UInt32,
    kafka_offset UInt64,
    keep_rank UInt64 MATERIALIZED 18446744073709551615 - kafka_offset,
    record_type LowCardinality(String),
    op LowCardinality(String),
    region_code LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    occurred_precision LowCardinality(String),
    recorded_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3),
    category LowCardinality(Nullable(String)),
    sub_category LowCardinality(Nullable(String)),
    is_preventable Nullable(Bool),
    is_emergency Nullable(Bool),
    area_class LowCardinality(Nullable(String)),
    reported_at Nullable(DateTime64(3, 'UTC')),
    dispatched_at Nullable(DateTime64(3, 'UTC')),
    arrived_at Nullable(DateTime64(3, 'UTC')),
    feedback_at Nullable(DateTime64(3, 'UTC')),
    closed_at Nullable(DateTime64(3, 'UTC')),
    case_status LowCardinality(Nullable(String)),
    injured Nullable(UInt32),
    deaths Nullable(UInt32),
    loss_amount Nullable(Float64),
    fraud_intercepted Nullable(Bool),
    prior_case_ref Nullable(String),
    linked_dispute_id Nullable(String)
)
ENGINE = ReplacingMergeTree(keep_rank)
ORDER BY (county, source, case_id, version, digest, kafka_partition)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS petition_cases
(
    county LowCardinality(String),
    source LowCardinality(String),
    case_id String,
    version UInt64,
    digest UInt64,
    kafka_partition UInt32,
    kafka_offset UInt64,
    keep_rank UInt64 MATERIALIZED 18446744073709551615 - kafka_offset,
    record_type LowCardinality(String),
    op LowCardinality(String),
    region_code LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    occurred_precision LowCardinality(String),
    recorded_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3),
    petition_type LowCardinality(Nullable(String)),
    channel LowCardinality(Nullable(String)),
    is_first Nullable(Bool),
    repeat_of Nullable(String),
    group_size Nullable(UInt32),
    level_received LowCardinality(Nullable(String)),
    competent_level LowCardinality(Nullable(String)),
    registered_at Nullable(DateTime64(3, 'UTC')),
    transferred_at Nullable(DateTime64(3, 'UTC')),
    accept_notified_at Nullable(DateTime64(3, 'UTC')),
    accepted_at Nullable(DateTime64(3, 'UTC')),
    due_at Nullable(DateTime64(3, 'UTC')),
    extended_to Nullable(DateTime64(3, 'UTC')),
    closed_at Nullable(DateTime64(3, 'UTC')),
    reply_at Nullable(DateTime64(3, 'UTC')),
    objection_at Nullable(DateTime64(3, 'UTC')),
    outcome LowCardinality(Nullable(String)),
    satisfaction LowCardinality(Nullable(String)),
    review_requested_at Nullable(DateTime64(3, 'UTC')),
    review_decided_at Nullable(DateTime64(3, 'UTC')),
    recheck_requested_at Nullable(DateTime64(3, 'UTC')),
    recheck_decided_at Nullable(DateTime64(3, 'UTC')),
    is_backlog Nullable(Bool)
)
ENGINE = ReplacingMergeTree(keep_rank)
ORDER BY (county, source, case_id, version, digest, kafka_partition)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS mediation_cases
(
    county LowCardinality(String),
    source LowCardinality(String),
    case_id String,
    version UInt64,
    digest UInt64,
    kafka_partition UInt32,
    kafka_offset UInt64,
    keep_rank UInt64 MATERIALIZED 18446744073709551615 - kafka_offset,
    record_type LowCardinality(String),
    op LowCardinality(String),
    region_code LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    occurred_precision LowCardinality(String),
    recorded_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3),
    dispute_type LowCardinality(Nullable(String)),
    found_by LowCardinality(Nullable(String)),
    docking_channel LowCardinality(Nullable(String)),
    level LowCardinality(Nullable(String)),
    mediator_unit LowCardinality(Nullable(String)),
    accepted_at Nullable(DateTime64(3, 'UTC')),
    closed_at Nullable(DateTime64(3, 'UTC')),
    result LowCardinality(Nullable(String)),
    agreement_form LowCardinality(Nullable(String)),
    perform_due_at Nullable(DateTime64(3, 'UTC')),
    performed_at Nullable(DateTime64(3, 'UTC')),
    follow_up_at Nullable(DateTime64(3, 'UTC')),
    follow_up_result LowCardinality(Nullable(String)),
    recurrence_of Nullable(String),
    risk_level LowCardinality(Nullable(String)),
    police_alerted_at Nullable(DateTime64(3, 'UTC')),
    turned_criminal_case_id Nullable(String),
    turned_criminal_at Nullable(DateTime64(3, 'UTC')),
    grid_id LowCardinality(Nullable(String)),
    event_type LowCardinality(Nullable(String)),
    due_at Nullable(DateTime64(3, 'UTC')),
    returned Nullable(Bool),
    hazard_type LowCardinality(Nullable(String)),
    found_at Nullable(DateTime64(3, 'UTC')),
    fixed_at Nullable(DateTime64(3, 'UTC'))
)
ENGINE = ReplacingMergeTree(keep_rank)
ORDER BY (county, source, case_id, version, digest, kafka_partition)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS opinion_cases
(
    county LowCardinality(String),
    source LowCardinality(String),
    case_id String,
    version UInt64,
    digest UInt64,
    kafka_partition UInt32,
    kafka_offset UInt64,
    keep_rank UInt64 MATERIALIZED 18446744073709551615 - kafka_offset,
    record_type LowCardinality(String),
    op LowCardinality(String),
    region_code LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    occurred_precision LowCardinality(String),
    recorded_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3),
    topic LowCardinality(Nullable(String)),
    sentiment LowCardinality(Nullable(String)),
    level Nullable(UInt8),
    heat Nullable(Float64),
    is_false_rumour Nullable(Bool),
    needs_response Nullable(Bool),
    discovered_at Nullable(DateTime64(3, 'UTC')),
    verified_at Nullable(DateTime64(3, 'UTC')),
    first_response_at Nullable(DateTime64(3, 'UTC')),
    closed_at Nullable(DateTime64(3, 'UTC')),
    peak_level Nullable(UInt8),
    secondary_of Nullable(String)
)
ENGINE = ReplacingMergeTree(keep_rank)
ORDER BY (county, source, case_id, version, digest, kafka_partition)
SETTINGS non_replicated_deduplication_window = 10000;
