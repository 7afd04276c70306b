{{- /* What report_log says of each filing: one revision of a report with one content, however
often it was sent. Of several contents of a revision the one that lies first in the log
counts. What was stored after a period was closed is late, whatever else it is, and decides
nothing about the rest. A withdrawal has no content: it lies where the report did. */ -}}
SELECT
    filed_kind AS kind, report_id, revision, {year:UInt16} AS stat_year, filed_period AS period, filed_unit AS unit, first_filed AS filed_at, first_received AS received_at,
    '' AS province_list, '' AS province_code,
    multiIf(
        late, 'late',
        position != maxIf(position, NOT late) OVER (PARTITION BY report_id, revision), 'conflict',
        revision < maxIf(revision, NOT late) OVER (PARTITION BY report_id), 'superseded',
        gone, 'withdrawn',
        'newest') AS fate
{{- if .Place}},
    if(gone, argMaxIf(place, position, NOT gone) OVER (PARTITION BY report_id), place) AS lies_in
{{- end}}
FROM
(
    SELECT
        report_id, revision, max(version) AS position, any(kind) AS filed_kind, any(period) AS filed_period, any(unit) AS filed_unit,
        any(withdrawn) AS gone, min(filed_at) AS first_filed, min(received_at) AS first_received,
        {{if .Closed}}toUnixTimestamp64Milli(min(stored_at)) > {until:Int64}{{else}}false{{end}} AS late
{{- if .Place}},
        any({{.PlaceOfContent}}) AS place
{{- end}}
    FROM report_log
    WHERE kind IN {kinds:Array(String)} AND stat_year = {year:UInt16}{{.Reached}}
    GROUP BY report_id, revision, sha256
)
