SELECT c.*, arrayFilter(at -> ifNull(at >= c.closed_at, 0), moments) AS later,
      if(empty(later), NULL, arrayMin(later)) AS first_secondary_at FROM (SELECT * FROM (SELECT * FROM opinion_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert') AS c
    LEFT JOIN (SELECT  source AS naming_source, assumeNotNull(secondary_of) AS origin_id,
        groupArray(assumeNotNull(discovered_at)) AS moments
      FROM (SELECT * FROM (SELECT * FROM opinion_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM opinion_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(secondary_of))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert') WHERE record_type = 'opinion.event' AND isNotNull(secondary_of) AND secondary_of != case_id
      GROUP BY naming_source, origin_id) AS naming ON c.source = naming_source AND c.case_id = origin_id
    SETTINGS join_use_nulls = 1
