package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2/negotiation"

	"atvsld/analytics/indicator"
	"atvsld/analytics/summary"
	"atvsld/analytics/trend"
	"atvsld/seeds"
)

const csvType = "text/csv"

// negotiated is the format that the caller accepts best, JSON if he accepts neither.
func negotiated(ctx context.Context) string {
	if negotiation.SelectQValueFast(callOf(ctx).accept, []string{jsonType, csvType}) == csvType {
		return csvType + "; charset=utf-8"
	}
	return jsonType
}

// encodeCSV writes an answer that has a table in it (RFC 4180).
func encodeCSV(w io.Writer, v any) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	switch v := v.(type) {
	case indicator.Series:
		writeSeries(out, v)
	case indicator.Attainment:
		writeAttainment(out, v)
	case trend.ChartSet:
		writeChart(out, v)
	case trend.Funnel:
		writeFunnel(out, v)
	case trend.Movers:
		writeMovers(out, v)
	case summary.Summary:
		writeSummary(out, v)
	case BaseFigureList:
		writeBaseFigures(out, v)
	case OutlierList:
		writeOutliers(out, v)
	case ObligationList:
		writeObligations(out, v)
	default:
		return fmt.Errorf("%T has no table", v)
	}
	out.Flush()
	return out.Error()
}

func writeSeries(out *csv.Writer, s indicator.Series) {
	_ = out.Write([]string{
		"indicator", "period", "area_level", "area_list", "area_code", "area_vi", "area_en", "vsic_version", "vsic_section", "cause", "employment",
		"numerator", "denominator", "factor", "value", "value_reason", "lower", "upper", "unit_vi", "unit_en",
		"definition_version", "geography", "coverage", "as_of", "status", "source", "demonstration",
	})
	for _, v := range s.Values {
		section := indicator.Section{}
		if v.VSIC != nil {
			section = *v.VSIC
		}
		lower, upper := limits(v.Interval)
		_ = out.Write([]string{
			v.Definition.ID, v.Period, v.Area.Level, string(v.Area.List), v.Area.Code, v.Area.Name.VI, v.Area.Name.EN,
			section.Version, section.Code, text(v.Cause), string(v.Employment),
			whole(v.Numerator), whole(v.Denominator), strconv.FormatInt(v.Factor, 10), decimal(v.Value), code(v.ValueReason),
			lower, upper, v.Unit.VI, v.Unit.EN, strconv.Itoa(v.Definition.Version), v.Geography, decimal(v.Coverage.Value),
			moment(v.AsOf), string(v.Status), string(v.Source), strconv.FormatBool(s.Demonstration),
		})
	}
}

func writeAttainment(out *csv.Writer, a indicator.Attainment) {
	_ = out.Write([]string{
		"target", "definition", "headline", "area_level", "area_list", "area_code", "area_vi", "area_en", "year",
		"previous_numerator", "previous_denominator", "previous_value", "current_numerator", "current_denominator", "current_value",
		"factor", "change_pct", "threshold_num", "threshold_den", "limit", "verdict", "reason", "within_noise", "ratio_lower", "ratio_upper",
		"coverage", "as_of", "provisional", "retrospective", "geography", "base_source",
		"plan", "plan_province_list", "plan_province_code", "rule", "previous_year", "path", "base_year", "path_value", "mean_change_pct", "distance", "demonstration",
	})
	for _, i := range a.Items {
		limit := ""
		if i.Limit != nil {
			limit = strconv.FormatInt(i.Limit.Count, 10)
		}
		threshold := indicator.Threshold{}
		if i.Threshold != nil {
			threshold = *i.Threshold
		}
		province := seeds.ProvinceRef{}
		if i.Target.Province != nil {
			province = *i.Target.Province
		}
		kind, baseYear, pathValue, meanChange := pathCells(i.Path)
		lower, upper := limits(i.Ratio)
		_ = out.Write([]string{
			i.Target.ID, i.Definition.ID, strconv.FormatBool(i.Definition.Headline),
			i.Area.Level, string(i.Area.List), i.Area.Code, i.Area.Name.VI, i.Area.Name.EN, strconv.Itoa(i.Year),
			whole(i.Previous.Numerator), whole(i.Previous.Denominator), decimal(i.Previous.Value),
			whole(i.Current.Numerator), whole(i.Current.Denominator), decimal(i.Current.Value),
			strconv.FormatInt(i.Factor, 10), decimal(i.ChangePct),
			positive(threshold.Num), positive(threshold.Den), limit,
			string(i.Verdict), code(i.Reason), truth(i.WithinNoise), lower, upper, decimal(i.Coverage.Value), moment(i.Current.AsOf),
			strconv.FormatBool(i.Provisional), strconv.FormatBool(i.Retrospective), a.Geography,
			string(i.BaseSource), i.Target.Plan, string(province.List), province.Code, string(i.Rule), strconv.Itoa(i.Previous.Year),
			kind, baseYear, pathValue, meanChange, decimal(i.Distance), strconv.FormatBool(a.Demonstration),
		})
	}
}

// pathCells are those of the path of an item in the assessed year, empty where it has none.
func pathCells(p *indicator.Path) (kind, baseYear, value, meanChange string) {
	if p == nil {
		return "", "", "", ""
	}
	if n := len(p.Steps); n > 0 {
		value = decimal(p.Steps[n-1].Path)
	}
	return string(p.Kind), strconv.Itoa(p.BaseYear), value, decimal(p.MeanChangePct)
}

func writeObligations(out *csv.Writer, l ObligationList) {
	_ = out.Write([]string{
		"unit", "unit_type", "tax_code", "name", "phone", "address", "province_list", "province_code",
		"obligation", "kind", "period", "state", "due_by", "due_status", "extended_to", "filed_at", "reported_by",
		"name_vi", "name_en", "recipient_vi", "recipient_en", "legal_ref", "status", "at", "demonstration",
	})
	for _, o := range l.Obligations {
		province := ObligationProvince{}
		if o.Province != nil {
			province = *o.Province
		}
		_ = out.Write([]string{
			o.Unit, o.UnitType, o.TaxCode, plainCell(o.Name), plainCell(o.Phone), plainCell(o.Address), province.List, province.Code,
			o.Obligation, o.Kind, o.Period, o.State, o.DueBy.String(), o.DueStatus, o.ExtendedTo.String(), moment(o.FiledAt), o.ReportedBy,
			o.NameVI, o.NameEN, o.RecipientVI, o.RecipientEN, o.LegalRef, o.Status, moment(&l.At), strconv.FormatBool(l.Demonstration),
		})
	}
}

// plainCell keeps a spreadsheet from taking a text that somebody registered for a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// What is not known is an empty cell, never 0.

func whole(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// positive is empty for 0, which no threshold is.
func positive(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func decimal(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

func truth(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func code(r *indicator.Reason) string {
	if r == nil {
		return ""
	}
	return r.Code
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

func limits(i *indicator.Interval) (lower, upper string) {
	if i == nil {
		return "", ""
	}
	return decimal(&i.Lower), decimal(i.Upper)
}
