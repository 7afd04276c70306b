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
        WHERE concat(JSONExtractString(payload, 'industry', 'version'), ':', substring(JSONExtractString(payload, 'industry', 'code'), 1, 1)) IN {reach:Array(String)}
    )
