SELECT c.*, named_at, arrayFilter(at -> at < c.occurred_at, moments) AS siblings,
      arrayFilter(at -> ifNull(at <= c.occurred_at, 0), [named_at]) AS origins,
      arrayMax(arrayConcat(siblings, arrayMap(at -> assumeNotNull(at), origins))) AS last_before,
      if(empty(siblings) AND empty(origins), NULL, last_before) AS prior_occurred_at, if(c.sign = 1, cap_now, cap_before) AS fraud_loss_cap FROM (SELECT *, if(ifNull(sub_category = 'telecom_fraud' AND case_status IN ('accepted', 'filed'), 0), (toDate32(occurred_at, {tz:String}) - toDayOfMonth(toDate32(occurred_at, {tz:String})) + 1), NULL) AS fraud_month
      FROM (SELECT * FROM (SELECT *, arrayJoin(
      if(kafka_offset < arrayElement({since:Array(UInt64)}, kafka_partition + 1), [toInt8(1), toInt8(-1)], [toInt8(1)])
    ) AS sign FROM (SELECT * FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM touched))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id, sign) WHERE op = 'upsert')) AS c
    LEFT JOIN (SELECT sign AS other_sign, source AS named_source, case_id AS named_id,
        occurred_at AS named_at
      FROM (SELECT * FROM (SELECT *, arrayJoin(
      if(kafka_offset < arrayElement({since:Array(UInt64)}, kafka_partition + 1), [toInt8(1), toInt8(-1)], [toInt8(1)])
    ) AS sign FROM (SELECT * FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, assumeNotNull(prior_case_ref) FROM police_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(prior_case_ref) AND (source, case_id) IN (SELECT source, case_id FROM touched)))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id, sign) WHERE op = 'upsert') WHERE record_type = 'police.incident') AS named
      ON c.source = named_source AND nullIf(c.prior_case_ref, c.case_id) = named_id AND c.sign = named.other_sign
    LEFT JOIN (SELECT sign AS other_sign, source AS sibling_source, assumeNotNull(prior_case_ref) AS origin_id,
        groupArray(occurred_at) AS moments
      FROM (SELECT * FROM (SELECT *, arrayJoin(
      if(kafka_offset < arrayElement({since:Array(UInt64)}, kafka_partition + 1), [toInt8(1), toInt8(-1)], [toInt8(1)])
    ) AS sign FROM (SELECT * FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM police_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(prior_case_ref) AND (source, assumeNotNull(prior_case_ref)) IN (SELECT source, assumeNotNull(prior_case_ref) FROM police_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(prior_case_ref) AND (source, case_id) IN (SELECT source, case_id FROM touched))))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id, sign) WHERE op = 'upsert') WHERE record_type = 'police.incident' AND isNotNull(prior_case_ref)
      GROUP BY other_sign, sibling_source, origin_id) AS naming ON c.source = sibling_source AND c.prior_case_ref = origin_id AND c.sign = naming.other_sign
    LEFT JOIN (SELECT * FROM caps) AS caps ON c.fraud_month = cap_month
    SETTINGS join_use_nulls = 1
