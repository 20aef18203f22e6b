-- Events without a place, by record type and month of occurrence: refused rows of ledgers, and messages set aside for an unknown
-- region. A case that was stored since, from whatever delivery, is none of them.
CREATE OR REPLACE VIEW v_unplaced DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    last_readings AS (
        SELECT source, record_type, delivery, max(noted_at) AS noted_at FROM unplaced_events
        WHERE county = {county:String} AND event_key = '' GROUP BY source, record_type, delivery),
    letters AS (
        SELECT base64Decode(bytes) AS raw, JSONExtractString(raw, 'occurred_at') AS occurred,
            if(length(occurred) <= 10, substring(occurred, 1, 7),
                formatDateTime(parseDateTime64BestEffortOrZero(occurred, 3, 'UTC'), '%Y-%m', 'Asia/Shanghai')) AS month_text
        FROM dead_letters FINAL
        WHERE reason = 'unknown_region' AND splitByChar('/', ifNull(key, ''))[1] = {county:String}
            AND id NOT IN (SELECT id FROM dead_letter_replays FINAL WHERE outcome = 'stored')),
    events AS (
        SELECT source, event_key, record_type, month FROM unplaced_events FINAL
        WHERE county = {county:String} AND event_key != ''
            AND (source, record_type, delivery, noted_at) IN (SELECT source, record_type, delivery, noted_at FROM last_readings)
        UNION DISTINCT
        SELECT JSONExtractString(raw, 'source') AS source,
            lower(hex(substring(SHA256(concat(JSONExtractString(raw, 'source'), '/', JSONExtractString(raw, 'case_id'))), 1, 8))) AS event_key,
            splitByChar('/', JSONExtractString(raw, 'schema'))[1] AS record_type, toDateOrZero(concat(month_text, '-01')) AS month
        FROM letters
        WHERE month_text >= '1970-01'),
    stored AS (
        SELECT source, lower(hex(substring(SHA256(concat(source, '/', case_id)), 1, 8))) AS event_key FROM (
            SELECT source, case_id FROM police_cases WHERE county = {county:String} AND source IN (SELECT source FROM events)
            UNION ALL
            SELECT source, case_id FROM petition_cases WHERE county = {county:String} AND source IN (SELECT source FROM events)
            UNION ALL
            SELECT source, case_id FROM mediation_cases WHERE county = {county:String} AND source IN (SELECT source FROM events)
            UNION ALL
            SELECT source, case_id FROM opinion_cases WHERE county = {county:String} AND source IN (SELECT source FROM events)))
SELECT e.record_type AS record_type, e.month AS month, uniqExact(e.source, e.event_key) AS unplaced
FROM events AS e
WHERE (e.source, e.event_key) NOT IN (SELECT source, event_key FROM stored)
GROUP BY e.record_type, e.month;

-- What is missing from a month's data: units that were silent against all likelihood, events without a place. For the notices.
CREATE OR REPLACE VIEW v_data_notices DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM run_current WHERE county = {county:String}) AS this_run,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'record_type') AS types,
    placed AS (
        SELECT splitByChar(':', toString(indicator))[2] AS type, sum(numerator) AS cases FROM components FINAL
        WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01')) AND startsWith(indicator, 'cases:')
        GROUP BY type)
SELECT toUInt8(6) AS position, '无报送' AS kind, concat(u.name, '：',
    arrayStringConcat(arrayMap(type -> transform(type, types.1, types.2, type), u.unreported), '、'),
    '本月无报送，请核实。以往月月有报送，碰巧为零的可能性极小，名次可能因漏报而偏高。') AS text
FROM run_units AS u FINAL
WHERE u.run_id = this_run AND notEmpty(u.unreported)
UNION ALL
SELECT toUInt8(6) AS position, '没有乡镇' AS kind, concat(toString(n.unplaced), ' 件（',
    toString(floor(1000 * n.unplaced / (n.unplaced + toFloat64(ifNull(p.cases, 0))) + 0.5) / 10), '%，共 ', toString(n.unplaced + toUInt64(ifNull(p.cases, 0))), ' 件）',
    {month:String}, ' 的', transform(n.record_type, types.1, types.2, n.record_type),
    '没有乡镇，未计入任何单位；名次可能因此变动，见 pingan rank。') AS text
FROM (SELECT record_type, unplaced FROM v_unplaced(county = {county:String}) WHERE month = toDateOrZero(concat({month:String}, '-01'))) AS n
LEFT JOIN placed AS p ON p.type = n.record_type;
