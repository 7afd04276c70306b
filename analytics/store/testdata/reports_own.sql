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
        WHERE (unit IN {reach:Array(String)} OR substringIndex(unit, '/', 1) IN {reach:Array(String)} OR startsWith(unit, 'commune:') AND substringIndex(unit, '@', 1) IN {reach:Array(String)} AND substring(unit, position(unit, '@') + 1) >= '2025-07-01' OR position(unit, ':') = 0 AND substringIndex(substringIndex(unit, '/', 1), '-', 1) IN {reach:Array(String)})
    )
