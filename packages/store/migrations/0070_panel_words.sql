-- The words of two views as readers write them: full-width marks, plain Chinese. Nothing else of them is changed.

-- Every indicator of every unit of a month. finding: why a value is more likely a fault of recording than a fact.
CREATE OR REPLACE VIEW v_indicators DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM run_current WHERE county = {county:String}) AS this_run,
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
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM run_current WHERE county = {county:String}) AS this_run,
    (
        SELECT (max(JSONExtractString(document, 'name')), max(JSONExtractRaw(document, 'demo') NOT IN ('', 'null')))
        FROM counties FINAL WHERE code = {county:String}
    ) AS county_row,
    county_row.1 != '' AS is_known,
    this_run != '' AS is_scored,
    (
        SELECT (formatDateTime(min(period), '%Y-%m'), formatDateTime(max(period), '%Y-%m'), count())
        FROM run_current WHERE county = {county:String}
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
        if(NOT is_known OR is_scored, [], [(toUInt8(2), '没有数据', if(span.3 = 0, concat(county_row.1, '还没有任何月份的计分结果。'),
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
