-- Stored cases of a month whose region says no place: the county itself and what else has ranked units below it, a village under no
-- township, a unit that had ended and went into no other. They count for no unit, like rows without a township. The same rule is
-- hasPlace of the region table.
CREATE OR REPLACE VIEW v_stored_unplaced DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH RECURSIVE
    regions AS (
        SELECT r.1 AS code, r.2 AS parent, if(r.5 = '', r.2, r.5) AS up, r.6 AS former_codes, r.4 AND is_valid AS is_unit,
            r.3 = 'township' AND is_valid AS is_township, (r.7 = '' OR r.7 <= {month:String}) AND (r.8 = '' OR r.8 >= {month:String}) AS is_valid
        FROM (
            SELECT arrayJoin(JSONExtract(document, 'regions', 'regions', 'Array(Tuple(code String, parent String, level String, ranked Bool,
                countsAs String, formerCodes Array(String), validFrom String, validTo String))')) AS r
            FROM counties FINAL WHERE code = {county:String})),
    above AS (
        SELECT DISTINCT parent AS code FROM regions WHERE is_unit AND parent != ''
        UNION ALL
        SELECT DISTINCT r.parent AS code FROM above AS a INNER JOIN regions AS r ON r.code = a.code WHERE r.parent != ''),
    places AS (SELECT code FROM regions WHERE is_unit OR (is_township AND code NOT IN (SELECT code FROM above))),
    leading AS (
        SELECT code, code AS at FROM regions
        UNION ALL
        SELECT l.code AS code, r.up AS at FROM leading AS l INNER JOIN regions AS r ON r.code = l.at
        WHERE r.up != '' AND r.code NOT IN (SELECT code FROM places)),
    placed AS (SELECT code FROM leading WHERE at IN (SELECT code FROM places))
SELECT splitByChar(':', toString(indicator))[2] AS record_type,
    toUInt64(sumIf(numerator, toString(region_code) NOT IN (
        SELECT arrayJoin(arrayPushFront(former_codes, code)) FROM regions WHERE code IN (SELECT code FROM placed)))) AS unplaced,
    toUInt64(sum(numerator) - unplaced) AS placed
FROM components FINAL
WHERE county = {county:String} AND month = toDateOrZero(concat({month:String}, '-01')) AND startsWith(indicator, 'cases:')
GROUP BY record_type;

-- What is missing from a month's data: units that were silent against all likelihood, events without a place. For the notices.
CREATE OR REPLACE VIEW v_data_notices DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (SELECT argMaxIf(run_id, activated_at, period = toDateOrZero(concat({month:String}, '-01'))) FROM shown_runs WHERE county = {county:String} AND basis = {basis:String}) AS this_run,
    (SELECT (groupArray(code), groupArray(text)) FROM catalogue_words FINAL WHERE kind = 'record_type') AS types,
    (SELECT groupArray((toString(name), unreported)) FROM (SELECT * FROM run_units FINAL WHERE run_id = this_run AND notEmpty(unreported) ORDER BY region_code)) AS silent
SELECT toUInt8(6) AS position, '无报送' AS kind, concat(u.name, '：',
    arrayStringConcat(arrayMap(type -> transform(type, types.1, types.2, type), u.unreported), '、'),
    '本月无报送，请核实。以往月月有报送，碰巧为零的可能性极小，名次可能因漏报而偏高。') AS text
FROM run_units AS u FINAL
WHERE u.run_id = this_run AND notEmpty(u.unreported)
UNION ALL
SELECT toUInt8(6) AS position, '没有乡镇' AS kind, concat(toString(n.unplaced), ' 件（',
    toString(floor(1000 * n.unplaced / (n.unplaced + n.placed) + 0.5) / 10), '%，共 ', toString(n.unplaced + n.placed), ' 件）',
    {month:String}, ' 的', n.name, '没有乡镇，未计入任何单位；',
    if(n.placed = 0, concat('各单位当月的', n.name, '因此没有数可计，请补上乡镇后重新导入。'), '名次可能因此变动，见 pingan rank。'),
    if(empty(n.silent_units), '', concat(arrayStringConcat(n.silent_units, '、'), '本月无', n.name, '报送，这些可能就是它报的，先核对再确认零报送。'))) AS text
FROM (
    SELECT record_type, sum(here.unplaced) AS unplaced, sum(here.placed) AS placed, transform(record_type, types.1, types.2, record_type) AS name,
        arrayMap(u -> u.1, arrayFilter(u -> has(u.2, record_type), silent)) AS silent_units
    FROM (
        SELECT record_type, unplaced, toUInt64(0) AS placed FROM v_unplaced(county = {county:String}) WHERE month = toDateOrZero(concat({month:String}, '-01'))
        UNION ALL
        SELECT record_type, unplaced, placed FROM v_stored_unplaced(county = {county:String}, month = {month:String})) AS here
    GROUP BY record_type
    HAVING unplaced > 0) AS n;
