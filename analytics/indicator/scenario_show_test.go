package indicator

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"atvsld/seeds"
)

func showArea(a Area) string {
	switch a.Level {
	case LevelNation:
		return a.Code
	case LevelUnknown:
		return "unknown"
	}
	return string(a.List) + "/" + a.Code
}

func showFigure(f Figure) string {
	out := "null"
	if f.Numerator != nil {
		out = strconv.FormatInt(*f.Numerator, 10)
	}
	if f.Denominator != nil {
		out += "/" + strconv.FormatInt(*f.Denominator, 10)
	}
	return out
}

func showItem(i Item) string {
	out := showArea(i.Area) + " " + i.Definition.ID
	if i.Definition.ID == noDefinition {
		out = showArea(i.Area) + " " + i.Target.ID + " " + noDefinition
	}
	if i.Path != nil && (i.Path.Kind != PathYearly || i.Path.BaseYear != i.Year-1) {
		out += fmt.Sprintf(" %s from %d", i.Path.Kind, i.Path.BaseYear)
	}
	out += ": " + showFigure(i.Previous.Figure) + " -> " + showFigure(i.Current.Figure)
	if i.ChangePct != nil {
		out += fmt.Sprintf(", %+.2f %%", *i.ChangePct)
	}
	if i.Path != nil && i.Path.MeanChangePct != nil {
		out += fmt.Sprintf(", mean %+.2f %%", *i.Path.MeanChangePct)
	}
	if i.Distance != nil {
		out += fmt.Sprintf(", distance %+.2f", *i.Distance)
	}
	if i.Limit != nil {
		out += ", " + i.Limit.Text.EN
	}
	out += ": " + string(i.Verdict)
	if i.Reason != nil {
		out += " (" + i.Reason.Code + ")"
	}
	if i.WithinNoise != nil && *i.WithinNoise {
		out += ", within noise"
	}
	if i.BaseSource == FromBaseFigures {
		out += ", base imported"
	}
	if !i.Provisional {
		out += ", final"
	}
	return out
}

func showStep(s Step) string {
	number := func(v *float64) string {
		if v == nil {
			return "null"
		}
		return strconv.FormatFloat(*v, 'f', 2, 64)
	}
	out := fmt.Sprintf("- %d: %s, path %s", s.Year, number(s.Actual), number(s.Path))
	switch {
	case s.Reason != nil:
		return out + " (" + s.Reason.Code + ")"
	case *s.Kept:
		return out + ", kept"
	}
	return out + ", not kept"
}

func showValue(v Value) string {
	out := v.Period + " " + showArea(v.Area)
	if v.VSIC != nil {
		out += " " + cmp.Or(v.VSIC.Version, "-") + "/" + cmp.Or(v.VSIC.Code, "-")
	}
	if v.Month != nil {
		out += " month " + strconv.Itoa(*v.Month)
	}
	out += showMember(v)
	if v.Employment != "" {
		out += " " + string(v.Employment)
	}
	out += ": " + showFigure(v.Figure)
	if v.Denominator != nil && v.Value != nil {
		out += fmt.Sprintf(" = %.2f", *v.Value)
	}
	if v.ValueReason != nil {
		out += " (" + v.ValueReason.Code + ")"
	}
	if v.Source == FromBaseFigures {
		out += ", imported " + v.Base.Status
	}
	if v.Reference != nil {
		out += ", reference " + v.Reference.Status
	}
	if v.Status != Provisional {
		out += ", " + string(v.Status)
	}
	if h := v.SecondHalf; h != nil && h.YearReports > 0 {
		out += fmt.Sprintf(", of %d of %d reports", h.Reports, h.YearReports)
		if left := h.YearBelowHalf + h.OtherBranches; left > 0 {
			out += fmt.Sprintf(", %d left out", left)
		}
	}
	return out + showComparison(v.Compared) + showRank(v.Rank)
}

func showComparison(c *Comparison) string {
	if c == nil {
		return ""
	}
	out := "; " + c.Period + ": " + showFigure(c.Figure)
	if c.ChangePct != nil {
		out += fmt.Sprintf(", %+.2f %%", *c.ChangePct)
	} else {
		out += " (" + c.ChangeReason.Code + ")"
	}
	if c.WithinNoise != nil && *c.WithinNoise {
		out += ", within noise"
	}
	return out
}

func showRank(r *Rank) string {
	if r == nil {
		return ""
	}
	if r.Rank == nil {
		return fmt.Sprintf("; unranked (%s)", r.Reason.Code)
	}
	out := fmt.Sprintf("; rank %d of %d", *r.Rank, r.Of)
	if r.OverlapsNation != nil && *r.OverlapsNation {
		out += ", nation within its interval"
	}
	return out
}

// showInterval is printed where it is asked for.
func showInterval(i *Interval, why *Reason, asked bool) string {
	switch {
	case !asked:
		return ""
	case i == nil:
		return "; no interval (" + why.Code + ")"
	case i.Upper == nil:
		return fmt.Sprintf("; from %.2f", i.Lower)
	}
	return fmt.Sprintf("; %.2f to %.2f", i.Lower, *i.Upper)
}

// showOverlap says why a rank is not held against the nation.
func showOverlap(r *Rank, asked bool) string {
	if !asked || r == nil || r.OverlapsReason == nil {
		return ""
	}
	return ", not held against the nation (" + r.OverlapsReason.Code + ")"
}

func parseAreas(s string) []seeds.ProvinceRef {
	if s == "everywhere" {
		return nil
	}
	var out []seeds.ProvinceRef
	for part := range strings.SplitSeq(s, ",") {
		if part == "VN" {
			out = append(out, nation)
			continue
		}
		out = append(out, parseRef(part))
	}
	return out
}

func showMember(v Value) string {
	for _, m := range []struct {
		name   string
		member *string
	}{{"cause", v.Cause}, {"factor", v.InjuryFactor}, {"sex", v.Sex}, {"aged", v.AgeGroup}, {"size", v.SizeClass}} {
		if m.member != nil {
			return " " + m.name + " " + cmp.Or(*m.member, "-")
		}
	}
	return ""
}
