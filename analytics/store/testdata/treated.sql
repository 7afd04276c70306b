
SELECT 'clinics' AS source, transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, '') AS province, count() AS reports, sum(toUInt64(victims)) AS treated, sum(toUInt64(died)) AS dead, toUInt64(0) AS facilities, toUInt64(0) AS reporting_facilities
FROM clinic_report FINAL
WHERE stat_year = {year:UInt16} AND period = {period:String}
GROUP BY province
UNION ALL
SELECT 'health', transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, '') AS province, count(), sum(toUInt64(victims)), sum(toUInt64(died)), sum(toUInt64(facilities)), sum(toUInt64(reporting))
FROM health_summary FINAL
WHERE stat_year = {year:UInt16} AND period = {period:String}
GROUP BY province
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
