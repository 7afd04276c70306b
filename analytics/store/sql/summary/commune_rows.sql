SELECT
    '1.1', toString(line.1), toInt64(uniqExact(report_id)),
    [{{range $i, $c := .Form}}{{if $i}}, {{end}}sum(toInt64(tupleElement(line, {{add $i 2}}))){{end}}]
FROM
(
    SELECT report_id, arrayZip(`causes.code`{{range .Form}}, `causes.{{.}}`{{end}}) AS lines
    FROM commune_report FINAL
    WHERE {{template "counted.sql" .}}
)
ARRAY JOIN lines AS line
GROUP BY line.1
ORDER BY line.1
