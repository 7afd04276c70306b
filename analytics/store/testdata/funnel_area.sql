
SELECT toUInt16(0) AS of_year, province AS of_province, '' AS of_disease, '' AS of_factor,
    [countIf(stage >= 1), countIf(stage >= 2), countIf(stage >= 3), countIf(stage >= 4), countIf(stage >= 5), countIf(stage >= 6)] AS reached,
    [countIf(stage = 1), countIf(stage = 2), countIf(stage = 3), countIf(stage = 4), countIf(stage = 5), countIf(stage = 6)] AS now,
    uniqExact(who) AS persons, countIf(died) AS deaths
FROM
(
    SELECT
        who, factor, tupleElement(first, 1) AS year, tupleElement(first, 2) AS province, tupleElement(first, 3) AS place,
        tupleElement(furthest, 1) AS stage, tupleElement(furthest, 2) AS disease, died
    FROM
    (
        SELECT
            multiIf(person != '', person, name_key != '' AND workplace != '', concat(name_key, '@', workplace), toString(report_id)) AS who,
            toString(factor) AS factor,
            argMin((stat_year, transform(concat(province_list, '/', province_code), {reported:Array(String)}, {units:Array(String)}, ''), concat(province_list, '/', province_code)), (filed_at, report_id)) AS first,
            argMax((stage, toString(disease)), (stage, filed_at, report_id)) AS furthest,
            max(died_on > toDate(0)) AS died
        FROM disease_case FINAL
        GROUP BY who, factor
    )
)
WHERE year BETWEEN {from:UInt16} AND {to:UInt16}
    AND ({province:String} = '' OR province = {province:String})
    AND (empty({diseases:Array(String)}) OR has({diseases:Array(String)}, disease))
    AND ({stage:UInt8} = 0 OR stage = {stage:UInt8})
    AND place IN {reach:Array(String)}
GROUP BY province
ORDER BY of_year, of_province, of_disease, of_factor
SETTINGS do_not_merge_across_partitions_select_final = 1, optimize_move_to_prewhere_if_final = 0,
    compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0
