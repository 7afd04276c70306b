package report

var accidentRules = []rule[Accident]{}
