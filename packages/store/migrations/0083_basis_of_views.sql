-- Views of runs take the basis as a parameter: a later publication changes no view's shape, and a reader who does not say which numbers
-- are wanted gets an error, not some of both. Views for alerts follow the data.

CREATE OR REPLACE VIEW v_months DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT r.period AS period, formatDateTime(r.period, '%Y-%m') AS month, r.run_id AS run_id, r.scheme_hash AS scheme_hash,
    r.scheme_name AS scheme_name, r.created_at AS created_at
FROM runs AS r FINAL
WHERE r.county = {county:String} AND r.run_id IN (SELECT run_id FROM (SELECT period, argMax(run_id, activated_at) AS run_id FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period));

-- Colours of the scheme a month was scored with, best first.
CREATE OR REPLACE VIEW v_bands DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    arrayReverseSort(band -> band.3, JSONExtract(
        ifNull((
            SELECT if(max(own) = '', max(fallback), max(own))
            FROM (
                SELECT document AS own, '' AS fallback FROM schemes
                WHERE hash = (SELECT max(scheme_hash) FROM runs WHERE run_id = this_run)
                UNION ALL
                SELECT '' AS own, text AS fallback FROM catalogue_words FINAL WHERE kind = 'default_scheme')
        ), ''), 'bands', 'Array(Tuple(id String, name String, min Float64))')) AS bands
SELECT bands[place].1 AS band, bands[place].2 AS name, bands[place].3 AS min_score,
    toUInt16(place) AS position, place = length(bands) AS is_worst
FROM (SELECT arrayJoin(arrayEnumerate(bands)) AS place);

