-- Who has a county scored by a scheme, and why, as far as they said.
ALTER TABLE schemes ADD COLUMN IF NOT EXISTS note String;
