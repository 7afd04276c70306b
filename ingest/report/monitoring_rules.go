package report

var monitoringRules = []rule[Monitoring]{}
