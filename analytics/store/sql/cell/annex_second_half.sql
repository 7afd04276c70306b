{{- /* One row per reporter who filed the year and its first half, with what is left of the
year; a reporter whose two reports do not fit is a row that counts nothing but itself. Where
it is and what it does the year's report says. Every count is looked at, whichever is asked
for, so that all measures are of the same reporters. */ -}}
SELECT
    stat_year, 'H2' AS period, 0 AS month, what.1 AS province_list, what.2 AS province_code, what.3 AS vsic_version, what.4 AS vsic_section,
    '*' AS split, '' AS member, other_branches, below, head
{{- range .Annex}}, {{if eq .String "workers"}}year_workers{{else}}rest_{{.}}{{end}} * head AS {{.}}{{end}}
FROM
(
    SELECT
        stat_year, unit,
        anyIf((province_list, province_code, vsic_version, vsic_section), whole) AS what, anyIf(workers, whole) AS year_workers
{{- range .AllForm}},
        sum(sign * {{.}}) AS rest_{{.}}, sum(sign * commuting_{{.}}) AS rest_commuting_{{.}}
{{- end}},
        -- One of the two reports speaks for a branch for which the other does not.
        uniqExact(arraySort(covers_branches)) > 1 AS other_branches,
        NOT other_branches AND arrayMin([{{range $i, $m := .AllForm}}{{if $i}}, {{end}}rest_{{$m}}, rest_commuting_{{$m}}{{end}}]) < 0 AS below,
        NOT other_branches AND NOT below AS head
    FROM
    (
        SELECT
            stat_year, unit, province_list, province_code, vsic_version, vsic_section, workers, covers_branches,
            NOT endsWith(period, 'H1') AS whole, if(whole, 1, -1) AS sign
{{- range .AllForm}}, {{.}}, commuting_{{.}}{{end}}
        FROM annex_xii FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
            AND (branch = '' OR (period, branch) NOT IN
            (
                {{template "covered.sql" .}}
            ))
    )
    GROUP BY stat_year, unit
    HAVING count() = 2
)
