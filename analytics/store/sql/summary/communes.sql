SELECT
    toInt64(count()), toInt64(countIf(workers_without_contract IS NULL)), toInt64(sum(ifNull(workers_without_contract, 0))),
    [{{range $i, $c := .Form}}{{if $i}}, {{end}}toInt64(sum({{$c}})){{end}}]
FROM commune_report FINAL
WHERE {{template "counted.sql" .}}
