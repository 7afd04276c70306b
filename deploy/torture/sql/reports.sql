-- The reports of a kind that count, by year.
SELECT stat_year, count()
FROM {table:Identifier} FINAL
GROUP BY stat_year
SETTINGS do_not_merge_across_partitions_select_final = 1
