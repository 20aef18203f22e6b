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
