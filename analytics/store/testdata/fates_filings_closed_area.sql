SELECT
    filed_kind AS kind, report_id, revision, {year:UInt16} AS stat_year, filed_period AS period, filed_unit AS unit, first_filed AS filed_at, first_received AS received_at,
    '' AS province_list, '' AS province_code,
    multiIf(
        late, 'late',
        position != maxIf(position, NOT late) OVER (PARTITION BY report_id, revision), 'conflict',
        revision < maxIf(revision, NOT late) OVER (PARTITION BY report_id), 'superseded',
        gone, 'withdrawn',
        'newest') AS fate,
    if(gone, argMaxIf(place, position, NOT gone) OVER (PARTITION BY report_id), place) AS lies_in
FROM
(
    SELECT
        report_id, revision, max(version) AS position, any(kind) AS filed_kind, any(period) AS filed_period, any(unit) AS filed_unit,
        any(withdrawn) AS gone, min(filed_at) AS first_filed, min(received_at) AS first_received,
        toUnixTimestamp64Milli(min(stored_at)) > {until:Int64} AS late,
        any(multiIf(
            withdrawn, '',
            kind = 'accident_declaration', concat(JSONExtractString(payload, 'place', 'province', 'list'), '/', JSONExtractString(payload, 'place', 'province', 'code')),
            kind = 'monitoring_report', concat(JSONExtractString(payload, 'site_province', 'list'), '/', JSONExtractString(payload, 'site_province', 'code')),
            concat(JSONExtractString(payload, 'reporter', 'province', 'list'), '/', JSONExtractString(payload, 'reporter', 'province', 'code')))) AS place
    FROM report_log
    WHERE kind IN {kinds:Array(String)} AND stat_year = {year:UInt16}
    GROUP BY report_id, revision, sha256
)
