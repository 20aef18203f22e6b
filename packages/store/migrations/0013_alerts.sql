-- What alerts are judged by.

-- The hours in which a stream of a county delivered something: how long it is usually silent can be told from them. The
-- scorer notes them from the newest rows, so that storing a window costs nothing more.
CREATE TABLE IF NOT EXISTS arrivals
(
    county LowCardinality(String),
    stream LowCardinality(String),
    hour DateTime('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (county, stream, hour)
TTL hour + INTERVAL 2 YEAR;

-- A reconciliation that found differences and left them is a row as well; 0 for those before, which were all clean.
ALTER TABLE reconciles ADD COLUMN IF NOT EXISTS differences UInt64 DEFAULT 0;

CREATE OR REPLACE VIEW v_reconciles DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH (SELECT (groupArray(county), groupArray(name)) FROM v_counties) AS names
SELECT toString(r.county) AS county, transform(toString(r.county), names.1, names.2, toString(r.county)) AS name,
    max(r.finished_at) AS finished_at, argMax(r.messages, r.finished_at) AS messages
FROM reconciles AS r
WHERE r.differences = 0
GROUP BY county;

-- How long each stream has been silent, and how long it usually is at most: the second longest pause of the half year before
-- its last arrival, so that one outage does not become the rule. NULL with fewer than four pauses: then it is not known.
CREATE OR REPLACE VIEW v_rhythm DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT (groupArray(county), groupArray(name)) FROM v_counties) AS names,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'stream') AS streams,
    arraySort(groupUniqArray(toUnixTimestamp(a.hour))) AS all_hours,
    arrayFilter(hour -> hour >= all_hours[-1] - 26 * 7 * 86400, all_hours) AS hours,
    arrayReverseSort(arrayMap((earlier, later) -> later - earlier, arrayPopBack(hours), arrayPopFront(hours))) AS pauses
SELECT toString(a.county) AS county, transform(toString(a.county), names.1, names.2, toString(a.county)) AS name,
    toString(a.stream) AS stream, transform(toString(a.stream), streams.1, streams.2, toString(a.stream)) AS stream_name,
    greatest(0, dateDiff('second', max(a.hour), now())) AS silent_seconds,
    if(length(pauses) >= 4, toNullable(pauses[2]), NULL) AS usual_seconds
FROM arrivals AS a
GROUP BY a.county, a.stream;

-- Every unit of the last complete month that was scored, in every county: what a message about a unit is made of.
-- is_beyond: this month's score lies outside last month's interval, and last month's outside this month's.
CREATE OR REPLACE VIEW v_unit_alerts DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT max(text) FROM catalogue_words FINAL WHERE kind = 'default_scheme') AS default_scheme,
    current_runs AS (
        SELECT county, period, argMax(run_id, activated_at) AS run_id FROM run_current
        WHERE period < toStartOfMonth(toDate(now('Asia/Shanghai'))) GROUP BY county, period),
    last_runs AS (
        SELECT county, max(period) AS last_period, argMax(run_id, period) AS run_id FROM current_runs GROUP BY county),
    pairs AS (
        SELECT l.county AS county, l.last_period AS last_period, l.run_id AS run_id, b.run_id AS run_before
        FROM last_runs AS l
        LEFT JOIN current_runs AS b ON b.county = l.county AND b.period = addMonths(l.last_period, -1)),
    worst AS (
        SELECT r.run_id AS run_id,
            arraySort(band -> band.3, JSONExtract(ifNull(if(s.document = '', default_scheme, s.document), ''), 'bands',
                'Array(Tuple(id String, name String, min Float64))'))[1] AS band
        FROM (SELECT run_id, scheme_hash FROM runs FINAL WHERE run_id IN (SELECT run_id FROM pairs)) AS r
        LEFT JOIN (SELECT hash, max(document) AS document FROM schemes GROUP BY hash) AS s ON s.hash = r.scheme_hash)
SELECT CAST(p.county AS String) AS county, n.name AS county_name, n.is_demo AS is_demo, formatDateTime(p.last_period, '%Y-%m') AS month,
    CAST(u.region_code AS String) AS region_code, u.name AS unit_name, u.score AS score, u.rank AS rank,
    ifNull(u.band, '') = w.band.1 AS is_worst_band, w.band.2 AS worst_name, u.band_months AS band_months,
    e.score AS score_before, u.score - e.score AS score_change,
    ifNull((u.score < e.score_low OR u.score > e.score_high) AND (e.score < u.score_low OR e.score > u.score_high), 0) AS is_beyond
FROM (SELECT * FROM run_units FINAL WHERE run_id IN (SELECT run_id FROM pairs)) AS u
INNER JOIN pairs AS p ON p.run_id = u.run_id
INNER JOIN worst AS w ON w.run_id = u.run_id
LEFT JOIN v_counties AS n ON n.county = p.county
LEFT JOIN (
    SELECT run_id, region_code, toNullable(score) AS score, score_low, score_high FROM run_units FINAL
    WHERE run_id IN (SELECT run_before FROM pairs)
) AS e ON e.run_id = p.run_before AND e.region_code = u.region_code;

-- Deaths in police cases that came from a dispute (民转刑), as the cases stand now, of two months back at most: by place and day,
-- without any case. A dispute names its criminal case by id, with or without its source.
CREATE OR REPLACE VIEW v_dispute_deaths DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    deadly AS (
        SELECT county, source, case_id, min(stored_at) AS known_at,
            argMax((op, region_code, occurred_at, ifNull(deaths, 0), ifNull(linked_dispute_id, '')), (version, op = 'retract', digest)) AS kept
        FROM police_cases
        WHERE (county, source, case_id) IN (
            SELECT county, source, case_id FROM police_cases
            WHERE deaths >= 1 AND occurred_at > now() - INTERVAL 62 DAY)
        GROUP BY county, source, case_id
        HAVING kept.1 = 'upsert' AND kept.4 >= 1 AND kept.3 > now() - INTERVAL 62 DAY),
    turned AS (
        SELECT county, argMax((op, ifNull(turned_criminal_case_id, '')), (version, op = 'retract', digest)) AS kept
        FROM mediation_cases
        WHERE (county, source, case_id) IN (
            SELECT county, source, case_id FROM mediation_cases WHERE turned_criminal_at > now() - INTERVAL 400 DAY)
        GROUP BY county, source, case_id
        HAVING kept.1 = 'upsert' AND kept.2 != ''),
    places AS (
        SELECT code AS county, JSONExtractString(document, 'name') AS name,
            JSONExtractRaw(document, 'demo') NOT IN ('', 'null') AS is_demo,
            JSONExtract(document, 'regions', 'regions', 'Array(Tuple(code String, name String))') AS regions
        FROM counties FINAL)
SELECT d.county AS county, p.name AS county_name, p.is_demo AS is_demo, d.kept.2 AS region_code,
    arrayFirst(r -> r.1 = d.kept.2, p.regions).2 AS known_name, if(known_name = '', d.kept.2, known_name) AS unit_name,
    toDate(d.kept.3, 'Asia/Shanghai') AS day, d.kept.4 AS deaths, d.known_at AS known_at
FROM deadly AS d
LEFT JOIN places AS p ON p.county = d.county
WHERE d.kept.5 != ''
    OR (d.county, d.case_id) IN (SELECT county, kept.2 FROM turned)
    OR (d.county, concat(d.source, '/', d.case_id)) IN (SELECT county, kept.2 FROM turned);
