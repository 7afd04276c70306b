SELECT kind, report_id, revision, withdrawn = 1, stat_year, period, unit, filed_at, received_at, province_list, province_code
FROM
(
{{- $f := .Filter }}
{{- range $i, $t := .Tables }}
{{- if $i }}
    UNION ALL
{{- end }}
    SELECT
        '{{ $t.Name }}' AS kind, report_id, revision, withdrawn, stat_year, period, unit, filed_at, received_at,
{{- if and $t.Places (not $f.Withdrawn) }}
        {{ index $t.Places 0 }}_list AS province_list, {{ index $t.Places 0 }}_code AS province_code
{{- else }}
        '' AS province_list, '' AS province_code
{{- end }}
{{- if $f.Withdrawn }}
    FROM
    (
        SELECT report_id, revision, version, withdrawn, stat_year, period, unit, filed_at, received_at FROM {{ $t.Name }}
        WHERE report_id IN (SELECT report_id FROM {{ $t.Name }} WHERE withdrawn = 1)
        ORDER BY version DESC
        LIMIT 1 BY report_id
    )
    WHERE withdrawn = 1
{{- else }}
    FROM {{ $t.Name }} FINAL
    WHERE 1
{{- end }}
{{- if $t.Reached }} AND {{ $t.Reached }}{{ end }}
{{- if $f.Unit }} AND unit = {unit:String}{{ end }}
{{- if $f.UnitPrefix }} AND startsWith(unit, {prefix:String}){{ end }}
{{- if $f.Year }} AND stat_year = {year:UInt16}{{ end }}
{{- if $f.Period }} AND period = {period:String}{{ end }}
{{- if not $f.ReceivedFrom.IsZero }} AND toUnixTimestamp64Milli(received_at) >= {from:Int64}{{ end }}
{{- if not $f.ReceivedTo.IsZero }} AND toUnixTimestamp64Milli(received_at) < {to:Int64}{{ end }}
{{- if $f.After }} AND (toUnixTimestamp64Milli(filed_at), report_id) < ({after:Int64}, {after_id:UInt128}){{ end }}
{{- if $f.Provinces }} AND (0{{ range $t.Places }} OR concat({{ . }}_list, '/', {{ . }}_code) IN {provinces:Array(String)}{{ end }}){{ end }}
    ORDER BY filed_at DESC, report_id DESC
    LIMIT {limit:UInt32}
{{- end }}
)
ORDER BY filed_at DESC, report_id DESC
LIMIT {limit:UInt32}
