report_id IN
    (
        SELECT report_id
        FROM
        (
            SELECT report_id, kind, unit, payload
            FROM report_log
            WHERE report_id IN ({id:UInt128})
            ORDER BY report_id, withdrawn, version DESC
            LIMIT 1 BY report_id
        )
        WHERE kind IN {reach_kinds:Array(String)} AND hasAny(arrayConcat(
            if(kind = 'base_figures', [], [concat(JSONExtractString(payload, 'reporter', 'province', 'list'), '/', JSONExtractString(payload, 'reporter', 'province', 'code'))]),
            multiIf(
                kind IN ('accident_declaration', 'technical_incident'), [concat(JSONExtractString(payload, 'place', 'province', 'list'), '/', JSONExtractString(payload, 'place', 'province', 'code'))],
                kind IN ('investigation', 'base_figures'), [concat(JSONExtractString(payload, 'province', 'list'), '/', JSONExtractString(payload, 'province', 'code'))],
                kind = 'monitoring_report', [concat(JSONExtractString(payload, 'site_province', 'list'), '/', JSONExtractString(payload, 'site_province', 'code'))],
                kind = 'disease_case', [concat(JSONExtractString(payload, 'workplace', 'province', 'list'), '/', JSONExtractString(payload, 'workplace', 'province', 'code'))],
                kind = 'inspection', [concat(JSONExtractString(payload, 'establishment', 'province', 'list'), '/', JSONExtractString(payload, 'establishment', 'province', 'code'))],
                kind = 'registration', arrayMap(o -> concat(JSONExtractString(o, 'province', 'list'), '/', JSONExtractString(o, 'province', 'code')), JSONExtractArrayRaw(payload, 'head_office')),
                [])), {reach:Array(String)})
    )
