-- The two tables that every filer adds to. Left alone, ClickHouse rewrites each row the
-- more often the larger a table grows, up to parts of 150 GB, and a sink that shares the
-- machine becomes slower with the years. So merges take larger steps (the default base is
-- 5), and parts grow no further than this: a year of Annex XII of the whole country
-- still fits into one or two, and a revision is looked for in one granule of each part.
ALTER TABLE report_log MODIFY SETTING
    merge_selector_base = 10, max_bytes_to_merge_at_max_space_in_pool = 536870912;

ALTER TABLE annex_xii MODIFY SETTING
    merge_selector_base = 10, max_bytes_to_merge_at_max_space_in_pool = 134217728;
