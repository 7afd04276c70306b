{{- /* One row per investigation whose limit has passed, by the severity that it was filed
with, in the province and month of the accident. One that was closed without publication, as
when a criminal case was opened, has no limit to keep. */ -}}
SELECT
    stat_year, 'E' AS period, toMonth(accident_on) AS month, province_list, province_code, '' AS vsic_version, '' AS vsic_section,
    '' AS split, '' AS member, ended_published AND toDateOrZero(published) <= due AS in_time
FROM
(
    SELECT
        stat_year, accident_on, province_list, province_code, published,
        {{template "clock.sql" "severity"}}
    FROM investigation FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND news_received != ''
)
WHERE of_severity > 0 AND due < {today:Date} AND (ended_published OR NOT ended_closed)
