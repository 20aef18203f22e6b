SELECT c.*, named_at, arrayFilter(at -> at < c.occurred_at, moments) AS siblings,
      arrayFilter(at -> ifNull(at <= c.occurred_at, 0), [named_at]) AS origins,
      arrayMax(arrayConcat(siblings, arrayMap(at -> assumeNotNull(at), origins))) AS last_before,
      if(empty(siblings) AND empty(origins), NULL, last_before) AS prior_occurred_at, fraud_loss_cap FROM (SELECT *, if(ifNull(sub_category = 'telecom_fraud' AND case_status IN ('accepted', 'filed'), 0), (toDate32(occurred_at, {tz:String}) - toDayOfMonth(toDate32(occurred_at, {tz:String})) + 1), NULL) AS fraud_month
      FROM (SELECT * FROM (SELECT * FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert')) AS c
    LEFT JOIN (SELECT  source AS named_source, case_id AS named_id,
        occurred_at AS named_at
      FROM (SELECT * FROM (SELECT * FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, assumeNotNull(prior_case_ref) FROM police_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(prior_case_ref))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert') WHERE record_type = 'police.incident') AS named
      ON c.source = named_source AND nullIf(c.prior_case_ref, c.case_id) = named_id
    LEFT JOIN (SELECT  source AS sibling_source, assumeNotNull(prior_case_ref) AS origin_id,
        groupArray(occurred_at) AS moments
      FROM (SELECT * FROM (SELECT * FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM police_cases WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND isNotNull(prior_case_ref))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert') WHERE record_type = 'police.incident' AND isNotNull(prior_case_ref)
      GROUP BY sibling_source, origin_id) AS naming ON c.source = sibling_source AND c.prior_case_ref = origin_id
    LEFT JOIN (SELECT cap_month, arraySort(groupArray(loss))[intDiv(count() * 95 + 99, 100)] AS fraud_loss_cap
    FROM (SELECT assumeNotNull(loss_amount) AS loss,
        arrayJoin(arrayMap(n -> addMonths((toDate32(occurred_at, {tz:String}) - toDayOfMonth(toDate32(occurred_at, {tz:String})) + 1), n), range(1, 12 + 1))) AS cap_month
      FROM (SELECT * FROM (SELECT * FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      AND (source, case_id) IN (SELECT source, case_id FROM police_cases
    WHERE county = {county:String} AND kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1) AND ifNull(sub_category = 'telecom_fraud' AND case_status IN ('accepted', 'filed'), 0))
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert')
      WHERE record_type = 'police.incident' AND ifNull(sub_category = 'telecom_fraud' AND case_status IN ('accepted', 'filed'), 0) AND ifNull(loss_amount, 0) > 0)
    GROUP BY cap_month HAVING count() >= 20) AS caps ON c.fraud_month = cap_month
    SETTINGS join_use_nulls = 1
