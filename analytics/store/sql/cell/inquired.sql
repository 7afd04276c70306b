{{- /* The rows of case.sql with what is known of the investigation: whether it ought to be
over, which is asked of fatal accidents at work alone, and whether it is, published or closed
for another reason. Investigations name a declaration; any of the accident's will do. Several
of one accident have the latest of their limits. Of an accident that nobody investigates the 30
days run from the first declaration (UNVERIFIED: the law counts from the news). */ -}}
WITH
    -- Investigations are few: all of them, by the declaration that they name.
    (
        SELECT (groupArray(declaration), groupArray(limit_ends), groupArray(is_over))
        FROM
        (
            SELECT toString(accident_id) AS declaration, max(due) AS limit_ends, max(ended_published OR ended_closed) AS is_over
            FROM
            (
                SELECT
                    accident_id,
        {{template "clock.sql" "'fatal'"}}
                FROM investigation FINAL
                WHERE news_received != ''
            )
            GROUP BY declaration
        )
    ) AS files
SELECT
    *,
    arrayMax(arrayMap(d -> transform(toString(d), files.1, files.2, toDate(0)), declarations)) AS limit_ends,
    arrayMax(arrayMap(d -> transform(toString(d), files.1, files.3, toUInt8(0)), declarations)) AS concluded,
    NOT commuting AND dead_contract + dead_other > 0
        AND if(limit_ends = toDate(0), toDate(filed_at) + 30, limit_ends) < {today:Date} AS inquiry_due
FROM
(
    {{template "case.sql" .}}
)
