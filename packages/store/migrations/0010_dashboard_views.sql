-- What dashboards read, and the only thing they read: a change of tables changes a view here and no dashboard. Views take
-- the county (and month) as parameters, so that a query reads the rows of the runs it shows by primary key. They run with
-- the rights of whoever made them: a reader needs SELECT on views alone. `month` is YYYY-MM; whatever else it is, is no month.

CREATE OR REPLACE VIEW v_current DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT county, period, argMax(run_id, activated_at) AS run_id
FROM run_current
GROUP BY county, period;

CREATE OR REPLACE VIEW v_counties DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT code AS county, JSONExtractString(document, 'name') AS name,
    JSONExtractString(document, 'timeZone') AS time_zone,
    JSONExtractRaw(document, 'demo') NOT IN ('', 'null') AS is_demo
FROM counties FINAL;

CREATE OR REPLACE VIEW v_months DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT period, formatDateTime(period, '%Y-%m') AS month, run_id, scheme_hash, scheme_name, created_at
FROM runs FINAL
WHERE county = {county:String} AND run_id IN (SELECT run_id FROM v_current WHERE county = {county:String});

-- Colours of the scheme a month was scored with, best first.
CREATE OR REPLACE VIEW v_bands DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT any(scheme_hash) FROM runs WHERE run_id IN (
            SELECT run_id FROM v_current
            WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01')))
    ) AS run_scheme
SELECT bands[place].1 AS band, bands[place].2 AS name, bands[place].3 AS min_score,
    toUInt16(place) AS position, place = length(bands) AS is_worst
FROM (
    SELECT arrayReverseSort(band -> band.3, JSONExtract(if(max(own) = '', max(fallback), max(own)), 'bands',
        'Array(Tuple(id String, name String, min Float64))')) AS bands
    FROM (
        SELECT document AS own, '' AS fallback FROM schemes WHERE hash = run_scheme
        UNION ALL
        SELECT '' AS own, text AS fallback FROM catalogue_words FINAL WHERE kind = 'default_scheme'))
ARRAY JOIN arrayEnumerate(bands) AS place;

