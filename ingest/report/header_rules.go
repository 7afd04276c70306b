package report

var headerRules = []rule[header]{}
