-- What the current table of a kind has against what report_log says it must have.
WITH
    newest AS
    (
        SELECT report_id, max(version) AS latest, argMax(withdrawn, version) AS gone
        FROM report_log
        WHERE kind = {kind:String}
        GROUP BY report_id
    ),
    current AS (SELECT report_id, version FROM {table:Identifier} FINAL)
SELECT
    (SELECT count() FROM current) AS rows,
    (SELECT uniqExact(report_id) FROM current) AS reports,
    (SELECT count() FROM newest WHERE NOT gone) AS wanted,
    (SELECT count() FROM newest LEFT ANY JOIN current USING (report_id) WHERE NOT newest.gone AND current.version != newest.latest) AS missing
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0
