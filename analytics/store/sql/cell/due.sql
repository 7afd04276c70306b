{{- define "number"}}transform(concat(kind, ' ', of), {owed:Array(String)}, arrayEnumerate({owed:Array(String)}), toUInt32(0)){{end -}}
{{- define "day"}}toUInt16(toDate(fromUnixTimestamp64Milli({{.}}, 'Asia/Ho_Chi_Minh'))){{end -}}
{{- /* One row per registered unit and report that it owes, with whether it came and in time:
what obligation.Owed.Assess says, from the facts that obliged.sql reads. What the law asks for
is given: n numbers kinds and periods in {owed}. Days are counted from 1970; 0 is none.

Of the reports only those of registered units are kept in memory, a day of each. */ -}}
SELECT
    {owed_year:Array(UInt16)}[n] AS stat_year, {owed_period:Array(String)}[n] AS period, 0 AS month,
    province_list, province_code, vsic_version, vsic_section, '' AS split, '' AS member,
    {owed_kind:Array(String)}[n] AS kind,
    covered_on > 0 OR filed_on > 0 AS reported,
    -- Whoever need not report counts only if he did.
    reported OR NOT exempt AS due,
    -- The first day that is too late, after an extension.
    greatest(toUInt16({owed_before:Array(Date)}[n]), if(extended_to = 0, 0, extended_to + 1)) AS too_late,
    -- The parent's report counts in the place of the branch's own.
    reported AND too_late > 0 AND if(covered_on > 0, covered_on < too_late, filed_on < too_late OR exempt) AS in_time
FROM
(
    -- The head office is that of the last day of the period.
    SELECT unit, n, toString(lists[stay]) AS province_list, toString(codes[stay]) AS province_code, vsic_version, vsic_section
    FROM
    (
        SELECT
            unit, n, lists, codes, vsic_version, vsic_section, {owed_last:Array(Date)}[n] AS last,
            arrayFirstIndex((first_day, last_day) -> first_day <= last AND (last_day = toDate(0) OR last_day >= last), stay_from, stay_to) AS stay
        FROM
        (
            SELECT
                unit, unit_type, active_from, active_to, vsic_version, vsic_section,
                `head_office.province_list` AS lists, `head_office.province_code` AS codes, `head_office.first_day` AS stay_from, `head_office.last_day` AS stay_to,
                `hazard.first_day` AS hazard_from, `hazard.last_day` AS hazard_to
            FROM registration FINAL
            WHERE stat_year = {register:UInt16}
        )
        ARRAY JOIN arrayEnumerate({owed:Array(String)}) AS n
        -- Who owes it: of this type, active on the last day, and meeting the condition in the period.
        WHERE unit_type = {owed_type:Array(String)}[n]
            AND active_from <= last AND (active_to = toDate(0) OR active_to >= last)
            AND ({owed_condition:Array(String)}[n] = 'all'
                OR {owed_condition:Array(String)}[n] = 'hazard' AND arrayExists((first_day, last_day) ->
                    first_day <= last AND (last_day = toDate(0) OR last_day >= {owed_first:Array(Date)}[n]), hazard_from, hazard_to))
    )
) AS owed
ANY LEFT JOIN
(
    SELECT owner AS unit, {{template "number"}} AS n, {{template "day" "at"}} AS filed_on
    FROM
    (
{{- range $i, $kind := .Kinds}}{{if $i}}
        UNION ALL{{end}}
        {{template "filed.sql" $kind}}
{{- end}}
    )
    WHERE n > 0 AND unit IN (SELECT unit FROM registration WHERE stat_year = {register:UInt16})
) AS reports USING (unit, n)
ANY LEFT JOIN
(
    SELECT
        owner AS unit, {{template "number"}} AS n,
        {{template "day" "minIf(at, what = 'covered')"}} AS covered_on, max(what = 'exempt') AS exempt, max(due) AS extended_to
    FROM
    (
        {{template "decided.sql" .}}
    )
    GROUP BY unit, n
) AS decided USING (unit, n)