-- One row per unit of a month's current run. indistinct_*: the places of the units it cannot be told from.
CREATE OR REPLACE VIEW v_ranking DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (SELECT argMaxIf(run_id, activated_at, period = addMonths(toDateOrZero(concat({month:String}, '-01')), -1)) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS run_before,
    (SELECT argMaxIf(run_id, activated_at, period = addYears(toDateOrZero(concat({month:String}, '-01')), -1)) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS run_year_before,
    arrayReverseSort(band -> band.3, JSONExtract(
        ifNull((
            SELECT if(max(own) = '', max(fallback), max(own))
            FROM (
                SELECT document AS own, '' AS fallback FROM schemes
                WHERE hash = (SELECT max(scheme_hash) FROM runs WHERE run_id = this_run)
                UNION ALL
                SELECT '' AS own, text AS fallback FROM catalogue_words FINAL WHERE kind = 'default_scheme')
        ), ''), 'bands', 'Array(Tuple(id String, name String, min Float64))')) AS bands,
    arrayMap(band -> band.1, bands) AS band_ids,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'missing_reason') AS reasons,
    (
        SELECT groupArray((number, low, high, units))
        FROM (
            SELECT number, min(rank) AS low, max(rank) AS high, count() AS units
            FROM run_units FINAL ARRAY JOIN groups AS number WHERE run_id = this_run AND rank IS NOT NULL GROUP BY number)
    ) AS all_groups,
    arrayFilter(g -> has(u.groups, g.1), all_groups) AS own_groups,
    arrayMax(g -> g.4, own_groups) > 1 AS is_indistinct
SELECT u.region_code AS region_code, u.name AS name, u.peer_class AS peer_class, u.score AS score, u.rank AS rank,
    u.class_rank AS class_rank, ifNull(u.band, '') AS band, toUInt16(indexOf(band_ids, ifNull(u.band, ''))) AS band_position,
    if(band_position = 0, ifNull(u.band, ''), bands[band_position].2) AS band_name,
    band_position > 0 AND band_position = length(bands) AS is_worst_band, u.band_months AS band_months,
    u.score_low AS score_low, u.score_high AS score_high, u.rank_low AS rank_low, u.rank_high AS rank_high,
    if(is_indistinct, arrayMin(g -> assumeNotNull(g.2), own_groups), NULL) AS indistinct_low,
    if(is_indistinct, arrayMax(g -> assumeNotNull(g.3), own_groups), NULL) AS indistinct_high,
    u.score - e.score_before AS score_change, toInt32(e.rank_before) - toInt32(u.rank) AS places_gained,
    e.score_before AS score_before, e.rank_before AS rank_before, u.score - e.score_year_before AS score_change_year,
    s.police AS police, s.petition AS petition, s.mediation AS mediation, s.opinion AS opinion, s.creation AS creation,
    d.deducted AS deducted,
    if(u.score IS NULL, transform(ifNull(u.missing_reason, ''), reasons.1, reasons.2, ifNull(u.missing_reason, '')), '')
        AS missing_text
FROM (SELECT * FROM run_units FINAL WHERE run_id = this_run) AS u
LEFT JOIN (
    SELECT region_code, maxIf(score, run_id = run_before) AS score_before, maxIf(rank, run_id = run_before) AS rank_before,
        maxIf(score, run_id = run_year_before) AS score_year_before
    FROM run_units FINAL WHERE run_id IN (run_before, run_year_before) GROUP BY region_code
) AS e ON e.region_code = u.region_code
LEFT JOIN (
    SELECT region_code,
        maxIf(score, dimension = 'police') AS police, maxIf(score, dimension = 'petition') AS petition,
        maxIf(score, dimension = 'mediation') AS mediation, maxIf(score, dimension = 'opinion') AS opinion,
        maxIf(score, dimension = 'creation') AS creation
    FROM run_dimensions FINAL WHERE run_id = this_run GROUP BY region_code
) AS s ON s.region_code = u.region_code
LEFT JOIN (
    SELECT region_code, sum(applied) AS deducted FROM run_deductions FINAL WHERE run_id = this_run GROUP BY region_code
) AS d ON d.region_code = u.region_code;

-- Every unit in every month.
CREATE OR REPLACE VIEW v_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT c.period AS period, u.region_code AS region_code, u.name AS name, u.score AS score, u.rank AS rank,
    ifNull(u.band, '') AS band, u.score_low AS score_low, u.score_high AS score_high, u.rank_low AS rank_low,
    u.rank_high AS rank_high
FROM (SELECT * FROM run_units FINAL WHERE run_id IN (SELECT run_id FROM (SELECT period, argMax(run_id, activated_at) AS run_id FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period))) AS u
INNER JOIN (SELECT period, argMax(run_id, activated_at) AS run_id FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period) AS c ON c.run_id = u.run_id;

-- The county month by month: mean of its units, plainly.
CREATE OR REPLACE VIEW v_county_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT period, avg(h.score) AS score, count(h.score) AS scored, count() AS units, min(h.score) AS lowest,
    max(h.score) AS highest
FROM v_history(county = {county:String}, basis = {basis:String}) AS h
GROUP BY period;

CREATE OR REPLACE VIEW v_dimensions DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'dimension') AS names
SELECT region_code, dimension, transform(toString(dimension), names.1, names.2, toString(dimension)) AS dimension_name,
    indexOf(['police', 'petition', 'mediation', 'opinion', 'creation'], dimension) AS position, score, weight
FROM run_dimensions FINAL WHERE run_id = this_run;

CREATE OR REPLACE VIEW v_dimension_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT c.period AS period, d.region_code AS region_code, d.dimension AS dimension, d.score AS score
FROM (SELECT * FROM run_dimensions FINAL WHERE run_id IN (SELECT run_id FROM (SELECT period, argMax(run_id, activated_at) AS run_id FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period))) AS d
INNER JOIN (SELECT period, argMax(run_id, activated_at) AS run_id FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period) AS c ON c.run_id = d.run_id;

-- One indicator in the months up to the given one, two years back.
CREATE OR REPLACE VIEW v_indicator_history DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT c.period AS period, r.region_code AS region_code, r.numerator AS numerator, r.denominator AS denominator,
    r.population AS population, r.months AS months, r.value AS value, r.shrunken_value AS shrunken_value,
    r.score AS score
FROM (
    SELECT * FROM run_indicators FINAL WHERE code = {code:String} AND run_id IN (
        SELECT run_id FROM (SELECT period, argMax(run_id, activated_at) AS run_id FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period) WHERE period <= toDateOrZero(concat({month:String}, '-01')) AND period > addMonths(toDateOrZero(concat({month:String}, '-01')), -25))) AS r
INNER JOIN (SELECT period, argMax(run_id, activated_at) AS run_id FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period) AS c ON c.run_id = r.run_id;

