-- Per kind and year, how many reports are current and the sum of their hashes: by the log
-- and by the tables.
SELECT kind, stat_year, sum(logged), sum(current)
FROM
(
    SELECT kind, stat_year, sum({{template "hash"}}) AS logged, toUInt64(0) AS current
    FROM
    (
{{template "logged" .}}
    )
    WHERE NOT withdrawn AND NOT beyond
    GROUP BY kind, stat_year
    UNION ALL
    SELECT kind, stat_year, toUInt64(0) AS logged, sum({{template "hash"}}) AS current
    FROM
    (
{{template "current" .}}
    )
    WHERE NOT beyond
    GROUP BY kind, stat_year
)
GROUP BY kind, stat_year
HAVING sum(logged) != sum(current)
ORDER BY kind, stat_year
