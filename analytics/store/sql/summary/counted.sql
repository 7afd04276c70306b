{{- /* The reports of one period and area that count: a branch that its parent reported
for does not. */ -}}
stat_year BETWEEN {from:UInt16} AND {to:UInt16}
    AND period = {period:String}
    AND ({nation:UInt8} OR concat(province_list, '/', province_code) IN {units:Array(String)}) {{- /* */ -}}
