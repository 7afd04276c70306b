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
		seriesTable(v).writeCSV(out)
	case indicator.Attainment:
		attainmentTable(v).writeCSV(out)
	case trend.ChartSet:
		chartTable(v).writeCSV(out)
	case trend.Funnel:
		funnelTable(v).writeCSV(out)
	case trend.Movers:
		moversTable(v).writeCSV(out)
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

func decimal(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
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
