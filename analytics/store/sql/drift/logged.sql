-- The copy of each report that has to be current, by report_log: the copy that lies first
-- in the log decides kind, year, period and unit, and of the copies that agree with it
-- the highest version counts. "beyond" marks a report of which something lies behind the
-- asked positions. The log is read in the order of its key: reports that are done need no memory.
SELECT
    report_id, newest.1 AS kind, newest.2 AS stat_year, newest.3 AS version, newest.4 AS withdrawn,
    newest.5 AS kafka_partition, reaches_beyond AS beyond
FROM
(
    SELECT report_id, argMax(of_identity, earliness) AS newest, max(any_beyond) AS reaches_beyond
    FROM
    (
        SELECT
            report_id,
            max(bitAnd(version, 0xffffffffffff)) AS earliness,
            argMax((toString(kind), stat_year, version, toUInt8(withdrawn), kafka_partition), version) AS of_identity,
            max({{template "beyond"}}) AS any_beyond
        FROM report_log
        WHERE {{.Scope}}
        GROUP BY report_id, kind, stat_year, period, unit
    )
    GROUP BY report_id
    SETTINGS optimize_aggregation_in_order = 1
)
