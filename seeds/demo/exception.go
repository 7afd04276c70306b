package demo

import (
	"fmt"
	"strings"

	"atvsld/seeds"
)

// Exception is a published figure of 2016–2025 that the demonstration data do
// not meet, and why.
type Exception struct {
	Statistic seeds.Statistic `json:"statistic"`
	Reason    string          `json:"reason"`
	ReasonVI  string          `json:"reason_vi"`
	// Instead is the figure that the data have in its place, -1 if there is none.
	Instead int `json:"instead"`
}

// Name names the exception, as in "2017 Phú Yên accidents_all".
func (e Exception) Name() string {
	return fmt.Sprintf("%d %s %s", e.Statistic.Year, e.Statistic.Area, e.Statistic.Metric)
}

// Exceptions returns every published figure from 2016 on that is not met to the
// unit, in the order of the published statistics.
func Exceptions() []Exception {
	data := seeds.Default()
	all := data.Statistics()
	wrong := map[seeds.Statistic]bool{}
	for _, s := range contradictions(all) {
		wrong[s] = true
	}
	var exceptions []Exception
	for _, s := range all {
		if s.Year < FirstYear || s.Year > LastYear {
			continue
		}
		if e, excepted := except(data, s, wrong[s]); excepted {
			exceptions = append(exceptions, e)
		}
	}
	return exceptions
}

func except(data *seeds.Data, s seeds.Statistic, contradicts bool) (Exception, bool) {
	e := Exception{Statistic: s, Instead: -1}
	because := func(vi, en string) (Exception, bool) {
		e.ReasonVI, e.Reason = vi, en
		return e, true
	}
	_, exact := s.Int()
	m, part, isTarget := metricOf(s)
	if isTarget {
		e.Instead = instead(data, s, m, part)
	}
	switch {
	case s.Verified == seeds.StatusUnverified:
		return because("chưa kiểm chứng: không tìm thấy nguồn", "unverified: no source was found")
	case contradicts || s.Flag == seeds.FlagInconsistent:
		return because("mâu thuẫn ngay trong bản in: số vụ nhiều hơn số người bị nạn, không tập hợp tai nạn nào thỏa mãn",
			"inconsistent in print: more accidents than victims, which no set of accidents can have")
	case isTarget:
		return Exception{}, false
	case s.Metric == string(DaysLost)+"_contract" && exact:
		return Exception{}, false
	case strings.HasPrefix(s.Metric, "monitoring_samples") && exact:
		return Exception{}, false
	case strings.Contains(s.Metric, "_dolisa_count"):
		return because("số đếm của nguồn khác (Sở LĐTBXH), lệch với thông báo toàn quốc",
			"another source's count (provincial department), which differs from the national notice")
	case s.Metric == "od_examined":
		return because("số làm tròn trong bản in; dữ liệu mẫu lấy đúng con số đã làm tròn",
			"rounded in print; the demonstration data have exactly the rounded figure")
	case !exact && strings.HasPrefix(s.Metric, "days_lost"):
		return because("số làm tròn trong bản in", "rounded in print")
	}
	return because("không phải con số tính được từ năm loại báo cáo (tỷ lệ, chi phí, quản lý, điều tra)",
		"not a figure that the five reports carry (shares, costs, administration, investigation)")
}

// instead returns what the data have in place of an excepted figure.
func instead(data *seeds.Data, s seeds.Statistic, m Metric, part Part) int {
	if s.Area != seeds.AreaNational {
		if p, ok := data.ProvinceByName(seeds.List63, s.Area); ok {
			if f, ok := provinceFigure(data, s.Year, p, m); ok {
				return f.value
			}
		}
		return -1
	}
	f, err := national(data, s.Year)
	if err != nil {
		return -1
	}
	return f.at(s.Period, m, part)
}
