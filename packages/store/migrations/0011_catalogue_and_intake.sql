-- Words of the catalogue, so that a reader of the database needs no other: written by the program that migrates.
CREATE TABLE IF NOT EXISTS catalogue_indicators
(
    code String,
    position UInt16,
    name String,
    dimension LowCardinality(String),
    unit String,
    direction Int8,
    kind LowCardinality(String),
    definition String,
    plausible_min Float64,
    plausible_max Float64,
    digest String,
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY code;

-- What a code of some kind (dimension, missing_reason, record_type, dead_letter, severity, default_scheme) is called.
CREATE TABLE IF NOT EXISTS catalogue_words
(
    kind LowCardinality(String),
    code String,
    position UInt16,
    text String,
    digest String,
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY (kind, code);

-- Paragraphs about a run's units, which tell the change since another run (before_run_id, '' in the first month): current
-- together with both.
CREATE TABLE IF NOT EXISTS run_stories
(
    run_id String,
    before_run_id String,
    region_code LowCardinality(String),
    text String
)
ENGINE = ReplacingMergeTree
ORDER BY (run_id, before_run_id, region_code);

-- What came in, by month of occurrence and place: counted where it is stored, so that no reader scans the cases. Every
-- figure is a maximum or a number of different things; a window that is stored twice changes none of them. Months are
-- those of China; delay_days is the upper limit of a class of days between occurrence and recording, 65535 without one.
CREATE TABLE IF NOT EXISTS intake
(
    county LowCardinality(String),
    month Date,
    stream LowCardinality(String),
    record_type LowCardinality(String),
    region_code LowCardinality(String),
    delay_days UInt16,
    messages AggregateFunction(uniqCombined(17), UInt32, UInt64),
    versions AggregateFunction(uniqCombined(17), String, String, UInt64),
    cases AggregateFunction(uniqCombined(17), String, String),
    retracted AggregateFunction(uniqCombined(17), String, String),
    last_occurred_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    last_recorded_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    last_stored_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (county, month, stream, record_type, region_code, delay_days);

-- Each view is made before what is stored already is counted: what is counted by both is counted once.
CREATE MATERIALIZED VIEW IF NOT EXISTS intake_of_police TO intake AS
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'police' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(police_cases.occurred_at) AS last_occurred_at, max(police_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM police_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

INSERT INTO intake
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'police' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(police_cases.occurred_at) AS last_occurred_at, max(police_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM police_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

CREATE MATERIALIZED VIEW IF NOT EXISTS intake_of_petition TO intake AS
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'petition' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(petition_cases.occurred_at) AS last_occurred_at, max(petition_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM petition_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

INSERT INTO intake
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'petition' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(petition_cases.occurred_at) AS last_occurred_at, max(petition_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM petition_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

CREATE MATERIALIZED VIEW IF NOT EXISTS intake_of_mediation TO intake AS
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'mediation' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(mediation_cases.occurred_at) AS last_occurred_at, max(mediation_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM mediation_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

INSERT INTO intake
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'mediation' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(mediation_cases.occurred_at) AS last_occurred_at, max(mediation_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM mediation_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

CREATE MATERIALIZED VIEW IF NOT EXISTS intake_of_opinion TO intake AS
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'opinion' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(opinion_cases.occurred_at) AS last_occurred_at, max(opinion_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM opinion_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

INSERT INTO intake
SELECT county, toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) AS month, 'opinion' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(opinion_cases.occurred_at) AS last_occurred_at, max(opinion_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM opinion_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;
