{{- /* One row per commune that filed the year and its first half, with what is left of the
year. Its parts by a cut and by section are not subtracted: they stand with what is not known. */ -}}
SELECT
    stat_year, 'H2' AS period, 0 AS month, what.1 AS province_list, what.2 AS province_code, '' AS vsic_version, '' AS vsic_section,
    '*' AS split, '' AS member, below, head
{{- range .Form}}, rest_{{.}} * head AS {{.}}{{end}}
FROM
(
    SELECT
        stat_year, unit, anyIf((province_list, province_code), whole) AS what
{{- range .AllForm}},
        sum(sign * {{.}}) AS rest_{{.}}
{{- end}},
        arrayMin([{{range $i, $m := .AllForm}}{{if $i}}, {{end}}rest_{{$m}}{{end}}]) < 0 AS below, NOT below AS head
    FROM
    (
        SELECT stat_year, unit, province_list, province_code, NOT endsWith(period, 'H1') AS whole, if(whole, 1, -1) AS sign
{{- range .AllForm}}, {{.}}{{end}}
        FROM commune_report FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    )
    GROUP BY stat_year, unit
    HAVING count() = 2
)
