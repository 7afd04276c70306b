{{- /* Columns that every current table has. n numbers the reports of a kind and year; h is
its random number, another one for each revision; u is who reports, twice as many reports
as units: the half-year's and the year's. */ -}}
{{define "head"}}
    revision, version, 0 AS withdrawn, stat_year, unit,
    toDateTime64(makeDate(stat_year + 1, 1, 1), 3, 'Asia/Ho_Chi_Minh') + toIntervalSecond(h % 700000) AS filed_at,
    filed_at + toIntervalDay(revision - 1) AS received_at,
    toUUID('00000000-0000-4000-8000-000000000000') AS epoch, toUInt16(n % 4) AS kafka_partition, n AS kafka_offset
{{- end}}
{{define "source"}}
    SELECT
        number * {step:UInt64} + {phase:UInt64} AS n,
        {year:UInt16} AS stat_year,
        {revision:UInt32} AS revision,
        toUInt64(revision) * 281474976710656 + 281474976710655 - n AS version,
        cityHash64(stat_year, n, revision) AS h,
        intDiv(n, 2) AS u,
        leftPad(toString(1000000000 + u), 10, '0') AS tax_code,
        {provinces:Array(String)} AS provinces,
        {sections:Array(String)} AS sections
    FROM numbers({n:UInt64})
{{- end}}
{{define "place"}}
    {list:String} AS province_list, provinces[1 + u % length(provinces)] AS province_code
{{- end}}
{{define "industry"}}
    {version:String} AS vsic_version, sections[1 + u % length(sections)] AS vsic_section, vsic_section AS vsic_code
{{- end}}