-- What moved a unit's score since the month before: points by indicator, and by deductions (code '').
CREATE OR REPLACE VIEW v_changes DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (SELECT argMaxIf(run_id, activated_at, period = addMonths(toDateOrZero(concat({month:String}, '-01')), -1)) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS run_before,
    (SELECT (groupArray(code), groupArray(name)) FROM catalogue_indicators FINAL) AS names,
    (
        SELECT groupArray(region_code) FROM (
            SELECT region_code FROM run_units FINAL
            WHERE run_id IN (this_run, run_before) AND score IS NOT NULL GROUP BY region_code HAVING uniqExact(run_id) = 2)
    ) AS scored_twice
SELECT region_code, code, if(code = '', '红线扣分', transform(code, names.1, names.2, code)) AS name, points
FROM (
    SELECT toString(region_code) AS region_code, toString(code) AS code, sum(if(run_id = this_run, contribution, -contribution)) AS points
    FROM run_indicators FINAL WHERE run_id IN (this_run, run_before) GROUP BY region_code, code
    UNION ALL
    SELECT toString(region_code) AS region_code, '' AS code, sum(if(run_id = this_run, -applied, applied)) AS points
    FROM run_deductions FINAL WHERE run_id IN (this_run, run_before) GROUP BY region_code)
WHERE points != 0 AND has(scored_twice, region_code);

CREATE OR REPLACE VIEW v_deductions DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run
SELECT region_code, date, name, deaths, doubled, points, applied
FROM run_deductions FINAL WHERE run_id = this_run;

CREATE OR REPLACE VIEW v_stories DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (SELECT argMaxIf(run_id, activated_at, period = addMonths(toDateOrZero(concat({month:String}, '-01')), -1)) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS run_before
SELECT region_code, text FROM run_stories FINAL WHERE run_id = this_run AND before_run_id = run_before;

-- Each unit under the scheme in force and under another, where both were computed.
CREATE OR REPLACE VIEW v_scheme_pairs DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH both AS (
    SELECT period, argMax(run_id, activated_at) AS run_id, false AS is_other
    FROM shown_runs WHERE county = {county:String} AND basis = {basis:String} GROUP BY period
    UNION ALL
    SELECT period, argMax(run_id, created_at) AS run_id, true AS is_other
    FROM runs WHERE county = {county:String} AND scheme_hash = {scheme:String} GROUP BY period)
SELECT b.period AS period, u.region_code AS region_code, anyIf(u.name, NOT b.is_other) AS name,
    maxIf(u.score, NOT b.is_other) AS score, maxIf(u.rank, NOT b.is_other) AS rank,
    ifNull(maxIf(u.band, NOT b.is_other), '') AS band, maxIf(u.score, b.is_other) AS other_score,
    maxIf(u.rank, b.is_other) AS other_rank, ifNull(maxIf(u.band, b.is_other), '') AS other_band
FROM (SELECT * FROM run_units FINAL WHERE run_id IN (SELECT run_id FROM both)) AS u
INNER JOIN both AS b ON b.run_id = u.run_id
GROUP BY period, region_code
HAVING uniqExact(b.is_other) = 2;

-- What is missing from a month's data: units that were silent against all likelihood, events without a place. For the notices.
CREATE OR REPLACE VIEW v_data_notices DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
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

-- Every indicator of every unit of a month. finding: why a value is more likely a fault of recording than a fact.
CREATE OR REPLACE VIEW v_indicators DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'missing_reason') AS reasons,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'dimension') AS names,
    (SELECT (groupArray(region_code), groupArray(name)) FROM run_units FINAL WHERE run_id = this_run) AS units
SELECT r.region_code AS region_code, transform(toString(r.region_code), units.1, units.2, '') AS unit_name, r.code AS code,
    if(n.name = '', toString(r.code), n.name) AS name, n.position AS position,
    transform(toString(n.dimension), names.1, names.2, toString(n.dimension)) AS dimension_name,
    n.unit AS unit, n.direction AS direction, toString(n.kind) AS kind, r.numerator AS numerator, r.denominator AS denominator,
    r.population AS population, r.window_from AS window_from, r.window_to AS window_to, r.months AS months, r.value AS value,
    r.shrunken_value AS shrunken_value, r.g0 AS g0, r.g60 AS g60, r.g100 AS g100, r.level AS level, r.trend AS trend,
    r.score AS score, r.weight AS weight, r.contribution AS contribution,
    ifNull(r.missing_reason, '') = 'context' AS is_context,
    multiIf(r.value IS NULL, '', r.value < n.plausible_min OR r.value > n.plausible_max, '超出合理范围',
        n.kind = 'ratio' AND n.direction = 1 AND r.value >= 100 AND r.denominator >= 30, '30 件以上且恰为 100%',
        '') AS finding,
    transform(ifNull(r.missing_reason, ''), reasons.1, reasons.2, ifNull(r.missing_reason, '')) AS missing_text
