-- Fields of the record types added later, behind all others: the digest of a row covers it up to its last value, so rows
-- without these fields keep theirs.
ALTER TABLE police_cases
    ADD COLUMN IF NOT EXISTS warned Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS dissuaded Nullable(UInt32);

ALTER TABLE petition_cases
    ADD COLUMN IF NOT EXISTS resolved Nullable(Bool),
    ADD COLUMN IF NOT EXISTS department Nullable(String);

ALTER TABLE mediation_cases
    ADD COLUMN IF NOT EXISTS valid_reports Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS zero_report_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS visit_group Nullable(String),
    ADD COLUMN IF NOT EXISTS planned Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS done Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS unit_kind Nullable(String),
    ADD COLUMN IF NOT EXISTS unit_id Nullable(String),
    ADD COLUMN IF NOT EXISTS category Nullable(String),
    ADD COLUMN IF NOT EXISTS is_compliant Nullable(Bool),
    ADD COLUMN IF NOT EXISTS is_three_zero Nullable(Bool),
    ADD COLUMN IF NOT EXISTS colour Nullable(String),
    ADD COLUMN IF NOT EXISTS asked Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS felt_safe Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS issued_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS duty Nullable(String),
    ADD COLUMN IF NOT EXISTS done_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS expected Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS signed Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS kind Nullable(String),
    ADD COLUMN IF NOT EXISTS deaths Nullable(UInt32),
    ADD COLUMN IF NOT EXISTS case_ref Nullable(String);
