{{- /* One row per counted report, or one per part of it when it is split. A parent's
report that names branches replaces theirs: the same period, the branch at any site. It
replaces only branches of its own tax code, or any filer could take another's report out
of the figures.

The parts of a report by cause and by factor are the rows of blocks 1.1 and 1.2; the first
part is what they do not explain, and all of what has no rows: block 2. By sex there are the
women of each count and the rest. By size there is one part: the class of the establishment.
So every way of splitting adds up to the total.

The parents are found by their array sizes first, in any revision, so that the long
columns are read of them alone and not of all reports a second time. */ -}}
SELECT
    stat_year, period_class AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
{{- if .Whole}}
    '' AS split, '' AS member, 1 AS head{{range .Annex}}, {{.}}{{end}}
{{- else}}
    part.1 AS split, part.2 AS member, part.3 AS head
{{- range $i, $c := .Annex}}, tupleElement(part, {{add $i 4}}) AS {{$c}}{{end}}
{{- end}}
FROM
(
    SELECT
        stat_year, if(endsWith(period, 'H1'), 'H1', 'Y') AS period_class, province_list, province_code, vsic_version, vsic_section
{{- if .Whole}}
        {{- range .Annex}}, {{.}}{{end}}
{{- else}},
        arrayJoin(arrayConcat(
{{- range $n, $p := .Parts}}{{if $n}},{{end}}
{{- if $p.Block}}
            if(empty(`rows.block`),
                [('{{$p.Split}}', '', 1{{range $.Annex}}, toInt64({{.}}){{end}})],
                arrayConcat(
                    [('{{$p.Split}}', '', 1{{range $.Annex}}, toInt64({{.}}){{if .Rows}} - arraySum((b, v) -> if(b = '{{$p.Block}}', toInt64(v), 0), `rows.block`, `rows.{{.}}`){{end}}{{end}})],
                    arrayMap(i -> ('{{$p.Split}}', toString(`rows.code`[i]), 0{{range $.Annex}}, toInt64({{if .Rows}}`rows.{{.}}`[i]{{else}}0{{end}}){{end}}),
                        arrayFilter(i -> `rows.block`[i] = '{{$p.Block}}', arrayEnumerate(`rows.block`)))))
{{- else}}
            [('{{$p.Split}}', {{template "member.sql" $p}}, 1{{range $.Annex}}, {{.Of $p "toInt64(%s)"}}{{end}})]
{{- end}}
{{- end}})) AS part
{{- end}}
    FROM annex_xii FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND period_class IN {periods:Array(String)}
        AND (branch = '' OR (period, branch) NOT IN
        (
            {{template "covered.sql" .}}
        ))
)