FROM (SELECT * FROM run_indicators FINAL WHERE run_id = this_run) AS r
LEFT JOIN (SELECT * FROM catalogue_indicators FINAL) AS n ON n.code = r.code;

-- What a reader must know before reading a month; always at least one row.
CREATE OR REPLACE VIEW v_notices DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (
        SELECT (max(JSONExtractString(document, 'name')), max(JSONExtractRaw(document, 'demo') NOT IN ('', 'null')))
        FROM counties FINAL WHERE code = {county:String}
    ) AS county_row,
    county_row.1 != '' AS is_known,
    this_run != '' AS is_scored,
    (
        SELECT (formatDateTime(min(period), '%Y-%m'), formatDateTime(max(period), '%Y-%m'), count())
        FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}
    ) AS span,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'missing_reason') AS reasons,
    (
        SELECT (countIf(score IS NOT NULL), groupArrayIf(
            concat(name, '：', transform(ifNull(missing_reason, ''), reasons.1, reasons.2, ifNull(missing_reason, ''))),
            score IS NULL), groupArray(region_code), groupArray(name))
        FROM (SELECT * FROM run_units FINAL WHERE run_id = this_run ORDER BY region_code)
    ) AS units,
    (
        SELECT arraySort(groupUniqArray(toString(region_code))) FROM run_indicators FINAL
        WHERE run_id = this_run AND missing_reason = 'no_population'
    ) AS uncounted,
    arrayMap(region -> transform(region, units.3, units.4, region), uncounted) AS uncounted_names,
    (
        SELECT max(concat('按方案「', scheme_name, '」', scheme_hash, ' 计分，计分于 ',
            formatDateTime(created_at, '%Y-%m-%d %H:%i', 'Asia/Shanghai'), '，批次 ', run_id, '。'))
        FROM runs FINAL WHERE run_id = this_run
    ) AS about
SELECT notice.1 AS position, notice.2 AS kind, notice.3 AS text
FROM (
    SELECT arrayJoin(arrayConcat(
        if(is_known, [], [(toUInt8(1), '没有数据', concat('没有登记县 ', {county:String}, '。请在页首选择已登记的县。'))]),
        if(NOT is_known OR is_scored, [], [(toUInt8(2), '没有数据', multiIf({basis:String} = 'published', concat({month:String}, ' 尚未发布。'), span.3 = 0, concat(county_row.1, '还没有任何月份的计分结果。'),
            concat('没有 ', {month:String}, ' 的计分结果；已有 ', span.1, ' 至 ', span.2, '。')))]),
        if(county_row.2, [(toUInt8(3), '示例数据', '本县数据为演示而编造，不反映任何真实情况。')], []),
        if(is_scored AND {month:String} >= formatDateTime(now('Asia/Shanghai'), '%Y-%m'),
            [(toUInt8(4), '当月未结束', '所选月份尚未结束，数据不全，名次会变。')], []),
        if(is_scored AND units.1 = 1, [(toUInt8(5), '单位过少', '本月只有一个单位有得分，名次没有意义。')], []),
        arrayMap(text -> (toUInt8(6), '不计分', text), units.2),
        if(empty(uncounted), [], [(toUInt8(7), '缺人口数', concat(arrayStringConcat(arraySlice(uncounted_names, 1, 10), '、'),
            if(length(uncounted) > 10, '等', ''), ' 缺常住人口数，按人口计算的指标不计分。'))]),
        if(is_scored, [(toUInt8(8), '方案', about),
            (toUInt8(9), '读法', '名次区间：真实名次有九成可能在其中。不可区分：与这些名次的单位相比，先后分不出，不宜据此奖惩。')], [])
    )) AS notice);
