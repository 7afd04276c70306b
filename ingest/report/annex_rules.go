package report

var annexRules = []rule[Annex]{}
