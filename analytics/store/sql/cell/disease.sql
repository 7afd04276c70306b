SELECT
    stat_year, 'Y' AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
{{- if .Whole}}
    '' AS split, '' AS member,
{{- else}}
    arrayJoin([{{range $n, $p := .Parts}}{{if $n}}, {{end}}('{{$p.Split}}', {{template "member.sql" $p}}){{end}}]) AS part,
    part.1 AS split, part.2 AS member,
{{- end}}
    exposed, examined_persons, examined_cases, suspected_cases, diagnosed_new
FROM disease_report FINAL
WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND 'Y' IN {periods:Array(String)}
