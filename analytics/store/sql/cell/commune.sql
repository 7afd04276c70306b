{{- /* One row per commune's report, or one per part of it when it is split or asked for by
section. Reports give causes and sections apart, never together: by cause the section is
unknown. The first part is the report itself with what its parts do not explain, so every
way of splitting adds up to the total. Factors and the size of establishments they do not
give: there everything stands under no member. By sex there are the women of each count and
the rest. */ -}}
SELECT
    stat_year, period_class AS period, 0 AS month, province_list, province_code,
{{- if and .Whole (not .BySection)}}
    '' AS vsic_version, '' AS vsic_section, '' AS split, '' AS member, 1 AS head
{{- range .Form}}, {{.}}{{end}}
{{- else}}
    part.1 AS split, part.2 AS member, part.3 AS vsic_version, part.4 AS vsic_section, part.5 AS head
{{- range $i, $c := .Form}}, tupleElement(part, {{add $i 6}}) AS {{$c}}{{end}}
{{- end}}
FROM
(
    SELECT
        stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code
{{- if and .Whole (not .BySection)}}
        {{- range .Form}}, {{.}}{{end}}
{{- else}},
        arrayJoin(arrayConcat(
{{- range $n, $p := .Parts}}{{if $n}},{{end}}
{{- if eq $p.Split "cause"}}
            [('cause', '', '', '', 1{{range $.Form}}, toInt64({{.}}) - arraySum(`causes.{{.}}`){{end}})],
            arrayMap(i -> ('cause', toString(`causes.code`[i]), '', '', 0{{range $.Form}}, toInt64(`causes.{{.}}`[i]){{end}}),
                arrayEnumerate(`causes.code`))
{{- else if $.BySection}}
            [('{{$p.Split}}', '{{$p.Member}}', '', '', 1{{range $.Form}}, {{.Of $p "toInt64(%s)"}} - ({{.Of $p "arraySum(`sectors.%s`)"}}){{end}})],
            arrayMap(i -> ('{{$p.Split}}', '{{$p.Member}}', toString(`sectors.vsic_version`[i]), toString(`sectors.vsic_section`[i]), 0{{range $.Form}}, {{.Of $p "toInt64(`sectors.%s`[i])"}}{{end}}),
                arrayEnumerate(`sectors.vsic_section`))
{{- else}}
            [('{{$p.Split}}', '{{$p.Member}}', '', '', 1{{range $.Form}}, {{.Of $p "toInt64(%s)"}}{{end}})]
{{- end}}
{{- end}})) AS part
{{- end}}
    FROM commune_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period_class IN {periods:Array(String)}
)
