-- New rows are found by their offsets. A merge orders rows by case, but the large parts of a table are old: the range of
-- offsets of each granule is enough to pass over them.
ALTER TABLE police_cases ADD INDEX IF NOT EXISTS by_offset kafka_offset TYPE minmax;
ALTER TABLE petition_cases ADD INDEX IF NOT EXISTS by_offset kafka_offset TYPE minmax;
ALTER TABLE mediation_cases ADD INDEX IF NOT EXISTS by_offset kafka_offset TYPE minmax;
ALTER TABLE opinion_cases ADD INDEX IF NOT EXISTS by_offset kafka_offset TYPE minmax;
ALTER TABLE police_cases MATERIALIZE INDEX by_offset;
ALTER TABLE petition_cases MATERIALIZE INDEX by_offset;
ALTER TABLE mediation_cases MATERIALIZE INDEX by_offset;
ALTER TABLE opinion_cases MATERIALIZE INDEX by_offset;
