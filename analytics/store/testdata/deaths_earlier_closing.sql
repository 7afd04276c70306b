SELECT
    measure,
    toUInt16(stat_year) AS of_year,
    toUInt8(0) AS of_month,
    '' AS of_list,
    '' AS of_province,
    '' AS of_version,
    '' AS of_section,
    '' AS of_member,
    '' AS of_employment,
    sum(value) AS total
FROM
(
    SELECT measure, stat_year, period, month, province_list, province_code, vsic_version, vsic_section, member, employment, split, value
    FROM closed_cell
    WHERE close_id IN
    (
        SELECT argMax(close_id, (as_of, closed_at))
        FROM period_close
        WHERE toUInt16(substring(period, 1, 4)) BETWEEN {from:UInt16} AND {to:UInt16}
            AND length(period) = 4
            AND as_of <= {until:DateTime64(3)}
        GROUP BY substring(period, 1, 4)
    )
)
WHERE measure IN {measures:Array(String)}
    AND stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND period IN ('Y', 'E')
    AND split IN ('*', '')
GROUP BY measure, of_year
