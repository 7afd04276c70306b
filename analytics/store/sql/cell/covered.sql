{{- /* The branches that their parents reported for, by period. */ -}}
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
            WHERE gone = 0 AND startsWith(covered, concat(splitByChar('/', unit)[1], '-')){{- /* */ -}}
