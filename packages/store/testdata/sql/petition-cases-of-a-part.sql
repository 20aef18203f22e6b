SELECT c.*, original_closed_at, original_accepted_at, original_due_at, original_extended_to, arrayFilter(at -> ifNull(at >= c.closed_at, 0), moments) AS later,
      if(empty(later), NULL, arrayMin(later)) AS first_repeat_at FROM (SELECT * FROM (SELECT *, arrayJoin(
      if(kafka_offset < arrayElement({since:Array(UInt64)}, kafka_partition + 1), [toInt8(1), toInt8(-1)], [toInt8(1)])
    ) AS sign FROM (SELECT * FROM petition_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM touched))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id, sign) WHERE op = 'upsert') AS c
    LEFT JOIN (SELECT sign AS other_sign, source AS named_source, case_id AS named_id,
        closed_at AS original_closed_at, accepted_at AS original_accepted_at, due_at AS original_due_at, extended_to AS original_extended_to
      FROM (SELECT * FROM (SELECT *, arrayJoin(
      if(kafka_offset < arrayElement({since:Array(UInt64)}, kafka_partition + 1), [toInt8(1), toInt8(-1)], [toInt8(1)])
    ) AS sign FROM (SELECT * FROM petition_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, assumeNotNull(repeat_of) FROM petition_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(repeat_of) AND (source, case_id) IN (SELECT source, case_id FROM touched)))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id, sign) WHERE op = 'upsert') WHERE record_type = 'petition.case') AS named
      ON c.source = named_source AND nullIf(c.repeat_of, c.case_id) = named_id AND c.sign = named.other_sign
    LEFT JOIN (SELECT sign AS other_sign, source AS naming_source, assumeNotNull(repeat_of) AS origin_id,
        groupArray(assumeNotNull(registered_at)) AS moments
      FROM (SELECT * FROM (SELECT *, arrayJoin(
      if(kafka_offset < arrayElement({since:Array(UInt64)}, kafka_partition + 1), [toInt8(1), toInt8(-1)], [toInt8(1)])
    ) AS sign FROM (SELECT * FROM petition_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM petition_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(repeat_of) AND (source, assumeNotNull(repeat_of)) IN (SELECT source, case_id FROM touched)))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id, sign) WHERE op = 'upsert') WHERE record_type = 'petition.case' AND isNotNull(repeat_of) AND repeat_of != case_id
      GROUP BY other_sign, naming_source, origin_id) AS naming ON c.source = naming_source AND c.case_id = origin_id AND c.sign = naming.other_sign
    SETTINGS join_use_nulls = 1
