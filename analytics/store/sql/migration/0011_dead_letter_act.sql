-- The acts of a letter are numbered from 1: of two officers who decide at the same
-- moment one takes the number, the other learns it. act_id tells whose it became.
-- "by" is the name that was given, principal who was let in; new_epoch is the log in
-- which new_partition and new_offset count.
ALTER TABLE dead_letter_act ADD COLUMN IF NOT EXISTS number UInt32,
    ADD COLUMN IF NOT EXISTS act_id UUID,
    ADD COLUMN IF NOT EXISTS principal LowCardinality(String),
    ADD COLUMN IF NOT EXISTS new_epoch UUID;
