package summary

import "strconv"

// Header names the columns of Table.
func Header() []string {
	return []string{
		"area_list", "area_code", "period", "part", "group", "version", "code", "name_vi", "name_en",
		"measure", "value", "reason", "numerator", "denominator", "factor", "reports", "definition", "definition_version", "demonstration",
	}
}

// Table is the summary as one long table, a number a row: what is not known is an empty
// value with its reason.
func (s Summary) Table() [][]string {
	var t table
	t.summary = s
	for _, r := range s.establishmentRows() {
		t.row = []string{"contract", r.Group, r.Version, r.Code, r.Name.VI, r.Name.EN}
		t.reports = r.Reports
		for _, c := range []named{
			{"establishments", r.Establishments}, {"reporting", r.Reporting}, {"workers", r.Workers}, {"workers_reporting", r.WorkersReported},
			{"workers_women", r.WorkersWomen}, {"victims", r.Victims}, {"victims_outside", r.VictimsOutside}, {"deaths", r.Deaths}, {"serious", r.Serious},
		} {
			t.count(c)
		}
		t.rate("k_tnld", r.KAccidents)
		t.rate("k_chet", r.KDeaths)
		t.rate("k_tnld_all_workers", r.KAccidentsAll)
		t.rate("k_chet_all_workers", r.KDeathsAll)
	}
	t.details("contract", s.Contract.Details)
	t.row, t.reports = []string{"no_contract", "total", "", "", "", ""}, s.NoContract.Reports
	t.count(named{"workers_without_contract", s.NoContract.Workers})
	t.details("no_contract", s.NoContract.Details)
	for _, d := range s.Differences {
		t.row, t.reports = []string{d.Employment, "difference", "", "", d.Name.VI, d.Name.EN}, d.Reports
		t.count(named{d.Measure + "_declared", d.Declared})
		t.count(named{d.Measure + "_periodic", d.Periodic})
		t.count(named{d.Measure + "_difference", d.Difference})
	}
	return t.rows
}

func (s Summary) establishmentRows() []EstablishmentRow {
	rows := append([]EstablishmentRow{s.Contract.Total}, s.Contract.ByType...)
	return append(rows, s.Contract.ByIndustry...)
}

type named struct {
	name  string
	count Count
}

type table struct {
	summary Summary
	row     []string // part to name_en
	reports int64
	rows    [][]string
}

func (t *table) details(part string, rows []DetailRow) {
	for _, r := range rows {
		t.row, t.reports = []string{part, r.Group, "", r.Code, r.Name.VI, r.Name.EN}, r.Reports
		for _, c := range []named{
			{"accidents", r.Accidents}, {"accidents_fatal", r.AccidentsFatal}, {"accidents_multi", r.AccidentsMulti}, {"victims", r.Victims},
			{"women", r.Women}, {"deaths", r.Deaths}, {"serious", r.Serious}, {"days_off", r.DaysOff}, {"cost_total", r.CostTotal},
			{"cost_medical", r.CostMedical}, {"cost_wages", r.CostWages}, {"cost_compensation", r.CostCompensation}, {"property", r.Property},
		} {
			t.count(c)
		}
	}
}

func (t *table) count(c named) { t.add(c.name, whole(c.count.Value), c.count.Reason, "", "", "") }

func (t *table) rate(name string, r Rate) {
	value := ""
	if r.Value != nil {
		value = strconv.FormatFloat(*r.Value, 'g', -1, 64)
	}
	t.add(name, value, r.Reason, whole(r.Numerator), whole(r.Denominator), strconv.FormatInt(t.summary.Definition.Factor, 10))
}

func (t *table) add(measure, value string, reason *Reason, numerator, denominator, factor string) {
	code := ""
	if reason != nil {
		code = reason.Code
	}
	s := t.summary
	cells := append([]string{string(s.Area.List), s.Area.Code, s.Period}, t.row...)
	t.rows = append(t.rows, append(cells, measure, value, code, numerator, denominator, factor, strconv.FormatInt(t.reports, 10),
		s.Definition.ID, strconv.Itoa(s.Definition.Version), strconv.FormatBool(s.Demonstration)))
}

func whole(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}
