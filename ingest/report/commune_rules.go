package report

var communeRules = []rule[Commune]{}
