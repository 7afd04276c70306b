SELECT
    'accident_declaration' AS kind, report_id, revision, stat_year, period, unit, filed_at, received_at, province_list, province_code
,
    multiIf(
        accident_id IN (SELECT accident_id FROM accident_declaration WHERE joined)
            OR accident_id IN (SELECT arrayJoin(declarations) FROM case_link), 'touched',
        month NOT BETWEEN {first:UInt8} AND {last:UInt8}, 'outside_period',
        commuting, 'commuting',
        0, 'other_employment',
        NOT has(`victims.employment`, 'contract'), 'other_employment',
        'counted') AS fate
FROM accident_declaration FINAL
WHERE stat_year = {year:UInt16}
UNION ALL
SELECT
    'annex_xii' AS kind, report_id, revision, stat_year, period, unit, filed_at, received_at, province_list, province_code
,
    multiIf(
        if(endsWith(period, 'H1'), 'H1', 'Y') != {span:String}, 'outside_period',
        branch != '' AND (period, branch) IN
        (
            SELECT period, splitByChar('/', covered)[1]
            FROM
            (
                -- The newest revision, as FINAL would choose it, of few reports.
                SELECT argMax(period, version) AS period, argMax(unit, version) AS unit, argMax(covers_branches, version) AS covers, argMax(withdrawn, version) AS gone
                FROM annex_xii
                WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
                    AND report_id IN (SELECT report_id FROM annex_xii WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16} AND notEmpty(covers_branches))
                GROUP BY report_id
            )
            ARRAY JOIN covers AS covered
            WHERE gone = 0 AND startsWith(covered, concat(splitByChar('/', unit)[1], '-'))
        ), 'covered',
        0, 'other_employment',
        'counted') AS fate
FROM annex_xii FINAL
WHERE stat_year = {year:UInt16}
UNION ALL
SELECT
    'commune_report' AS kind, report_id, revision, stat_year, period, unit, filed_at, received_at, province_list, province_code
,
    multiIf(
        if(endsWith(period, 'H1'), 'H1', 'Y') != {span:String}, 'outside_period',
        1, 'other_employment',
        'counted') AS fate
FROM commune_report FINAL
WHERE stat_year = {year:UInt16}
UNION ALL
SELECT
    'disease_report' AS kind, report_id, revision, stat_year, period, unit, filed_at, received_at, province_list, province_code
,
    if({span:String} = 'Y', 'counted', 'outside_period') AS fate
FROM disease_report FINAL
WHERE stat_year = {year:UInt16}
UNION ALL
SELECT
    'monitoring_report' AS kind, report_id, revision, stat_year, period, unit, filed_at, received_at, province_list, province_code
,
    if({span:String} = 'Y', 'counted', 'outside_period') AS fate
FROM monitoring_report FINAL
WHERE stat_year = {year:UInt16}
