-- The current row of each report, by the tables that figures are read from.
{{range $i, $table := .Tables}}{{if $i}}UNION ALL
{{end}}SELECT
    report_id, '{{$table}}' AS kind, stat_year, version, toUInt8(0) AS withdrawn, kafka_partition,
    {{template "beyond"}} AS beyond
FROM {{$table}} FINAL
WHERE {{$.Scope}}
{{end}}