-- One row per unit of a month's current run. indistinct_*: the places of the units it cannot be told from.
CREATE OR REPLACE VIEW v_ranking DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    now_units AS (
        SELECT * FROM run_units FINAL WHERE run_id IN (
            SELECT run_id FROM v_current
            WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01')))),
    month_before AS (
        SELECT region_code, score, rank, band FROM run_units FINAL WHERE run_id IN (
            SELECT run_id FROM v_current
            WHERE county = {county:String} AND period = addMonths(toDateOrZero(concat({month:String}, '-01')), -1))),
    year_before AS (
        SELECT region_code, score, rank FROM run_units FINAL WHERE run_id IN (
            SELECT run_id FROM v_current
            WHERE county = {county:String} AND period = addYears(toDateOrZero(concat({month:String}, '-01')), -1))),
    streams AS (
        SELECT region_code,
            maxIf(score, dimension = 'police') AS police, maxIf(score, dimension = 'petition') AS petition,
            maxIf(score, dimension = 'mediation') AS mediation, maxIf(score, dimension = 'opinion') AS opinion,
            maxIf(score, dimension = 'creation') AS creation
        FROM run_dimensions FINAL WHERE run_id IN (SELECT run_id FROM now_units) GROUP BY region_code),
    taken_off AS (
        SELECT region_code, sum(applied) AS deducted
        FROM run_deductions FINAL WHERE run_id IN (SELECT run_id FROM now_units) GROUP BY region_code),
    group_ranks AS (
        SELECT number, min(rank) AS low, max(rank) AS high, count() AS units
        FROM (SELECT rank, arrayJoin(groups) AS number FROM now_units) GROUP BY number),
    indistinct AS (
        SELECT region_code, min(low) AS low, max(high) AS high, max(units) AS units
        FROM (SELECT region_code, arrayJoin(groups) AS number FROM now_units) AS own
        INNER JOIN group_ranks USING (number) GROUP BY region_code)
SELECT u.region_code AS region_code, u.name AS name, u.peer_class AS peer_class, u.score AS score, u.rank AS rank,
    u.class_rank AS class_rank, u.band AS band, if(b.name = '', ifNull(u.band, ''), b.name) AS band_name,
    b.position AS band_position, b.is_worst AS is_worst_band, u.band_months AS band_months,
    u.score_low AS score_low, u.score_high AS score_high, u.rank_low AS rank_low, u.rank_high AS rank_high,
    if(i.units > 1, i.low, NULL) AS indistinct_low, if(i.units > 1, i.high, NULL) AS indistinct_high,
    u.score - m.score AS score_change, toInt32(m.rank) - toInt32(u.rank) AS places_gained,
    m.score AS score_before, m.rank AS rank_before, m.band AS band_before,
    y.score AS score_year_before, u.score - y.score AS score_change_year,
    s.police AS police, s.petition AS petition, s.mediation AS mediation, s.opinion AS opinion, s.creation AS creation,
    d.deducted AS deducted, if(u.score IS NULL, if(w.text = '', ifNull(u.missing_reason, ''), w.text), '') AS missing_text
FROM now_units AS u
LEFT JOIN month_before AS m ON m.region_code = u.region_code
LEFT JOIN year_before AS y ON y.region_code = u.region_code
LEFT JOIN streams AS s ON s.region_code = u.region_code
LEFT JOIN taken_off AS d ON d.region_code = u.region_code
LEFT JOIN indistinct AS i ON i.region_code = u.region_code
LEFT JOIN (SELECT * FROM v_bands(county = {county:String}, month = {month:String})) AS b ON b.band = ifNull(u.band, '')
LEFT JOIN (SELECT code, text FROM catalogue_words FINAL WHERE kind = 'missing_reason') AS w
    ON w.code = ifNull(u.missing_reason, '');

-- Every unit in every month.
CREATE OR REPLACE VIEW v_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT c.period AS period, u.region_code AS region_code, u.name AS name, u.score AS score, u.rank AS rank,
    u.band AS band, u.score_low AS score_low, u.score_high AS score_high, u.rank_low AS rank_low,
    u.rank_high AS rank_high
FROM (SELECT * FROM run_units FINAL WHERE run_id IN (SELECT run_id FROM v_current WHERE county = {county:String})) AS u
INNER JOIN (SELECT period, run_id FROM v_current WHERE county = {county:String}) AS c ON c.run_id = u.run_id;

CREATE OR REPLACE VIEW v_dimensions DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT d.region_code AS region_code, u.name AS name, d.dimension AS dimension, w.text AS dimension_name,
    w.position AS position, d.score AS score, d.weight AS weight
FROM (
    SELECT * FROM run_dimensions FINAL WHERE run_id IN (
        SELECT run_id FROM v_current
        WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01')))) AS d
LEFT JOIN (
    SELECT region_code, name FROM run_units FINAL WHERE run_id IN (
        SELECT run_id FROM v_current
        WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01')))) AS u
    ON u.region_code = d.region_code
LEFT JOIN (SELECT code, text, position FROM catalogue_words FINAL WHERE kind = 'dimension') AS w ON w.code = d.dimension;

CREATE OR REPLACE VIEW v_dimension_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT c.period AS period, d.region_code AS region_code, d.dimension AS dimension, w.text AS dimension_name,
    d.score AS score
FROM (
    SELECT * FROM run_dimensions FINAL
    WHERE run_id IN (SELECT run_id FROM v_current WHERE county = {county:String})) AS d
INNER JOIN (SELECT period, run_id FROM v_current WHERE county = {county:String}) AS c ON c.run_id = d.run_id
LEFT JOIN (SELECT code, text FROM catalogue_words FINAL WHERE kind = 'dimension') AS w ON w.code = d.dimension;

CREATE OR REPLACE VIEW v_indicator_names DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT i.code AS code, i.name AS name, i.position AS position, i.dimension AS dimension, w.text AS dimension_name,
    i.unit AS unit, i.direction AS direction, i.kind AS kind, i.definition AS definition
FROM (SELECT * FROM catalogue_indicators FINAL) AS i
LEFT JOIN (SELECT code, text FROM catalogue_words FINAL WHERE kind = 'dimension') AS w ON w.code = i.dimension;

-- Every indicator of every unit of a month.
CREATE OR REPLACE VIEW v_indicators DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT r.region_code AS region_code, u.name AS unit_name, u.peer_class AS peer_class, u.rank AS unit_rank,
    r.code AS code, if(n.name = '', r.code, n.name) AS name, n.position AS position,
    n.dimension_name AS dimension_name, n.unit AS unit, n.direction AS direction,
    n.kind AS kind, r.numerator AS numerator, r.denominator AS denominator, r.population AS population,
    r.window_from AS window_from, r.window_to AS window_to, r.months AS months, r.value AS value,
    r.shrunken_value AS shrunken_value, r.g0 AS g0, r.g60 AS g60, r.g100 AS g100, r.level AS level, r.trend AS trend,
    r.score AS score, r.weight AS weight, r.contribution AS contribution, r.missing_reason = 'context' AS is_context,
    if(r.missing_reason IS NULL, '', if(w.text = '', ifNull(r.missing_reason, ''), w.text)) AS missing_text
FROM (
    SELECT * FROM run_indicators FINAL WHERE run_id IN (
        SELECT run_id FROM v_current
        WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01')))) AS r
LEFT JOIN (
    SELECT region_code, name, peer_class, rank FROM run_units FINAL WHERE run_id IN (
        SELECT run_id FROM v_current
        WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01')))) AS u
    ON u.region_code = r.region_code
LEFT JOIN v_indicator_names AS n ON n.code = r.code
LEFT JOIN (SELECT code, text FROM catalogue_words FINAL WHERE kind = 'missing_reason') AS w
    ON w.code = ifNull(r.missing_reason, '');

-- One indicator in the months up to the given one, two years back.
CREATE OR REPLACE VIEW v_indicator_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT c.period AS period, r.region_code AS region_code, r.numerator AS numerator, r.denominator AS denominator,
    r.population AS population, r.months AS months, r.value AS value, r.shrunken_value AS shrunken_value,
    r.score AS score
FROM (
    SELECT * FROM run_indicators FINAL WHERE code = {code:String} AND run_id IN (
        SELECT run_id FROM v_current WHERE county = {county:String}
            AND period <= toDateOrZero(concat({month:String}, '-01'))
            AND period > addMonths(toDateOrZero(concat({month:String}, '-01')), -25))) AS r
INNER JOIN (SELECT period, run_id FROM v_current WHERE county = {county:String}) AS c ON c.run_id = r.run_id;

-- What moved a unit's score since the month before: points by indicator, and by deductions (code '').
CREATE OR REPLACE VIEW v_changes DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    runs_of AS (
        SELECT run_id, if(period = toDateOrZero(concat({month:String}, '-01')), 1, -1) AS sign
        FROM v_current
        WHERE county = {county:String} AND period IN (
            toDateOrZero(concat({month:String}, '-01')), addMonths(toDateOrZero(concat({month:String}, '-01')), -1))),
    both AS (
        SELECT region_code, any(name) AS name FROM run_units FINAL
        WHERE run_id IN (SELECT run_id FROM runs_of) AND score IS NOT NULL
        GROUP BY region_code HAVING count() = 2)
SELECT p.region_code AS region_code, u.name AS unit_name, p.code AS code,
    if(p.code = '', '红线扣分', if(n.name = '', p.code, n.name)) AS name, p.points AS points
FROM (
    SELECT region_code, code, sum(contribution * sign) AS points
    FROM (SELECT * FROM run_indicators FINAL WHERE run_id IN (SELECT run_id FROM runs_of)) AS r
    INNER JOIN runs_of USING (run_id)
    GROUP BY region_code, code
    UNION ALL
    SELECT region_code, '' AS code, -sum(applied * sign) AS points
    FROM (SELECT * FROM run_deductions FINAL WHERE run_id IN (SELECT run_id FROM runs_of)) AS d
    INNER JOIN runs_of USING (run_id)
    GROUP BY region_code
) AS p
INNER JOIN both AS u ON u.region_code = p.region_code
LEFT JOIN (SELECT code, name FROM catalogue_indicators FINAL) AS n ON n.code = p.code
WHERE p.points != 0;

CREATE OR REPLACE VIEW v_deductions DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT region_code, date, name, deaths, doubled, points, applied
FROM run_deductions FINAL
WHERE run_id IN (
    SELECT run_id FROM v_current
    WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01')));

CREATE OR REPLACE VIEW v_stories DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT any(run_id) FROM v_current
        WHERE county = {county:String} AND period = toDateOrZero(concat({month:String}, '-01'))
    ) AS this_run,
    (
        SELECT any(run_id) FROM v_current
        WHERE county = {county:String} AND period = addMonths(toDateOrZero(concat({month:String}, '-01')), -1)
    ) AS run_before
SELECT region_code, text FROM run_stories FINAL WHERE run_id = this_run AND before_run_id = run_before;

-- The county month by month: mean of its units, plainly.
CREATE OR REPLACE VIEW v_county_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT period, avg(h.score) AS score, count(h.score) AS scored, count() AS units, min(h.score) AS lowest,
    max(h.score) AS highest
FROM v_history(county = {county:String}) AS h
GROUP BY period;

-- What was recorded, by month of occurrence: a record type, or a class of police cases.
CREATE OR REPLACE VIEW v_types DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT c.period AS period, c.kind AS kind, c.type AS type, if(any(w.text) = '', c.type, any(w.text)) AS name,
    any(w.position) AS position, toFloat64(sum(c.numerator)) AS cases
FROM (
    SELECT month AS period, splitByChar(':', indicator)[2] AS type,
        if(startsWith(indicator, 'cases:'), '记录类型', '案件类别') AS kind, numerator
    FROM components FINAL
    WHERE county = {county:String} AND (startsWith(indicator, 'cases:') OR startsWith(indicator, 'P02:'))) AS c
LEFT JOIN (SELECT code, text, position FROM catalogue_words FINAL WHERE kind IN ('record_type', 'severity')) AS w
    ON w.code = c.type
GROUP BY period, kind, type
HAVING cases > 0;

-- The newest run of each month under each scheme a county was ever scored by.
CREATE OR REPLACE VIEW v_scheme_runs DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT period, scheme_hash, argMax(run_id, created_at) AS run_id, argMax(scheme_name, created_at) AS scheme_name
FROM runs
WHERE county = {county:String}
GROUP BY period, scheme_hash;

-- Each unit under the scheme in force and under another, where both were computed.
CREATE OR REPLACE VIEW v_scheme_pairs DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH pairs AS (
    SELECT c.period AS period, c.run_id AS own_run, o.run_id AS other_run
    FROM (SELECT period, run_id FROM v_current WHERE county = {county:String}) AS c
    INNER JOIN (SELECT * FROM v_scheme_runs(county = {county:String}) WHERE scheme_hash = {scheme:String}) AS o
        ON o.period = c.period)
SELECT p.period AS period, a.region_code AS region_code, a.name AS name, a.score AS score, a.rank AS rank, a.band AS band,
    b.score AS other_score, b.rank AS other_rank, b.band AS other_band
FROM pairs AS p
INNER JOIN (SELECT * FROM run_units FINAL WHERE run_id IN (SELECT own_run FROM pairs)) AS a ON a.run_id = p.own_run
INNER JOIN (SELECT * FROM run_units FINAL WHERE run_id IN (SELECT other_run FROM pairs)) AS b
    ON b.run_id = p.other_run AND b.region_code = a.region_code;

-- Where a region's records are shown: the ranked unit at or above it, else the county, by the table of today.
CREATE OR REPLACE VIEW v_regions DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT JSONExtract(document, 'regions', 'regions',
            'Array(Tuple(code String, name String, parent String, ranked Bool, countsAs String))')
        FROM counties FINAL WHERE code = {county:String}
    ) AS list,
    arrayMap(r -> r.1, list) AS codes,
    arrayMap(r -> if(r.4, r.1, if(r.5 = '', if(r.3 = '', r.1, r.3), r.5)), list) AS ups
SELECT r.1 AS region_code, transform(transform(r.1, codes, ups, r.1), codes, ups, r.1) AS unit_code,
    transform(unit_code, codes, arrayMap(r -> r.2, list), unit_code) AS unit_name
FROM (SELECT arrayJoin(list) AS r);

-- What came in, by month of occurrence and unit: records of the delivery, whatever became of the cases later.
CREATE OR REPLACE VIEW v_intake DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT i.stream AS stream, any(s.text) AS stream_name, any(s.position) AS position,
    if(g.unit_code = '', i.region_code, g.unit_code) AS unit_code, any(if(g.unit_name = '', i.region_code, g.unit_name)) AS unit_name,
    uniqCombinedMerge(17)(i.messages) AS messages, uniqCombinedMerge(17)(i.versions) AS versions,
    uniqCombinedMergeIf(17)(i.versions, i.delay_days > 7) AS late_versions, uniqCombinedMerge(17)(i.cases) AS cases,
    uniqCombinedMerge(17)(i.retracted) AS retracted, max(i.last_recorded_at) AS last_recorded_at
FROM (
    SELECT * FROM intake WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01'))) AS i
LEFT JOIN v_regions(county = {county:String}) AS g ON g.region_code = i.region_code
LEFT JOIN (SELECT code, text, position FROM catalogue_words FINAL WHERE kind = 'stream') AS s ON s.code = i.stream
GROUP BY stream, unit_code;

CREATE OR REPLACE VIEW v_delays DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT i.delay_days AS delay_days, if(g.unit_code = '', i.region_code, g.unit_code) AS unit_code,
    uniqCombinedMerge(17)(i.versions) AS versions
FROM (
    SELECT * FROM intake WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01'))) AS i
LEFT JOIN v_regions(county = {county:String}) AS g ON g.region_code = i.region_code
GROUP BY delay_days, unit_code;

-- The newest of every stream and unit, whatever the month.
CREATE OR REPLACE VIEW v_freshness DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT i.stream AS stream, s.text AS stream_name, s.position AS position,
    if(g.unit_code = '', i.region_code, g.unit_code) AS unit_code,
    if(g.unit_name = '', i.region_code, g.unit_name) AS unit_name, max(i.occurred) AS last_occurred_at,
    max(i.recorded) AS last_recorded_at, max(i.stored) AS last_stored_at
FROM (
    SELECT stream, region_code, max(last_occurred_at) AS occurred, max(last_recorded_at) AS recorded,
        max(last_stored_at) AS stored
    FROM intake WHERE county = {county:String} GROUP BY stream, region_code) AS i
LEFT JOIN v_regions(county = {county:String}) AS g ON g.region_code = i.region_code
LEFT JOIN (SELECT code, text, position FROM catalogue_words FINAL WHERE kind = 'stream') AS s ON s.code = i.stream
GROUP BY stream, stream_name, position, unit_code, unit_name;

-- Messages set aside. county is what the key says, '' where it says nothing.
CREATE OR REPLACE VIEW v_rejects DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT d.failed_at AS failed_at, d.topic AS topic, ifNull(splitByChar('/', ifNull(d.key, ''))[1], '') AS county,
    d.reason AS reason, if(w.text = '', toString(d.reason), w.text) AS reason_text,
    extractAll(d.detail, '([a-z_]+)(?:$|[\n;,(（ ])')[1] AS rule
FROM (SELECT failed_at, topic, key, reason, detail FROM dead_letters FINAL) AS d
LEFT JOIN (SELECT code, text FROM catalogue_words FINAL WHERE kind = 'dead_letter') AS w ON w.code = d.reason;

-- Values that are more likely a fault of recording than a fact.
CREATE OR REPLACE VIEW v_implausible DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT i.region_code AS region_code, i.unit_name AS unit_name, i.code AS code, i.name AS name, i.unit AS unit,
    i.value AS value, i.numerator AS numerator, i.denominator AS denominator,
    multiIf(i.value < c.plausible_min OR i.value > c.plausible_max, '超出合理范围',
        i.kind = 'ratio' AND i.direction = 1 AND i.value >= 100 AND i.denominator >= 30, '三十件以上而为百分之百',
        '') AS finding
FROM v_indicators(county = {county:String}, month = {month:String}) AS i
INNER JOIN (SELECT code, plausible_min, plausible_max FROM catalogue_indicators FINAL) AS c ON c.code = i.code
WHERE i.value IS NOT NULL AND finding != '';

CREATE OR REPLACE VIEW v_component_state DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT s.county AS county, c.name AS name, max(s.computed_at) AS computed_at
FROM component_state AS s
LEFT JOIN v_counties AS c ON c.county = s.county
GROUP BY county, name;

-- What a reader must know before reading a month; always at least one row.
CREATE OR REPLACE VIEW v_notices DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT any(name) FROM v_counties WHERE county = {county:String}) AS county_name,
    (SELECT any(is_demo) FROM v_counties WHERE county = {county:String}) AS demo,
    (SELECT groupArray(month) FROM (SELECT month FROM v_months(county = {county:String}) ORDER BY month)) AS months,
    has(months, {month:String}) AS scored
SELECT 1 AS position, '没有数据' AS kind, concat('没有登记县 ', {county:String}, '。请在页首选择已登记的县。') AS text
FROM (SELECT 1) WHERE county_name = ''
UNION ALL
SELECT 2, '没有数据', if(empty(months), concat(county_name, '还没有任何月份的计分结果。'),
    concat('没有 ', {month:String}, ' 的计分结果;已有 ', months[1], ' 至 ', months[-1], '。'))
FROM (SELECT 1) WHERE county_name != '' AND NOT scored
UNION ALL
SELECT 3, '示例数据', '本县数据为演示而编造,不反映任何真实情况。' FROM (SELECT 1) WHERE demo
UNION ALL
SELECT 4, '当月未结束', '所选月份尚未结束,数据不全,名次会变。'
FROM (SELECT 1) WHERE scored AND {month:String} >= formatDateTime(now('Asia/Shanghai'), '%Y-%m')
UNION ALL
SELECT 5, '单位过少', '本月只有一个单位有得分,名次没有意义。'
FROM (SELECT count(score) AS n FROM v_ranking(county = {county:String}, month = {month:String})) WHERE n = 1
UNION ALL
SELECT 6, '不计分', concat(name, ':', missing_text)
FROM v_ranking(county = {county:String}, month = {month:String}) WHERE score IS NULL
UNION ALL
SELECT 7, '缺人口数', concat(arrayStringConcat(arraySlice(units, 1, 10), '、'), if(length(units) > 10, '等', ''),
    ' 缺常住人口数,按人口计算的指标不计分。')
FROM (
    SELECT arraySort(groupUniqArray(unit_name)) AS units
    FROM v_indicators(county = {county:String}, month = {month:String})
    WHERE population IS NULL AND kind IN ('rate', 'weighted_rate') AND NOT is_context)
WHERE notEmpty(units)
UNION ALL
SELECT 8, '方案', concat('按方案「', scheme_name, '」', scheme_hash, ' 计分,计分于 ',
    formatDateTime(created_at, '%Y-%m-%d %H:%i', 'Asia/Shanghai'), ',批次 ', run_id, '。')
FROM v_months(county = {county:String}) WHERE month = {month:String}
UNION ALL
SELECT 9, '读法', '名次区间:真实名次有九成可能在其中。不可区分:与这些名次的单位相比,先后分不出,不宜据此奖惩。'
FROM (SELECT 1) WHERE scored;
