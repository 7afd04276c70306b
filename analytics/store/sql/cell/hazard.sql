{{- /* One row per establishment and year in which, on any day, the register holds it and says
that it generates harmful factors, with whether it was monitored that year. It counts at its
head office on the last day of the year. One monitored site counts for the whole taxpayer, as
for the obligation to monitor (seeds/data/obligations.csv). Years to come are not counted. */ -}}
SELECT
    toUInt16(year) AS stat_year, 'Y' AS period, 0 AS month, office.1 AS province_list, office.2 AS province_code, vsic_version, vsic_section,
    '' AS split, '' AS member, (unit, year) IN
    (
        SELECT arrayJoin([unit, concat(splitByChar('/', unit)[1], '/0')]), stat_year
        FROM monitoring_report FINAL
        WHERE stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    ) AS monitored
FROM
(
    SELECT
        unit, vsic_version, vsic_section,
        arrayJoin(arrayFilter(
            y -> active_from <= makeDate(y, 12, 31) AND (active_to = toDate(0) OR active_to >= makeDate(y, 1, 1))
                AND arrayExists((first, last) -> first <= makeDate(y, 12, 31) AND (last = toDate(0) OR last >= makeDate(y, 1, 1)), `hazard.first_day`, `hazard.last_day`),
            range({from:UInt16}, least({to:UInt16}, toYear({today:Date})) + 1))) AS year,
        arrayFirst(stay -> stay.3 <= makeDate(year, 12, 31), arrayReverseSort(stay -> stay.3,
            arrayZip(`head_office.province_list`, `head_office.province_code`, `head_office.first_day`))) AS office
    FROM registration FINAL
    WHERE stat_year = {{.Register}}
        AND unit_type = 'establishment'
        AND notEmpty(`hazard.first_day`)
        AND 'Y' IN {periods:Array(String)}
)
