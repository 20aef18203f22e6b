-- Where a message belongs, by the region table of today: a former code is its region of today, a unit that has ended counts
-- where its table says (merged into another) from the month after its last.
-- What came in, by month of occurrence and the unit it belongs to: what was delivered, whatever became of it.
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
    uniqCombinedMerge(17)(i.retracted) AS retracted, max(i.last_recorded_at) AS last_recorded_at
FROM intake AS i
WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01'))
GROUP BY stream, unit_code;

CREATE OR REPLACE VIEW v_delays DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT JSONExtract(max(document), 'regions', 'regions',
            'Array(Tuple(code String, name String, parent String, ranked Bool, countsAs String, formerCodes Array(String), validTo String))')
        FROM counties FINAL WHERE code = {county:String}
    ) AS listed,
    arrayFlatten(arrayMap(r -> arrayMap(known -> (known, r.1, r.2, r.3, r.4 AND (r.7 = '' OR r.5 = '' OR r.7 >= {month:String}), r.5),
        arrayPushFront(r.6, r.1)), listed)) AS regions,
    arrayMap(r -> r.1, regions) AS region_codes,
    arrayMap(r -> if(r.5, r.2, if(r.6 = '', if(r.4 = '', r.2, r.4), r.6)), regions) AS ups
SELECT delay_days, transform(transform(toString(region_code), region_codes, ups, toString(region_code)), region_codes, ups, toString(region_code)) AS unit_code,
    uniqCombinedMerge(17)(i.versions) AS versions
FROM intake AS i
WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01'))
GROUP BY delay_days, unit_code;

-- The newest of every stream and unit, whatever the month. What claims to be from the future is refused since; rows from
-- before are not the newest: a group (of one month, township and delay) with such a row is left out beyond a day, the skew
-- of clocks that is still let in, and shown as now within it.
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
    maxOrNullIf(least(i.last_occurred_at, now64(3)), i.last_occurred_at <= now64(3) + INTERVAL 1 DAY) AS last_occurred_at,
    maxOrNullIf(least(i.last_recorded_at, now64(3)), i.last_recorded_at <= now64(3) + INTERVAL 1 DAY) AS last_recorded_at,
    max(i.last_stored_at) AS last_stored_at
FROM intake AS i
WHERE county = {county:String}
GROUP BY stream, unit_code;

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
            JSONExtract(document, 'regions', 'regions', 'Array(Tuple(code String, name String, formerCodes Array(String)))') AS regions
        FROM counties FINAL)
SELECT d.county AS county, p.name AS county_name, p.is_demo AS is_demo, d.kept.2 AS region_code,
    arrayFirst(r -> r.1 = d.kept.2 OR has(r.3, d.kept.2), p.regions).2 AS known_name, if(known_name = '', d.kept.2, known_name) AS unit_name,
    toDate(d.kept.3, 'Asia/Shanghai') AS day, d.kept.4 AS deaths, d.known_at AS known_at
FROM deadly AS d
LEFT JOIN places AS p ON p.county = d.county
WHERE d.kept.5 != ''
    OR (d.county, d.case_id) IN (SELECT county, kept.2 FROM turned)
    OR (d.county, concat(d.source, '/', d.case_id)) IN (SELECT county, kept.2 FROM turned);
