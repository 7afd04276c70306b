-- What a monitoring report may say beside the counts. Reports filed before have none of
-- it: no day of publication is 1970-01-01.
ALTER TABLE monitoring_report ADD COLUMN IF NOT EXISTS published_on Date AFTER performed_on;
ALTER TABLE monitoring_report ADD COLUMN IF NOT EXISTS body_kind LowCardinality(String) AFTER body_licence;
ALTER TABLE monitoring_report ADD COLUMN IF NOT EXISTS factors.highest Array(String);
ALTER TABLE monitoring_report ADD COLUMN IF NOT EXISTS factors.unit Array(LowCardinality(String));
