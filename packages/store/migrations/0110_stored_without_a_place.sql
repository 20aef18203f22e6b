-- Stored cases of a month whose region says no place: the county itself and what else has ranked units below it, a village under no
-- township, a unit that had ended and went into no other. They count for no unit, like rows without a township. The same rule is
-- hasPlace of the region table; a chain of more than 16 regions is followed no further.
CREATE OR REPLACE VIEW v_stored_unplaced DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT JSONExtract(max(document), 'regions', 'regions', 'Array(Tuple(code String, parent String, level String, ranked Bool, countsAs String,
            formerCodes Array(String), validFrom String, validTo String))')
        FROM counties FINAL WHERE code = {county:String}
    ) AS regions,
    arrayMap(r -> r.1, regions) AS codes,
    arrayMap(r -> r.2, regions) AS parents,
    arrayMap(r -> (r.7 = '' OR r.7 <= {month:String}) AND (r.8 = '' OR r.8 >= {month:String}), regions) AS valid,
    arrayMap((r, is_valid) -> r.4 AND is_valid, regions, valid) AS units,
    (SELECT arrayFold((found, step) -> arrayDistinct(arrayConcat(found, arrayMap(code -> transform(code, codes, parents, ''), found))),
        range(16), arrayDistinct(arrayFilter((parent, is_unit) -> is_unit, parents, units)))) AS above,
    (SELECT arrayMap((r, is_valid, is_unit) -> is_unit OR (is_valid AND r.3 = 'township' AND NOT has(above, r.1)), regions, valid, units)) AS is_place,
    (SELECT arrayFilter((code, own) -> own, codes, is_place)) AS places,
    -- Where a region leads: a place to itself, another one up. Each line doubles the steps. The inner SELECTs make constants,
    -- without which nothing is looked up by hash.
    (SELECT arrayMap((r, own) -> if(own, r.1, if(r.5 = '', r.2, r.5)), regions, is_place)) AS hop,
    (SELECT arrayMap(code -> transform(code, codes, hop, ''), hop)) AS hop_2,
    (SELECT arrayMap(code -> transform(code, codes, hop_2, ''), hop_2)) AS hop_4,
    (SELECT arrayMap(code -> transform(code, codes, hop_4, ''), hop_4)) AS hop_8,
    (SELECT arrayMap(code -> transform(code, codes, hop_8, ''), hop_8)) AS hop_16,
    arrayFlatten(arrayMap(r -> arrayMap(known -> (known, r.1), arrayPushFront(r.6, r.1)), regions)) AS names,
    (SELECT arrayMap(n -> n.1, names)) AS known_codes,
    (SELECT arrayMap(n -> transform(n.2, codes, hop_16, ''), names)) AS known_places
SELECT splitByChar(':', toString(indicator))[2] AS record_type, toUInt64(sum(numerator)) AS unplaced
FROM components FINAL
WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01')) AND startsWith(indicator, 'cases:')
    AND NOT has(places, transform(toString(region_code), known_codes, known_places, ''))
GROUP BY record_type
HAVING unplaced > 0;

-- What is missing from a month's data: units that were silent against all likelihood, events without a place. For the notices.
CREATE OR REPLACE VIEW v_data_notices DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'record_type') AS types,
    nowhere AS (
        SELECT record_type, sum(own) AS unplaced FROM (
            SELECT record_type, unplaced AS own FROM v_unplaced(county = {county:String}) WHERE month = toDateOrZero(concat({month:String}, '-01'))
            UNION ALL
            SELECT record_type, unplaced AS own FROM v_stored_unplaced(county = {county:String}, month = {month:String}))
        GROUP BY record_type),
    placed AS (
        SELECT type, toUInt64(sum(own)) AS cases FROM (
            SELECT splitByChar(':', toString(indicator))[2] AS type, toInt64(sum(numerator)) AS own FROM components FINAL
            WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01')) AND startsWith(indicator, 'cases:')
            GROUP BY type
            UNION ALL
            SELECT record_type AS type, -toInt64(unplaced) AS own FROM v_stored_unplaced(county = {county:String}, month = {month:String}))
        GROUP BY type),
    (SELECT groupArray(record_type) FROM nowhere) AS without_place
SELECT toUInt8(6) AS position, '无报送' AS kind, concat(u.name, '：',
    arrayStringConcat(arrayMap(type -> transform(type, types.1, types.2, type), u.unreported), '、'),
    '本月无报送，请核实。以往月月有报送，碰巧为零的可能性极小，名次可能因漏报而偏高。',
    if(hasAny(u.unreported, without_place), '当月有没有乡镇的记录，可能就是它报的。', '')) AS text
FROM run_units AS u FINAL
WHERE u.run_id = this_run AND notEmpty(u.unreported)
UNION ALL
SELECT toUInt8(6) AS position, '没有乡镇' AS kind, concat(toString(n.unplaced), ' 件（',
    toString(floor(1000 * n.unplaced / (n.unplaced + toFloat64(ifNull(p.cases, 0))) + 0.5) / 10), '%，共 ', toString(n.unplaced + toUInt64(ifNull(p.cases, 0))), ' 件）',
    {month:String}, ' 的', transform(n.record_type, types.1, types.2, n.record_type), '没有乡镇，未计入任何单位；',
    if(ifNull(p.cases, 0) = 0, concat('各单位当月的', transform(n.record_type, types.1, types.2, n.record_type), '因此没有数可计，请补上乡镇后重新导入。'),
        '名次可能因此变动，见 pingan rank。')) AS text
FROM nowhere AS n
LEFT JOIN placed AS p ON p.type = n.record_type;
