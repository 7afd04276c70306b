package indicator

// Counts returns the figure as it is compared: events per exposure, which is 1 for a count. It
// is not ok when the value is null.
func (f Figure) Counts() (events, exposure int64, ok bool) {
	x, ok := f.exact()
	return x.events, x.exposure, ok
}

// ChangeFrom compares a figure with an earlier one of the same indicator: the change in percent,
// computed exactly, nil when the earlier figure is 0, and the exact 95 % interval of the ratio
// of the two (Przyborowski and Wilenski 1940), which says something of random events only. Both
// are nil when a value is null.
func (f Figure) ChangeFrom(previous Figure) (pct *float64, ratio *Interval) {
	now, known := f.exact()
	before, knownBefore := previous.exact()
	if !known || !knownBefore {
		return nil, nil
	}
	return changePct(now, before), ratioInterval(now.events, before.events, now.exposure, before.exposure)
}

// AboutAccidents tells whether the indicator counts accidents or their victims.
func (d *Definition) AboutAccidents() bool { return d.commutes() }

// ReportKinds names the kinds of report that the numerator is counted from: of workers with or
// without a contract where the denominator or employment leaves only these. There is none where
// every report is of both.
func (d *Definition) ReportKinds(kind DenominatorKind, employment Employment) []string {
	denominator, _ := d.denominator(kind)
	c := counter{def: d, denominator: denominator}
	if employment != "" && d.source() != SourcePeriodic {
		return nil
	}
	switch d.source() {
	case SourceCases:
		return []string{"accident_declaration"}
	case SourcePeriodic:
		return c.periodicKinds(employment)
	case SourceDisease:
		return []string{"disease_report"}
	case SourceMonitoring:
		return []string{"monitoring_report"}
	case SourceClinics:
		return []string{"clinic_report"}
	case SourceRegister:
		return []string{c.reportBehind(split{})}
	}
	return nil
}

// periodicKinds: establishments report on workers with a contract, communes on those without.
func (c counter) periodicKinds(employment Employment) (kinds []string) {
	if c.counts(Contract) && employment != NoContract {
		kinds = append(kinds, "annex_xii")
	}
	if c.counts(NoContract) && employment != Contract {
		kinds = append(kinds, "commune_report")
	}
	return kinds
}
