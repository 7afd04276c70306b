package api

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// BaseFigureReader is the part of *store.Store that knows imported figures.
type BaseFigureReader interface {
	BaseFigures(ctx context.Context, q store.BaseQuery) ([]store.BaseFigure, error)
}

// BaseFigureList are imported figures of years without reports.
type BaseFigureList struct {
	Rule          string       `json:"rule" doc:"Which of several imports of one number serves"`
	BaseFigures   []BaseFigure `json:"base_figures"`
	Demonstration bool         `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// BaseFigure is one imported number.
type BaseFigure struct {
	Period      string    `json:"period"`
	List        string    `json:"list" doc:"List of provinces; empty for the nation"`
	Code        string    `json:"code" doc:"Code of the province in its list; VN for the nation"`
	Measure     string    `json:"measure"`
	Employment  string    `json:"employment,omitempty" enum:"contract,no_contract" doc:"Absent for the total"`
	VSICVersion string    `json:"vsic_version,omitempty"`
	VSICSection string    `json:"vsic_section,omitempty" doc:"Absent for all sections"`
	Value       int64     `json:"value"`
	Status      string    `json:"status" enum:"V,S,UNVERIFIED"`
	Printed     string    `json:"printed,omitempty" doc:"The number as printed, where it differs"`
	Source      string    `json:"source" doc:"Code of the source"`
	Reference   string    `json:"reference" doc:"Citation of the document"`
	Unit        string    `json:"unit" doc:"Authority that imported it"`
	ReportID    string    `json:"report_id"`
	ReceivedAt  time.Time `json:"received_at"`
	Chosen      bool      `json:"chosen" doc:"Serves as a base, if no report of its year exists"`
	Rivals      int       `json:"rivals" doc:"Other imports of the same number with another value"`
}

const baseChoice = "the best verified (V, S, UNVERIFIED); of those the one received last; all stay listed"

func (s *Server) routeBaseFigures() {
	op := operation("list-base-figures", access.ReadPublic, http.MethodGet, "/v1/base-figures",
		"Số liệu gốc đã nhập của các năm trước / Imported base figures of earlier years",
		"Mọi lần nhập, kể cả khi hai nguồn khác nhau: nguồn được chọn có chosen = true. Số liệu gốc không bao giờ cộng với báo cáo. / "+
			"Every import, also where two sources disagree: the one that serves is chosen. Base figures are never added to reports.",
		tagFigures, figureProblems()...)
	op.Responses = withCSV()
	huma.Register(s.api, op, s.listBaseFigures)
}

type baseFiguresInput struct {
	From     int    `query:"from" minimum:"1990" maximum:"2100" default:"1990" doc:"First year"`
	To       int    `query:"to" minimum:"1990" maximum:"2100" default:"2100" doc:"Last year"`
	Period   string `query:"period" enum:"Y,H1" default:"Y" doc:"Year or first half-year"`
	Area     string `query:"area" maxLength:"20" doc:"Province as list:code, or VN; by default all"`
	Conflict bool   `query:"conflict" doc:"Only numbers that imports disagree about"`
	View     string `query:"view" enum:"live,closed" doc:"closed: as they were when the year was closed; live: with a token only, and then the default"`
}

type baseFiguresOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        BaseFigureList
}

func (s *Server) listBaseFigures(ctx context.Context, in *baseFiguresInput) (*baseFiguresOutput, error) {
	if s.BaseFigures == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	view, problem := s.viewOf(ctx, in.View)
	if problem != nil {
		return nil, problem
	}
	var area *seeds.ProvinceRef
	if in.Area != "" {
		ref, ok := readArea(in.Area)
		if !ok {
			return nil, problemParameters.new(ruleArea.parameter("area"))
		}
		area = &ref
	}
	all, err := s.BaseFigures.BaseFigures(ctx, store.BaseQuery{From: in.From, To: in.To, Span: store.Span(in.Period), Basis: store.Basis(view)})
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	list := BaseFigureList{Rule: baseChoice, BaseFigures: []BaseFigure{}, Demonstration: s.Demonstration}
	for _, f := range all {
		if (area == nil || f.Province == *area) && (!in.Conflict || f.Rivals > 0) {
			list.BaseFigures = append(list.BaseFigures, baseFigure(f))
		}
	}
	return &baseFiguresOutput{ContentType: negotiated(ctx), Body: list}, nil
}

func baseFigure(f store.BaseFigure) BaseFigure {
	code := f.Province.Code
	if f.Province == (seeds.ProvinceRef{}) {
		code = nationCode
	}
	return BaseFigure{
		Period: f.Period, List: string(f.Province.List), Code: code, Measure: f.Measure, Employment: f.Employment,
		VSICVersion: f.VSICVersion, VSICSection: f.VSICSection, Value: f.Value, Status: f.Status, Printed: f.Printed,
		Source: f.Source, Reference: f.Reference, Unit: f.Unit, ReportID: f.ReportID.String(), ReceivedAt: f.ReceivedAt,
		Chosen: f.Chosen, Rivals: f.Rivals,
	}
}

func writeBaseFigures(out *csv.Writer, list BaseFigureList) {
	_ = out.Write([]string{
		"period", "list", "code", "measure", "employment", "vsic_version", "vsic_section", "value", "status", "printed",
		"source", "reference", "unit", "report_id", "received_at", "chosen", "rivals", "demonstration",
	})
	for _, f := range list.BaseFigures {
		_ = out.Write([]string{
			f.Period, f.List, f.Code, f.Measure, f.Employment, f.VSICVersion, f.VSICSection, strconv.FormatInt(f.Value, 10), f.Status, f.Printed,
			f.Source, f.Reference, f.Unit, f.ReportID, f.ReceivedAt.Format(time.RFC3339), strconv.FormatBool(f.Chosen), strconv.Itoa(f.Rivals),
			strconv.FormatBool(list.Demonstration),
		})
	}
}
