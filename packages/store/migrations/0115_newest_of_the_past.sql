-- The newest that happened and was recorded: of what was past when it was stored. One event of a year ahead, let in before such were
-- refused, hid its group (one month, township and delay) while it was ahead, and afterwards hid that nothing came any more. A day
-- beyond is the skew of clocks that is let in; that counts as of its storing. The beginning of 1970 stands for nothing, and
-- the second after it for all before: ClickHouse's compiled max takes a negative DateTime64 for the greatest.

ALTER TABLE intake_of_police MODIFY QUERY
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'police' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    uniqCombinedState(17)(kafka_partition, kafka_offset) AS messages,
    uniqCombinedState(17)(source, case_id, version) AS versions,
    uniqCombinedState(17)(source, case_id) AS cases,
    uniqCombinedStateIf(17)(source, case_id, op = 'retract') AS retracted,
    max(if(police_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(police_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(police_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(police_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
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
    max(if(petition_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(petition_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(petition_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(petition_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
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
    max(if(mediation_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(mediation_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(mediation_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(mediation_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
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
    max(if(opinion_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(opinion_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(opinion_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(opinion_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
FROM opinion_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

-- What is counted already: the maxima are taken back and made again. What comes in between is counted by both.
ALTER TABLE intake UPDATE last_occurred_at = toDateTime64(0, 3, 'UTC'),
    last_recorded_at = toDateTime64(0, 3, 'UTC') WHERE 1 SETTINGS mutations_sync = 2;

INSERT INTO intake (county, month, stream, record_type, region_code, delay_days, last_occurred_at, last_recorded_at, last_stored_at)
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'police' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    max(if(police_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(police_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(police_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(police_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
FROM police_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

INSERT INTO intake (county, month, stream, record_type, region_code, delay_days, last_occurred_at, last_recorded_at, last_stored_at)
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'petition' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    max(if(petition_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(petition_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(petition_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(petition_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
FROM petition_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

INSERT INTO intake (county, month, stream, record_type, region_code, delay_days, last_occurred_at, last_recorded_at, last_stored_at)
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'mediation' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    max(if(mediation_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(mediation_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(mediation_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(mediation_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
FROM mediation_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

INSERT INTO intake (county, month, stream, record_type, region_code, delay_days, last_occurred_at, last_recorded_at, last_stored_at)
SELECT county, toStartOfMonth(toDate(greatest(toDate32(occurred_at, 'Asia/Shanghai'), toDate32('1970-01-01')))) AS month,
    'opinion' AS stream, record_type, region_code,
    multiIf(recorded_at <= occurred_at + INTERVAL 1 DAY, 1, recorded_at <= occurred_at + INTERVAL 3 DAY, 3,
        recorded_at <= occurred_at + INTERVAL 7 DAY, 7, recorded_at <= occurred_at + INTERVAL 30 DAY, 30, 65535) AS delay_days,
    max(if(opinion_cases.occurred_at <= stored_at + INTERVAL 1 DAY, greatest(least(opinion_cases.occurred_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_occurred_at,
    max(if(opinion_cases.recorded_at <= stored_at + INTERVAL 1 DAY, greatest(least(opinion_cases.recorded_at, stored_at), toDateTime64(1, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS last_recorded_at,
    max(stored_at) AS last_stored_at
FROM opinion_cases
GROUP BY county, month, stream, record_type, region_code, delay_days;

-- What came in, as before; without the time of a recording in the future.
CREATE OR REPLACE VIEW v_intake DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT JSONExtract(max(document), 'regions', 'regions',
            'Array(Tuple(code String, name String, parent String, ranked Bool, countsAs String, formerCodes Array(String), validTo String))')
        FROM counties FINAL WHERE code = {county:String}
    ) AS listed,
    arrayFlatten(arrayMap(r -> arrayMap(known -> (known, r.1, r.2, r.3, r.4 AND (r.7 = '' OR r.5 = '' OR r.7 >= {month:String}), r.5),
        arrayPushFront(r.6, r.1)), listed)) AS regions,
    arrayMap(r -> r.1, regions) AS region_codes,
    arrayMap(r -> if(r.5, r.2, if(r.6 = '', if(r.4 = '', r.2, r.4), r.6)), regions) AS ups,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'stream') AS streams
SELECT stream, transform(toString(stream), streams.1, streams.2, toString(stream)) AS stream_name, indexOf(['police', 'petition', 'mediation', 'opinion'], stream) AS position,
    transform(transform(toString(region_code), region_codes, ups, toString(region_code)), region_codes, ups, toString(region_code)) AS unit_code,
    transform(unit_code, region_codes, arrayMap(r -> r.3, regions), unit_code) AS unit_name,
    uniqCombinedMerge(17)(i.messages) AS messages, uniqCombinedMerge(17)(i.versions) AS versions,
    uniqCombinedMergeIf(17)(i.versions, delay_days > 7) AS late_versions, uniqCombinedMerge(17)(i.cases) AS cases,
    uniqCombinedMerge(17)(i.retracted) AS retracted, maxOrNullIf(i.last_recorded_at, i.last_recorded_at > toDateTime64(0, 3, 'UTC')) AS last_recorded_at
FROM intake AS i
WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01'))
GROUP BY stream, unit_code;

-- The newest of every stream and unit, whatever the month.
CREATE OR REPLACE VIEW v_freshness DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT JSONExtract(max(document), 'regions', 'regions',
            'Array(Tuple(code String, name String, parent String, ranked Bool, countsAs String, formerCodes Array(String), validTo String))')
        FROM counties FINAL WHERE code = {county:String}
    ) AS listed,
    arrayFlatten(arrayMap(r -> arrayMap(known -> (known, r.1, r.2, r.3, r.4 AND (r.7 = '' OR r.5 = '' OR r.7 >= formatDateTime(now('Asia/Shanghai'), '%Y-%m')), r.5),
        arrayPushFront(r.6, r.1)), listed)) AS regions,
    arrayMap(r -> r.1, regions) AS region_codes,
    arrayMap(r -> if(r.5, r.2, if(r.6 = '', if(r.4 = '', r.2, r.4), r.6)), regions) AS ups,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'stream') AS streams
SELECT stream, transform(toString(stream), streams.1, streams.2, toString(stream)) AS stream_name, indexOf(['police', 'petition', 'mediation', 'opinion'], stream) AS position,
    transform(transform(toString(region_code), region_codes, ups, toString(region_code)), region_codes, ups, toString(region_code)) AS unit_code,
    maxOrNullIf(i.last_occurred_at, i.last_occurred_at > toDateTime64(0, 3, 'UTC')) AS last_occurred_at,
    maxOrNullIf(i.last_recorded_at, i.last_recorded_at > toDateTime64(0, 3, 'UTC')) AS last_recorded_at,
    max(i.last_stored_at) AS last_stored_at
FROM intake AS i
WHERE county = {county:String}
GROUP BY stream, unit_code;
