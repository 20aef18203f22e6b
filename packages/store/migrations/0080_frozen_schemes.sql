-- Codes that the catalogue had when a scheme was stored. An indicator that came later is not seen by months under that scheme, so
-- that a new one scores no past month again. Empty: not known, everything is seen; the next start stores the scheme again with them.
ALTER TABLE schemes ADD COLUMN IF NOT EXISTS catalogue Array(String);
