{{- /* One row per commune's report, or one per part of it when asked by cause or by
section. Reports give both apart, never together: by cause the section is unknown. The
first part is the report itself with what its parts do not explain, so every way of
splitting adds up to the total. */ -}}
SELECT
    stat_year, period_class AS period, 0 AS month, province_list, province_code,
{{- if .ByCause}}
    '' AS vsic_version, '' AS vsic_section, part.1 AS cause, 'cause' AS split, part.2 AS head
{{- range $i, $m := .Form}}, tupleElement(part, {{add $i 3}}) AS {{$m}}{{end}}
{{- else if .BySection}}
    part.1 AS vsic_version, part.2 AS vsic_section, '' AS cause, '' AS split, part.3 AS head
{{- range $i, $m := .Form}}, tupleElement(part, {{add $i 4}}) AS {{$m}}{{end}}
{{- else}}
    '' AS vsic_version, '' AS vsic_section, '' AS cause, '' AS split, 1 AS head
{{- range .Form}}, {{.}}{{end}}
{{- end}}
FROM
(
    SELECT
        stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code,
{{- if .ByCause}}
        arrayJoin(arrayConcat(
            [('', 1{{range .Form}}, toInt64({{.}}) - arraySum(`causes.{{.}}`){{end}})],
            arrayMap(i -> (toString(`causes.code`[i]), 0{{range .Form}}, toInt64(`causes.{{.}}`[i]){{end}}),
                arrayEnumerate(`causes.code`)))) AS part
{{- else if .BySection}}
        arrayJoin(arrayConcat(
            [('', '', 1{{range .Form}}, toInt64({{.}}) - arraySum(`sectors.{{.}}`){{end}})],
            arrayMap(i -> (toString(`sectors.vsic_version`[i]), toString(`sectors.vsic_section`[i]), 0{{range .Form}}, toInt64(`sectors.{{.}}`[i]){{end}}),
                arrayEnumerate(`sectors.vsic_section`)))) AS part
{{- else}}
        1{{range .Form}}, {{.}}{{end}}
{{- end}}
    FROM commune_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period_class IN {periods:Array(String)}
)
