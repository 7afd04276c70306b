{{- /* The reports of one kind in the asked years: whose, on which period, when first received.
Where a report of any site counts for the whole taxpayer, it is counted for both; else a unit
has one report on a period. */ -}}
SELECT 'filed' AS what, '{{.Table}}' AS kind, {{.Owner}} AS owner, toString(period) AS of, {{if .Several}}min(toUnixTimestamp64Milli(filed_at)){{else}}toUnixTimestamp64Milli(filed_at){{end}} AS at, '' AS other, toUInt16(0) AS due
        FROM {{.Table}} FINAL
        WHERE stat_year IN {years:Array(UInt16)}
{{- if .Several}}
        GROUP BY owner, of
{{- end -}}
