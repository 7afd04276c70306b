package api

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"atvsld/analytics/indicator"
	"atvsld/analytics/trend"
)

// valueColumns are the columns of what a value is of and what it is made of.
var valueColumns = []string{
	"period", "area_level", "area_list", "area_code", "area_vi", "area_en", "vsic_version", "vsic_section",
	"month", "cause", "injury_factor", "sex", "age_group", "size_class", "employment", "numerator", "denominator", "factor", "value", "value_reason", "unit_vi", "unit_en", "as_of", "status", "source",
}

func valueCells(v *indicator.Value) []string {
	section := indicator.Section{}
	if v.VSIC != nil {
		section = *v.VSIC
	}
	month := ""
	if v.Month != nil {
		month = strconv.Itoa(*v.Month)
	}
	return []string{
		v.Period, v.Area.Level, string(v.Area.List), v.Area.Code, v.Area.Name.VI, v.Area.Name.EN, section.Version, section.Code,
		month, text(v.Cause), text(v.InjuryFactor), text(v.Sex), text(v.AgeGroup), text(v.SizeClass), string(v.Employment),
		whole(v.Numerator), whole(v.Denominator), strconv.FormatInt(v.Factor, 10), decimal(v.Value), code(v.ValueReason),
		v.Unit.VI, v.Unit.EN, moment(v.AsOf), string(v.Status), string(v.Source),
	}
}

var judgementColumns = []string{
	"expected", "action_lower", "warning_lower", "warning_upper", "action_upper", "limits_reason", "position", "p_value",
}

func judgementCells(j *trend.Judgement) []string {
	cells := []string{decimal(j.Expected), "", "", "", "", code(j.LimitsReason), string(j.Position), decimal(j.PValue)}
	if l := j.Limits; l != nil {
		cells[1], cells[2], cells[3], cells[4] = decimal(&l.ActionLower), decimal(&l.WarningLower), decimal(&l.WarningUpper), decimal(&l.ActionUpper)
	}
	return cells
}

// writeChart writes one line a point; the signals that it is part of stand in one cell.
func writeChart(out *csv.Writer, set trend.ChartSet) {
	_ = out.Write(slices.Concat([]string{"indicator", "chart"}, valueColumns, []string{"centre", "centre_reason", "in_baseline"},
		judgementColumns, []string{"signals", "records", "demonstration"}))
	for i := range set.Charts {
		c := &set.Charts[i]
		for j := range c.Points {
			p := &c.Points[j]
			_ = out.Write(slices.Concat([]string{set.Indicator.ID, set.Kind}, valueCells(&p.Value),
				[]string{decimal(c.Centre), code(c.CentreReason), strconv.FormatBool(p.InBaseline)},
				judgementCells(&p.Judgement), []string{signalsOf(c, p.Period), p.Records, strconv.FormatBool(set.Demonstration)}))
		}
	}
}

// signalsOf names the signals that a period is part of.
func signalsOf(c *trend.Chart, period string) string {
	var names []string
	for _, s := range c.Signals {
		if slices.Contains(s.Periods, period) {
			names = append(names, s.Rule+":"+s.Direction)
		}
	}
	return strings.Join(names, " ")
}

func writeFunnel(out *csv.Writer, f trend.Funnel) {
	_ = out.Write(slices.Concat([]string{
		"indicator", "from", "to", "area_level", "area_list", "area_code", "area_vi", "area_en",
		"numerator", "denominator", "factor", "value", "value_reason", "unit_vi", "unit_en", "centre",
	}, judgementColumns, []string{"as_of", "status", "records", "demonstration"}))
	for i := range f.Points {
		p := &f.Points[i]
		_ = out.Write(slices.Concat([]string{
			f.Indicator.ID, f.From, f.To, p.Area.Level, string(p.Area.List), p.Area.Code, p.Area.Name.VI, p.Area.Name.EN,
			whole(p.Numerator), whole(p.Denominator), strconv.FormatInt(p.Factor, 10), decimal(p.Value), code(p.ValueReason),
			p.Unit.VI, p.Unit.EN, decimal(f.Centre),
		}, judgementCells(&p.Judgement), []string{moment(p.AsOf), string(p.Status), p.Records, strconv.FormatBool(f.Demonstration)}))
	}
}

// writeMovers writes the ranked changes, then those that cannot be ranked.
func writeMovers(out *csv.Writer, m trend.Movers) {
	columns := slices.Clone(valueColumns)
	columns[0] = "current_period"
	_ = out.Write(slices.Concat([]string{
		"indicator", "rank", "direction", "p_value", "p_holm", "reason", "small_numbers", "change_pct", "ratio_lower", "ratio_upper",
		"previous_period", "previous_numerator", "previous_denominator", "previous_value",
	}, columns, []string{"previous_records", "current_records", "demonstration"}))
	for _, list := range [][]trend.Mover{m.Movers, m.Unranked} {
		for i := range list {
			one := &list[i]
			rank := ""
			if one.Rank > 0 {
				rank = strconv.Itoa(one.Rank)
			}
			lower, upper := limits(one.Ratio)
			_ = out.Write(slices.Concat([]string{
				m.Indicator.ID, rank, one.Direction, decimal(one.PValue), decimal(one.PHolm), code(one.Reason),
				strconv.FormatBool(one.SmallNumbers), decimal(one.ChangePct), lower, upper,
				one.Previous.Period, whole(one.Previous.Numerator), whole(one.Previous.Denominator), decimal(one.Previous.Value),
			}, valueCells(&one.Current), []string{one.PreviousRecords, one.CurrentRecords, strconv.FormatBool(m.Demonstration)}))
		}
	}
}
