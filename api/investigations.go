package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// InvestigationList is a page of investigations.
type InvestigationList struct {
	Investigations []InvestigationItem `json:"investigations" doc:"The newest accident first"`
	Today          seeds.Date          `json:"today" format:"date" doc:"The day that the clocks were read on, in Viet Nam"`
	Next           string              `json:"next,omitempty" doc:"Address of the next page, as in the header Link; none on the last page. A page may be shorter than the limit, or empty, and have a next one"`
	Demonstration  bool                `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// InvestigationItem is one investigation and its clock.
type InvestigationItem struct {
	ReportID   uuid.UUID               `json:"report_id"`
	Revision   uint32                  `json:"revision"`
	AccidentID uuid.UUID               `json:"accident_id"`
	AccidentOn seeds.Date              `json:"accident_on" format:"date"`
	Province   seeds.ProvinceRef       `json:"province"`
	Unit       string                  `json:"unit" doc:"Whose team investigates"`
	Level      string                  `json:"level" enum:"facility,province,central,commune"`
	Severity   report.AccidentSeverity `json:"severity" enum:"minor,one_serious,several_serious,fatal" doc:"The worse of what the team filed and what the declarations say today; it chooses the limit"`
	Filed      string                  `json:"severity_filed" enum:"minor,one_serious,several_serious,fatal" doc:"What the team filed"`
	Stages     InvestigationStages     `json:"stages"`
	Clock      InvestigationClock      `json:"clock"`
	Cause      string                  `json:"cause,omitempty" doc:"Codes: /v1/codelists/causes"`
}

// InvestigationStages are the days on which stages were reached.
type InvestigationStages struct {
	NewsReceived  seeds.Date `json:"news_received" format:"date"`
	Opened        seeds.Date `json:"opened,omitzero" format:"date"`
	Extended      seeds.Date `json:"extended,omitzero" format:"date"`
	ExtensionDays uint32     `json:"extension_days,omitzero"`
	Examination   seeds.Date `json:"examination,omitzero" format:"date"`
	FileReturned  seeds.Date `json:"file_returned,omitzero" format:"date"`
	Published     seeds.Date `json:"published,omitzero" format:"date"`
	Closed        seeds.Date `json:"closed,omitzero" format:"date"`
}

// InvestigationClock is the limit of Law 84/2015/QH13 Art. 35(6) and how the
// investigation stands.
type InvestigationClock struct {
	State         report.ClockState `json:"state" enum:"running,overdue,published_in_time,published_late,closed"`
	Start         seeds.Date        `json:"start" format:"date" doc:"From which day the limit runs"`
	Due           seeds.Date        `json:"due" format:"date" doc:"The last day in time"`
	LimitDays     int               `json:"limit_days" doc:"4, 7, 20, 30 or 60 (Law 84/2015/QH13 Art. 35(6))"`
	ExtensionDays int               `json:"extension_days"`
	DaysLeft      int               `json:"days_left" doc:"From today, or from the end of the investigation, to the last day; negative when it is passed"`
}

const investigationsPath = "/v1/investigations"

func (s *Server) routeInvestigations() {
	list := operation("list-investigations", access.ReadCases, http.MethodGet, investigationsPath,
		"Điều tra tai nạn lao động và thời hạn / Investigations and their limits",
		"Chỉ trong phạm vi của người dùng. Tai nạn mới nhất trước; trang tiếp theo ở đầu mục Link (RFC 8288). / Within the caller's scope alone. The newest accident first; the next page is in the header Link (RFC 8288).",
		tagOfficers, letterProblems()...)
	offered(&list, s.hasAccidents)
	huma.Register(s.api, list, s.listInvestigations)
}

type investigationsInput struct {
	Province string   `query:"province" maxLength:"20" doc:"Province of the accident as list:code, as in 34:24; one of list 34 includes the units that went into it. Codes: /v1/codelists/provinces"`
	Year     int      `query:"year" minimum:"1990" maximum:"2100" doc:"Year of the accident; all by default"`
	State    []string `query:"state" enum:"running,overdue,published_in_time,published_late,closed" maxItems:"5" doc:"States, separated by commas; all by default"`
	Limit    int      `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Length of a page"`
	Cursor   string   `query:"cursor" maxLength:"100" doc:"As in the address of the next page"`
}

type investigationsOutput struct {
	Link string `header:"Link" doc:"Next page (RFC 8288)"`
	Body InvestigationList
}

// A page reads this many investigations at most, in portions, whatever state is asked for:
// the clock is not in the store, so that states are told apart here.
const (
	investigationPortion = 500
	investigationsRead   = 4 * investigationPortion
)

