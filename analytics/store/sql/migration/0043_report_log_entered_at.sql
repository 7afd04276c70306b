-- When a report that came on paper was entered: received_at is then of the day of the
-- paper. The default is of what was filed by itself, and costs nothing where it repeats.
ALTER TABLE report_log ADD COLUMN IF NOT EXISTS entered_at DateTime64(3, 'Asia/Ho_Chi_Minh');
