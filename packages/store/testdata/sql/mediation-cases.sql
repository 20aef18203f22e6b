SELECT c.*, arrayFilter(at -> ifNull(at >= c.closed_at, 0), moments) AS later,
      if(empty(later), NULL, arrayMin(later)) AS first_recurrence_at FROM (SELECT * FROM (SELECT * FROM mediation_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert') AS c
    LEFT JOIN (SELECT  source AS naming_source, assumeNotNull(recurrence_of) AS origin_id,
        groupArray(assumeNotNull(accepted_at)) AS moments
      FROM (SELECT * FROM (SELECT * FROM mediation_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM mediation_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(recurrence_of))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert') WHERE record_type = 'mediation.dispute' AND isNotNull(recurrence_of) AND recurrence_of != case_id
      GROUP BY naming_source, origin_id) AS naming ON c.source = naming_source AND c.case_id = origin_id
    SETTINGS join_use_nulls = 1
