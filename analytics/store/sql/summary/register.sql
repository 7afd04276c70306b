{{- /* Establishments that the register holds on the last day of the period, by type and
section, in the area by their head office on that day. Who is reported for by the head
office is not counted beside it. A stay in a province of the list of 63 goes on in its
successor: units name both. */ -}}
{{- define "then"}}(first, last) -> first <= {day:Date} AND (last = toDate(0) OR last >= {day:Date}){{end -}}
SELECT
    toString(establishment_type), toString(vsic_version), toString(vsic_section),
    toInt64(count()), toInt64(sum(if(at = 0, 0, `workers.total`[at]))), toInt64(countIf(at = 0))
FROM
(
    SELECT establishment_type, vsic_version, vsic_section, `workers.total`, indexOf(`workers.year`, {from:UInt32}) AS at
    FROM registration FINAL
    WHERE stat_year = {register:UInt16}
        AND unit_type = 'establishment'
        AND active_from <= {day:Date} AND (active_to = toDate(0) OR active_to >= {day:Date})
        AND NOT arrayExists({{template "then"}}, `covered.first_day`, `covered.last_day`)
        AND ({nation:UInt8} OR arrayExists((list, code, first, last) ->
            first <= {day:Date} AND (last = toDate(0) OR last >= {day:Date}) AND concat(list, '/', code) IN {units:Array(String)},
            `head_office.province_list`, `head_office.province_code`, `head_office.first_day`, `head_office.last_day`))
)
GROUP BY establishment_type, vsic_version, vsic_section
ORDER BY establishment_type, vsic_version, vsic_section
