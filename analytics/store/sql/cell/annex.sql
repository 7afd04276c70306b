{{- /* One row per counted report, or one per part of it when asked by cause. A parent's
report that names branches replaces theirs: the same period, the branch at any site. It
replaces only branches of its own tax code, or any filer could take another's report out
of the figures.

The parents are found by their array sizes first, in any revision, so that the long
columns are read of them alone and not of all reports a second time. */ -}}
SELECT
    stat_year, period_class AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
{{- if .ByCause}}
    part.1 AS cause, 'cause' AS split, part.2 AS head, workers
{{- range $i, $m := .Form}}, tupleElement(part, {{add $i 3}}) AS {{$m}}{{end}}
{{- else}}
    '' AS cause, '' AS split, 1 AS head, workers{{range .Form}}, {{.}}{{end}}
{{- end}}
{{- range .Form}}, commuting_{{.}}{{end}}
FROM
(
    SELECT
        stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code, vsic_version, vsic_section, workers,
{{- if .ByCause}}
        -- The first part is the report itself with what block 1.1 does not explain.
        arrayJoin(if(empty(`rows.block`), [('', 1{{range .Form}}, toInt64({{.}}){{end}})], arrayConcat(
            [('', 1{{range .Form}}, toInt64({{.}}) - arraySum((b, v) -> if(b = '1.1', toInt64(v), 0), `rows.block`, `rows.{{.}}`){{end}})],
            arrayMap(i -> (toString(`rows.code`[i]), 0{{range .Form}}, toInt64(`rows.{{.}}`[i]){{end}}),
                arrayFilter(i -> `rows.block`[i] = '1.1', arrayEnumerate(`rows.block`)))))) AS part
{{- range .Form}}, commuting_{{.}}{{end}}
{{- else}}
        1{{range .Form}}, {{.}}, commuting_{{.}}{{end}}
{{- end}}
    FROM annex_xii FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period_class IN {periods:Array(String)}
        AND (branch = '' OR (period, branch) NOT IN
        (
            {{template "covered.sql" .}}
        ))
)
