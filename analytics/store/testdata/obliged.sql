WITH registered AS
(
    SELECT
        unit, report_id, revision, unit_type, authority, active_from, active_to,
        `head_office.province_list` AS office_lists, `head_office.province_code` AS office_codes,
        `head_office.first_day` AS office_from, `head_office.last_day` AS office_to,
        `hazard.first_day` AS hazard_from, `hazard.last_day` AS hazard_to,
        `strict_jobs.first_day` AS strict_from, `strict_jobs.last_day` AS strict_to,
        services, `covered.by` AS covered_by, `covered.first_day` AS covered_from, `covered.last_day` AS covered_to
    FROM registration FINAL
    WHERE stat_year = {register:UInt16}
        AND (empty({units:Array(String)}) OR has({units:Array(String)}, unit))
        AND (empty({provinces:Array(String)})
            OR arrayExists((list, code) -> has({provinces:Array(String)}, concat(list, '/', code)), office_lists, office_codes))
)
SELECT
    unit, report_id, revision, unit_type, authority, toUInt16(active_from), toUInt16(active_to),
    arrayMap(x -> toString(x), office_lists), arrayMap(x -> toString(x), office_codes),
    arrayMap(d -> toUInt16(d), office_from), arrayMap(d -> toUInt16(d), office_to), arrayMap(d -> toUInt16(d), hazard_from), arrayMap(d -> toUInt16(d), hazard_to), arrayMap(d -> toUInt16(d), strict_from), arrayMap(d -> toUInt16(d), strict_to),
    arrayMap(x -> toString(x), services), covered_by, arrayMap(d -> toUInt16(d), covered_from), arrayMap(d -> toUInt16(d), covered_to),
    whats, kinds, periods, moments, others, dues
FROM registered
LEFT JOIN
(
    SELECT
        owner AS unit, groupArray(what) AS whats, groupArray(kind) AS kinds, groupArray(of) AS periods,
        groupArray(at) AS moments, groupArray(other) AS others, groupArray(due) AS dues
    FROM
    (
        SELECT 'filed' AS what, 'annex_xii' AS kind, unit AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, '' AS other, toUInt16(0) AS due
        FROM annex_xii FINAL
        WHERE stat_year IN {years:Array(UInt16)}
        UNION ALL
        SELECT 'filed' AS what, 'monitoring_report' AS kind, arrayJoin(arrayDistinct([unit, concat(splitByChar('/', unit)[1], '/0')])) AS owner, toString(period) AS of, min(toUnixTimestamp64Milli(filed_at)) AS at, '' AS other, toUInt16(0) AS due
        FROM monitoring_report FINAL
        WHERE stat_year IN {years:Array(UInt16)}
        GROUP BY owner, of
        UNION ALL
        SELECT 'covered' AS what, 'annex_xii' AS kind, arrayJoin(covers_branches) AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, unit AS other, toUInt16(0) AS due
        FROM annex_xii FINAL
        WHERE stat_year IN {years:Array(UInt16)} AND notEmpty(covers_branches) AND startsWith(owner, concat(splitByChar('/', unit)[1], '-'))
        UNION ALL
        SELECT toString(relief) AS what, toString(obligation) AS kind, unit AS owner, toString(period) AS of, toUnixTimestamp64Milli(filed_at) AS at, '' AS other, toUInt16(due_by) AS due
        FROM obligation_relief FINAL
        WHERE stat_year IN {years:Array(UInt16)}

    )
    WHERE owner IN (SELECT unit FROM registered)
    GROUP BY owner
) AS facts USING (unit)
ORDER BY unit
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
