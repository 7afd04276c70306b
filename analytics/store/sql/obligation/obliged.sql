{{- /* Every asked entry of the register, in the order of its unit, with what is on record
about its obligations in the asked years. Where a report of any site counts for the whole
taxpayer, it is counted for both. */ -}}
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
{{- if .Reached}}
        AND {{.Reached}}
{{- end}}
)
SELECT
    unit, report_id, revision, unit_type, authority, toUInt16(active_from), toUInt16(active_to),
    arrayMap(x -> toString(x), office_lists), arrayMap(x -> toString(x), office_codes),
    {{days "office_from"}}, {{days "office_to"}}, {{days "hazard_from"}}, {{days "hazard_to"}}, {{days "strict_from"}}, {{days "strict_to"}},
    arrayMap(x -> toString(x), services), covered_by, {{days "covered_from"}}, {{days "covered_to"}},
    whats, kinds, periods, moments, others, dues
FROM registered
LEFT JOIN
(
    SELECT
        owner AS unit, groupArray(what) AS whats, groupArray(kind) AS kinds, groupArray(of) AS periods,
        groupArray(at) AS moments, groupArray(other) AS others, groupArray(due) AS dues
    FROM
    (
{{- range .Kinds}}
        SELECT 'filed' AS what, '{{.Table}}' AS kind, {{.Owner}} AS owner, toString(period) AS of, min(toUnixTimestamp64Milli(filed_at)) AS at, '' AS other, toUInt16(0) AS due
        FROM {{.Table}} FINAL
        WHERE stat_year IN {years:Array(UInt16)}
        GROUP BY owner, of
        UNION ALL
{{- end}}
{{- if .Covers}}
        SELECT 'covered', 'annex_xii', arrayJoin(covers_branches) AS owner, toString(period), toUnixTimestamp64Milli(filed_at), unit, toUInt16(0)
        FROM annex_xii FINAL
        WHERE stat_year IN {years:Array(UInt16)} AND notEmpty(covers_branches) AND startsWith(owner, concat(splitByChar('/', unit)[1], '-'))
        UNION ALL
{{- end}}
        SELECT toString(relief), toString(obligation), unit, toString(period), toUnixTimestamp64Milli(filed_at), '', toUInt16(due_by)
        FROM obligation_relief FINAL
        WHERE stat_year IN {years:Array(UInt16)}
    )
    WHERE owner IN (SELECT unit FROM registered)
    GROUP BY owner
) AS facts USING (unit)
ORDER BY unit
