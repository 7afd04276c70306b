SELECT
    toString(line.1), toString(line.2), toInt64(uniqExact(report_id)),
    [{{range $i, $c := .Form}}{{if $i}}, {{end}}sum(toInt64(tupleElement(line, {{add $i 3}}))){{end}}]
FROM
(
    SELECT
        report_id,
        arrayFilter(l -> l.1 IN ('1.1', '1.2', '1.3'), arrayZip(`rows.block`, `rows.code`{{range .Form}}, `rows.{{.}}`{{end}})) AS lines
    FROM annex_xii FINAL
    WHERE {{template "counted.sql" .}}
        AND (branch = '' OR (period, branch) NOT IN
        (
            {{template "covered.sql" .}}
        ))
)
ARRAY JOIN lines AS line
GROUP BY line.1, line.2
ORDER BY line.1, line.2