func (s *Server) listInvestigations(ctx context.Context, in *investigationsInput) (*investigationsOutput, error) {
	filter, problem := s.investigationFilter(in)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	out := &investigationsOutput{Body: InvestigationList{Investigations: []InvestigationItem{}, Today: s.today(), Demonstration: s.Demonstration}}
	for read := 0; ; {
		page, more, err := s.Accidents.Investigations(ctx, filter)
		if err != nil {
			return nil, s.storeProblem(ctx, err)
		}
		items, err := s.investigationItems(ctx, page)
		if err != nil {
			return nil, s.storeProblem(ctx, err)
		}
		for i := range items {
			at := page[i].Cursor()
			filter.After, read = &at, read+1
			if len(in.State) == 0 || slices.Contains(in.State, string(items[i].Clock.State)) {
				out.Body.Investigations = append(out.Body.Investigations, items[i])
			}
			if len(out.Body.Investigations) == in.Limit {
				more = more || i < len(items)-1
				break
			}
		}
		if !more {
			return out, nil
		}
		if len(out.Body.Investigations) == in.Limit || read >= investigationsRead {
			out.Body.Next = in.after(*filter.After)
			out.Link = "<" + out.Body.Next + `>; rel="next"`
			return out, nil
		}
	}
}

func (s *Server) investigationFilter(in *investigationsInput) (store.InvestigationFilter, *Problem) {
	f := store.InvestigationFilter{Year: in.Year, Limit: in.Limit}
	if len(in.State) > 0 {
		f.Limit = investigationPortion
	}
	if in.Province != "" {
		ref, ok := readArea(in.Province)
		if !ok {
			return f, problemParameters.new(ruleArea.parameter("province"))
		}
		f.Provinces = s.withFormer(ref)
	}
	if in.Cursor == "" {
		return f, nil
	}
	after, err := store.ParseInvestigationCursor(in.Cursor)
	if err != nil {
		return f, problemParameters.new(ruleParameter.parameter("cursor", "cursor", "lấy từ địa chỉ trang tiếp theo", "cursor", "take it from the address of the next page"))
	}
	f.After = &after
	return f, nil
}

// withFormer is a province and those that went into it; nothing for the nation.
func (s *Server) withFormer(ref seeds.ProvinceRef) []seeds.ProvinceRef {
	if ref == (seeds.ProvinceRef{}) {
		return nil
	}
	all := []seeds.ProvinceRef{ref}
	if ref.List == seeds.List34 {
		for _, former := range s.Seeds.Former(ref.Code) {
			all = append(all, former.Ref())
		}
	}
	return all
}

// after is the address of the page behind a place, with the same filter.
func (in *investigationsInput) after(c store.InvestigationCursor) string {
	query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "cursor": {c.String()}}
	if in.Province != "" {
		query.Set("province", in.Province)
	}
	if in.Year != 0 {
		query.Set("year", strconv.Itoa(in.Year))
	}
	if len(in.State) > 0 {
		query.Set("state", strings.Join(in.State, ","))
	}
	return investigationsPath + "?" + query.Encode()
}

func (s *Server) today() seeds.Date { return seeds.DateOf(s.Clock()) }

// investigationItems reads the clocks of a page by what the declarations say today.
func (s *Server) investigationItems(ctx context.Context, page []store.Investigation) ([]InvestigationItem, error) {
	if len(page) == 0 {
		return nil, nil
	}
	ids := make([]uuid.UUID, len(page))
	for i := range page {
		ids[i] = page[i].AccidentID
	}
	cases, err := s.Accidents.Cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]InvestigationItem, len(page))
	for i := range page {
		var declared report.AccidentSeverity
		if c := cases[page[i].AccidentID]; c != nil {
			declared = severityOf(c)
		}
		items[i] = s.investigationItem(&page[i], declared)
	}
	return items, nil
}

func severityOf(c *store.Case) report.AccidentSeverity {
	var body AccidentCase
	body.addPersons(c.Persons())
	return body.Severity
}

func (s *Server) investigationItem(i *store.Investigation, declared report.AccidentSeverity) InvestigationItem {
	severity := worse(report.AccidentSeverity(i.Severity), declared)
	stages := report.Stages{NewsReceived: i.NewsReceived, Opened: i.Opened, Extended: i.Extended, ExtensionDays: i.ExtensionDays,
		Examination: i.Examination, FileReturned: i.FileReturned, Published: i.Published, Closed: i.Closed}
	return InvestigationItem{
		ReportID: i.ReportID, Revision: i.Revision, AccidentID: i.AccidentID, AccidentOn: seeds.DateOf(i.AccidentOn), Province: i.Province,
		Unit: i.Unit, Level: i.Level, Severity: severity, Filed: i.Severity, Stages: InvestigationStages(stages),
		Clock: InvestigationClock(report.InvestigationClock(severity, stages, s.today())), Cause: i.Cause,
	}
}

// worse returns the worse of two severities; "" is none.
func worse(a, b report.AccidentSeverity) report.AccidentSeverity {
	order := []report.AccidentSeverity{"", report.MinorAccident, report.OneSerious, report.SeveralSerious, report.FatalAccident}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// dayText is a day in words, "…" when there is none.
func dayText(d seeds.Date) string {
	if d.IsZero() {
		return "…"
	}
	return d.Start().Format("02/01/2006")
}

func momentText(t time.Time) string {
	return t.In(seeds.Local()).Format("15 giờ 04 phút, ngày 02/01/2006")
}
