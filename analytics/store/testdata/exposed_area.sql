SELECT
    tupleElement(arrayJoin(
    [
        ('exposed', '', toInt64(sum(exposed)))
    ]) AS cell, 1) AS measure,
    toUInt16(stat_year) AS of_year,
    toUInt8(0) AS of_month,
    {list:String} AS of_list,
    transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, '') AS of_province,
    '' AS of_version,
    '' AS of_section,
    '' AS of_member,
    '' AS of_employment,
    cell.3 AS total
FROM
(
    SELECT
        stat_year, 'Y' AS period, 0 AS month, province_list, province_code, vsic_version, vsic_section,
        '' AS split, '' AS member,
        exposed, examined_persons, examined_cases, suspected_cases, diagnosed_new
    FROM disease_report FINAL
    WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
        AND 'Y' IN {periods:Array(String)}
)
WHERE concat(province_list, '/', province_code) IN {reach:Array(String)}
GROUP BY of_year, of_list, of_province
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
