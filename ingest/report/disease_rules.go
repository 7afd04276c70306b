package report

var diseaseRules = []rule[Disease]{}
