package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/indicator"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// HealthFigures counts what the health system and others report; *store.Store does.
type HealthFigures interface {
	TreatedVictims(ctx context.Context, year int, span store.Span, on store.Geography) ([]store.TreatedVictims, error)
	DiseaseFunnel(ctx context.Context, q store.FunnelQuery) ([]store.Funnel, error)
}

// TreatedVictims compares the independent counts of victims of one period.
type TreatedVictims struct {
	Period        string              `json:"period"`
	Geography     string              `json:"geography" enum:"34,63,reported"`
	Nation        *TreatedComparison  `json:"nation" doc:"Null for whoever has an area as scope. Sums of the provinces; health_department is what Annex XX (Decree 39/2016/ND-CP Art. 25) sums up"`
	Provinces     []TreatedComparison `json:"provinces" doc:"With by=province: every province of the list, or of the scope, and last what cannot be put on it, under no code"`
	Demonstration bool                `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// TreatedComparison sets the sources of one area side by side. None is added to another,
// but for employers and communes, which count different victims.
type TreatedComparison struct {
	Level            string       `json:"level" enum:"nation,province"`
	List             string       `json:"list,omitempty"`
	Code             string       `json:"code,omitempty"`
	NameVI           string       `json:"name_vi,omitempty"`
	Clinics          TreatedCount `json:"clinics" doc:"Sum of the medical facilities' own reports (Annex XVIII), by place of the facility"`
	HealthDepartment TreatedCount `json:"health_department" doc:"The health departments' summaries (Annex XIX)"`
	Employers        TreatedCount `json:"employers" doc:"Annex XII, block 1, by head office"`
	Communes         TreatedCount `json:"communes" doc:"The communes' reports on workers without an employment relationship"`
	Declared         TreatedCount `json:"declared" doc:"Employers and communes together, null unless both reported"`
	Facilities       *uint64      `json:"facilities" doc:"Facilities that have to report, by the department; null without its summary"`
	Reporting        *uint64      `json:"reporting" doc:"Of them those that did"`
	Gap              TreatedGap   `json:"gap" doc:"Indicator E3: declared against clinics"`
	SummaryGap       TreatedGap   `json:"summary_gap" doc:"Declared against the health departments' summaries"`
	FacilityGap      TreatedGap   `json:"facility_gap" doc:"The facilities' own reports against the departments' summaries"`
	figures          store.TreatedVictims
	provinces        [4]uint64 // with a report of clinics, departments, employers, communes
}

// TreatedCount is what one source says.
type TreatedCount struct {
	Source    string            `json:"source" doc:"Kind of report it is counted from"`
	Reports   uint64            `json:"reports" doc:"Reports that were counted"`
	Provinces uint64            `json:"provinces" doc:"Provinces that these reports are of"`
	Victims   *uint64           `json:"victims" doc:"null without a report, never 0"`
	Deaths    *uint64           `json:"deaths"`
	Reason    *indicator.Reason `json:"reason" doc:"Why there is no figure"`
	Coverage  indicator.Share   `json:"coverage" doc:"Of the registered units that have to report, those that did; of employers, communes and medical facilities only"`
}

// TreatedGap is the ratio of two counts of victims.
type TreatedGap struct {
	Numerator   *uint64           `json:"numerator"`
	Denominator *uint64           `json:"denominator"`
	Difference  *int64            `json:"difference" doc:"numerator less denominator"`
	Ratio       *float64          `json:"ratio"`
	Reason      *indicator.Reason `json:"reason" doc:"Why there is no ratio"`
}

var (
	reasonNoReports = indicator.Reason{Code: "no_reports", VI: "Không có báo cáo nào trong kỳ.", EN: "There is no report for the period."}
	reasonOneSided  = indicator.Reason{Code: "one_source_missing", VI: "Thiếu báo cáo của một trong hai nguồn.", EN: "One of the two sources has no report."}
	reasonZero      = indicator.Reason{Code: "denominator_zero", VI: "Mẫu số bằng 0.", EN: "The denominator is 0."}
)

func (s *Server) routeHealth() {
	op := operation("compare-treated-victims", access.ReadFigures, http.MethodGet, "/v1/treated-victims",
		"Đối chiếu số nạn nhân tai nạn lao động / Independent counts of victims",
		"Số nạn nhân do cơ sở khám bệnh, chữa bệnh, cơ quan y tế, người sử dụng lao động và xã báo cáo cùng kỳ, mỗi số kèm nguồn và số báo cáo; thiếu thì null kèm lý do. Cần mã truy cập; người có phạm vi một số tỉnh chỉ xem được các tỉnh đó, với by=province. / "+
			"Victims as counted by medical facilities, health departments, employers and communes for the same period, each number with its source and how many reports it is of; null with a reason where there is none. A token is needed; whoever has an area as scope sees its provinces alone, with by=province.",
		tagFigures, healthProblems()...)
	offered(&op, func() bool { return s.Health != nil })
	huma.Register(s.api, op, s.treatedVictims)
	s.routeFunnel()
}

func healthProblems() []int {
	return []int{http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable}
}

type treatedInput struct {
	Period    string `query:"period" required:"true" maxLength:"6" doc:"Year or first half-year, as in 2025 or 2025H1"`
	By        string `query:"by" enum:"province" doc:"province: every province beside the nation"`
	Geography string `query:"geography" enum:"34,63,reported" default:"34" doc:"List of provinces: in force since 1 July 2025, before it, or each record as it was filed"`
}

type treatedOutput struct{ Body TreatedVictims }

func (s *Server) treatedVictims(ctx context.Context, in *treatedInput) (*treatedOutput, error) {
	period := report.Period(in.Period)
	if !period.Valid() {
		return nil, problemParameters.new(ruleParameter.parameter("period", "period", "phải là năm 2025 hoặc 6 tháng đầu năm 2025H1", "period", "a year 2025 or its first half 2025H1"))
	}
	area, limited := s.areaOf(ctx, access.ReadFigures)
	if limited && in.By == "" {
		return nil, denied(access.ReadFigures)
	}
	span := store.Year
	if period.HalfYear() {
		span = store.FirstHalf
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	found, err := s.Health.TreatedVictims(ctx, period.Year(), span, s.geography(in.Geography))
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	body := TreatedVictims{Period: in.Period, Geography: in.Geography, Provinces: []TreatedComparison{}, Demonstration: s.Demonstration}
	if !limited {
		body.Nation = &TreatedComparison{Level: nationLevel}
		for _, row := range found {
			body.Nation.add(row)
		}
		body.Nation.complete()
	}
	if in.By != "" {
		body.Provinces = s.compareProvinces(found, in.Geography, func(ref seeds.ProvinceRef) bool { return !limited || area.HasPlace(ref) })
	}
	return &treatedOutput{Body: body}, nil
}

func (s *Server) geography(name string) store.Geography {
	if name == "reported" {
		return store.AsReported()
	}
	return store.On(seeds.ProvinceList(name), s.Seeds)
}

// compareProvinces gives every province of the list that the caller reaches its row, also
// where nobody reported.
func (s *Server) compareProvinces(found []store.TreatedVictims, geography string, reached func(seeds.ProvinceRef) bool) []TreatedComparison {
	all := []TreatedComparison{}
	at := map[seeds.ProvinceRef]int{}
	row := func(ref seeds.ProvinceRef) *TreatedComparison {
		if i, ok := at[ref]; ok {
			return &all[i]
		}
		at[ref] = len(all)
		known, _ := s.Seeds.Province(ref)
		all = append(all, TreatedComparison{Level: "province", List: string(ref.List), Code: ref.Code, NameVI: known.NameVI})
		return &all[len(all)-1]
	}
	if geography != "reported" {
		for _, p := range s.Seeds.Provinces(seeds.ProvinceList(geography)) {
			if reached(p.Ref()) {
				row(p.Ref())
			}
		}
	}
	for _, f := range found {
		row(f.Province).add(f)
	}
	for i := range all {
		all[i].complete()
	}
	return all
}

// add counts a province in.
func (c *TreatedComparison) add(row store.TreatedVictims) {
	to := [...]*store.TreatedCount{&c.figures.Clinics, &c.figures.Health, &c.figures.Employers, &c.figures.Communes}
	for i, from := range [...]store.TreatedCount{row.Clinics, row.Health, row.Employers, row.Communes} {
		to[i].Reports += from.Reports
		to[i].Victims += from.Victims
		to[i].Died += from.Died
		to[i].Due += from.Due
		to[i].OfDue += from.OfDue
		if from.Reports > 0 {
			c.provinces[i]++
		}
	}
	c.figures.Facilities += row.Facilities
	c.figures.Reporting += row.Reporting
}

// complete works out what is shown, once everything was added.
func (c *TreatedComparison) complete() {
	f := &c.figures
	c.Clinics = treatedCount(report.ClinicReport, f.Clinics, c.provinces[0])
	c.HealthDepartment = treatedCount(report.HealthSummary, f.Health, c.provinces[1])
	c.Employers = treatedCount(report.AnnexXII, f.Employers, c.provinces[2])
	c.Communes = treatedCount(report.CommuneReport, f.Communes, c.provinces[3])
	c.Declared = c.declared()
	if f.Health.Reports > 0 {
		c.Facilities, c.Reporting = &f.Facilities, &f.Reporting
	}
	c.Gap = treatedGap(c.Declared, c.Clinics)
	c.SummaryGap = treatedGap(c.Declared, c.HealthDepartment)
	c.FacilityGap = treatedGap(c.Clinics, c.HealthDepartment)
}

func treatedCount(kind report.Kind, n store.TreatedCount, provinces uint64) TreatedCount {
	count := TreatedCount{Source: string(kind), Reports: n.Reports, Provinces: provinces, Coverage: indicator.CoverageOf(int64(n.OfDue), int64(n.Due))}
	if n.Reports == 0 {
		count.Reason = &reasonNoReports
		return count
	}
	count.Victims, count.Deaths = &n.Victims, &n.Died
	return count
}

func (c *TreatedComparison) declared() TreatedCount {
	sum := TreatedCount{
		Source:    string(report.AnnexXII) + "+" + string(report.CommuneReport),
		Reports:   c.Employers.Reports + c.Communes.Reports,
		Provinces: min(c.Employers.Provinces, c.Communes.Provinces),
		Coverage:  indicator.CoverageOf(0, 0),
	}
	switch {
	case sum.Reports == 0:
		sum.Reason = &reasonNoReports
	case c.Employers.Victims == nil || c.Communes.Victims == nil:
		sum.Reason = &reasonOneSided
	default:
		victims, deaths := *c.Employers.Victims+*c.Communes.Victims, *c.Employers.Deaths+*c.Communes.Deaths
		sum.Victims, sum.Deaths = &victims, &deaths
	}
	return sum
}

func treatedGap(of, against TreatedCount) TreatedGap {
	gap := TreatedGap{Numerator: of.Victims, Denominator: against.Victims}
	if of.Victims == nil || against.Victims == nil {
		gap.Reason = &reasonOneSided
		return gap
	}
	difference := int64(*of.Victims) - int64(*against.Victims)
	gap.Difference = &difference
	if *against.Victims == 0 {
		gap.Reason = &reasonZero
		return gap
	}
	ratio := float64(*of.Victims) / float64(*against.Victims)
	gap.Ratio = &ratio
	return gap
}
