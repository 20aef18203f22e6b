-- A day before 1970 is not a Date: it wrapped into the 2120s to 2140s. Cases that old are taken in under January 1970, the first
-- month there is: nobody looks at that month for itself, and the newest of everything stays the newest.

ALTER TABLE intake_of_police MODIFY QUERY
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'police' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(police_cases.occurred_at) AS last_occurred_at, max(police_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM police_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

ALTER TABLE intake_of_petition MODIFY QUERY
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'petition' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(petition_cases.occurred_at) AS last_occurred_at, max(petition_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM petition_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

ALTER TABLE intake_of_mediation MODIFY QUERY
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'mediation' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(mediation_cases.occurred_at) AS last_occurred_at, max(mediation_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM mediation_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

ALTER TABLE intake_of_opinion MODIFY QUERY
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'opinion' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(opinion_cases.occurred_at) AS last_occurred_at, max(opinion_cases.recorded_at) AS last_recorded_at, max(stored_at) AS last_stored_at
FROM opinion_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

-- The contract ends with 2100: a later month is one that wrapped. States can be merged twice without harm.
INSERT INTO intake
SELECT county, toDate('1970-01-01') AS month, stream, record_type, region_code, delay_days,
    messages, versions, cases, retracted, last_occurred_at, last_recorded_at, last_stored_at
FROM intake WHERE intake.month > '2101-01-01';

ALTER TABLE intake DELETE WHERE month > '2101-01-01' SETTINGS mutations_sync = 2;
