package api

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

const printType = "text/html"

// The duty is in the law, the printed form was not found.
const (
	quickReportLaw    = "Law 84/2015/QH13 Art. 36; Decree 39/2016/ND-CP Art. 24, Annex XIII"
	quickReportStatus = seeds.StatusUnverified
)

// QuickReport is the province's quick report to the ministry on an accident that is fatal
// or left two or more seriously injured (Law 84/2015/QH13 Art. 36; Decree 39/2016/ND-CP Art.
// 24, Annex XIII). The printed content of Annex XIII was not found (UNVERIFIED): these are the
// facts that the platform holds of the accident. Names and what happened are encrypted and
// left for the officer to fill in.
type QuickReport struct {
	AccidentID    uuid.UUID         `json:"accident_id"`
	Province      seeds.ProvinceRef `json:"province"`
	ProvinceName  string            `json:"province_name" doc:"In Vietnamese, of today's unit"`
	From          string            `json:"from" doc:"The department that reports, by its name on the day of the accident"`
	To            string            `json:"to" doc:"The ministry, by its name on the day of the accident"`
	OccurredAt    time.Time         `json:"occurred_at"`
	Units         []string          `json:"units" doc:"Who declared"`
	VSICVersion   string            `json:"vsic_version"`
	VSICCode      string            `json:"vsic_code"`
	Industry      string            `json:"industry" doc:"Section, in Vietnamese"`
	Commuting     bool              `json:"commuting"`
	Victims       int               `json:"victims"`
	Women         int               `json:"women"`
	Dead          int               `json:"dead"`
	Serious       int               `json:"serious"`
	Minor         int               `json:"minor"`
	Persons       []AccidentPerson  `json:"persons"`
	Cause         string            `json:"cause,omitempty" doc:"First finding; codes: /v1/codelists/causes"`
	CauseName     string            `json:"cause_name,omitempty"`
	FactorName    string            `json:"factor_name,omitempty"`
	Investigation string            `json:"investigation" doc:"How the investigation stands, in Vietnamese"`
	Incidents     int               `json:"incidents" doc:"Serious technical incidents that caused it"`
	AsOf          time.Time         `json:"as_of"`
	LegalRef      string            `json:"legal_ref"`
	Status        seeds.Status      `json:"status" enum:"V,S,D,OWN,UNVERIFIED" doc:"How far the content of the printed form was verified"`
	Demonstration bool              `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) routeQuickReport() {
	op := operation("get-quick-report", access.ReadCases, http.MethodGet, accidentsPath+"/{accident_id}/quick-report",
		"Báo cáo nhanh của tỉnh về một vụ tai nạn / The province's quick report on an accident",
		"Chỉ cho vụ chết người hoặc từ 2 người bị thương nặng. JSON, hoặc HTML để in. Nội dung mẫu Phụ lục XIII chưa kiểm chứng. / Only for a fatal accident or two or more seriously injured. JSON, or HTML to print. The content of the form of Annex XIII is UNVERIFIED.",
		tagOfficers, append(letterProblems(), http.StatusNotFound)...)
	offered(&op, s.hasAccidents)
	opensPersonal(&op)
	op.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{
		jsonType:  {},
		printType: {Schema: &huma.Schema{Type: huma.TypeString, Description: "To print, in Vietnamese"}},
	}}}
	huma.Register(s.api, op, s.quickReport)
}

type quickReportOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        QuickReport
}

func (s *Server) quickReport(ctx context.Context, in *accidentInput) (*quickReportOutput, error) {
	accident, problem := s.accident(ctx, in.AccidentID)
	if problem != nil {
		return nil, problem
	}
	if !accident.Severity.Declarable() {
		return nil, problemNotFound.new(ruleNoQuickReport.parameter("accident_id", accident.Dead, accident.Serious, accident.Dead, accident.Serious))
	}
	discloseAccident(ctx, accident)
	out := &quickReportOutput{ContentType: jsonType, Body: s.quickReportOf(accident)}
	if negotiation.SelectQValueFast(callOf(ctx).accept, []string{jsonType, printType}) == printType {
		out.ContentType = printType + "; charset=utf-8"
	}
	return out, nil
}

// quickReportOf derives the report from the accident alone.
func (s *Server) quickReportOf(a *AccidentCase) QuickReport {
	q := QuickReport{
		AccidentID: a.AccidentID, Province: a.Province, OccurredAt: a.OccurredAt, VSICVersion: a.VSICVersion, VSICCode: a.VSICCode,
		Commuting: a.Commuting, Victims: len(a.Persons), Dead: a.Dead, Serious: a.Serious, Minor: a.Minor, Persons: a.Persons,
		Cause: a.Cause, Incidents: len(a.Incidents), Units: []string{}, Investigation: investigationText(a.Investigations),
		AsOf: s.Clock().In(seeds.Local()), LegalRef: quickReportLaw, Status: quickReportStatus, Demonstration: s.Demonstration,
	}
	if p, ok := s.Seeds.Province(seeds.ProvinceRef{List: seeds.List34, Code: a.ProvinceNow}); ok {
		q.ProvinceName = p.NameVI
	}
	for _, r := range a.Receivers {
		switch r.Code {
		case "department":
			q.From = strings.TrimSuffix(r.NameVI, " nơi xảy ra tai nạn")
		case "ministry":
			q.To = r.NameVI
		}
	}
	for _, d := range a.Declarations {
		q.Units = append(q.Units, d.Unit)
	}
	for _, p := range a.Persons {
		if report.Sex(p.Sex) == report.Female {
			q.Women++
		}
	}
	q.addNames(s.Seeds, a)
	return q
}

func (q *QuickReport) addNames(d *seeds.Data, a *AccidentCase) {
	if section, ok := d.VSICSection(a.VSICVersion, a.VSICCode[:min(1, len(a.VSICCode))]); ok {
		q.Industry = section.NameVI
	}
	// What was investigated stands before what was declared.
	for i := range a.Investigations {
		if cause := a.Investigations[i].Cause; cause != "" {
			q.Cause = cause
		}
	}
	if cause, ok := d.Cause(seeds.CauseListAnnexXII, q.Cause); ok {
		q.CauseName = cause.NameVI
	}
	if factor, ok := d.Factor(a.FactorList, a.FactorCode); ok {
		q.FactorName = factor.NameVI
	}
}

// investigationText says how the last investigation stands.
func investigationText(all []InvestigationItem) string {
	if len(all) == 0 {
		return "Chưa có hồ sơ điều tra."
	}
	i := all[len(all)-1]
	switch due := dayText(i.Clock.Due); i.Clock.State {
	case report.ClockRunning:
		return fmt.Sprintf("Đang điều tra, thời hạn %s (còn %d ngày).", due, i.Clock.DaysLeft)
	case report.ClockOverdue:
		return fmt.Sprintf("Đang điều tra, quá thời hạn %s (%d ngày).", due, -i.Clock.DaysLeft)
	case report.ClockInTime:
		return fmt.Sprintf("Đã công bố biên bản ngày %s, trong thời hạn %s.", dayText(i.Stages.Published), due)
	case report.ClockLate:
		return fmt.Sprintf("Đã công bố biên bản ngày %s, sau thời hạn %s.", dayText(i.Stages.Published), due)
	}
	return fmt.Sprintf("Hồ sơ kết thúc ngày %s, không công bố biên bản.", dayText(i.Stages.Closed))
}

//go:embed quickreport.html
var quickReportText string

var quickReportPage = template.Must(template.New("quickreport").Funcs(template.FuncMap{
	"moment": momentText,
	"day":    func(t time.Time) string { return dayText(seeds.DateOf(t)) },
	"join":   strings.Join,
	"add":    func(a, b int) int { return a + b },
	"severity": func(code string) string {
		return map[string]string{"dead": "Chết", "serious": "Bị thương nặng", "minor": "Bị thương nhẹ"}[code]
	},
	"sex": func(code string) string { return map[string]string{"male": "Nam", "female": "Nữ"}[code] },
	"employment": func(code string) string {
		return map[string]string{"contract": "Theo hợp đồng", "no_contract": "Không theo hợp đồng"}[code]
	},
}).Parse(quickReportText))

// encodeHTML writes an answer that can be printed.
func encodeHTML(w io.Writer, v any) error {
	q, ok := v.(QuickReport)
	if !ok {
		return fmt.Errorf("no page for %T", v)
	}
	return quickReportPage.Execute(w, q)
}
