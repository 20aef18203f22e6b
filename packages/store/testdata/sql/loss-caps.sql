SELECT cap_month, arraySort(groupArray(loss))[intDiv(count() * 95 + 99, 100)] AS fraud_loss_cap
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
    GROUP BY cap_month HAVING count() >= 20
