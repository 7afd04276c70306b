{{- /* Every asked entry of the register, in the order of its unit, with what is on record
about its obligations in the asked years. */ -}}
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
        {{template "filed.sql" .}}
        UNION ALL
{{- end}}
        {{template "decided.sql" .}}
    )
    WHERE owner IN (SELECT unit FROM registered)
    GROUP BY owner
) AS facts USING (unit)
ORDER BY unit
