-- Where the units of a county lie (degrees, WGS-84), as far as its region table says. is_made_up: a demo's, not a place's.
CREATE OR REPLACE VIEW v_positions DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH
    (
        SELECT JSONExtract(max(document), 'regions', 'regions',
            'Array(Tuple(code String, ranked Bool, position Tuple(lat Nullable(Float64), lon Nullable(Float64), synthetic Bool)))')
        FROM counties FINAL WHERE code = {county:String}
    ) AS regions
SELECT region.1 AS region_code, assumeNotNull(region.3.1) AS lat, assumeNotNull(region.3.2) AS lon, region.3.3 AS is_made_up
FROM (SELECT arrayJoin(regions) AS region)
WHERE region.2 AND region.3.1 IS NOT NULL AND region.3.2 IS NOT NULL;
