-- Before anything of a delivery is sent, its rows are noted with the place their cases would get, so that cases it would move to
-- another month or region can be counted. `file`: the file's number in the delivery, from 1.

ALTER TABLE delivery_rows ADD COLUMN IF NOT EXISTS file UInt32 DEFAULT 0;
ALTER TABLE delivery_rows ADD COLUMN IF NOT EXISTS region_code String DEFAULT '';
ALTER TABLE delivery_rows ADD COLUMN IF NOT EXISTS month String DEFAULT '';
