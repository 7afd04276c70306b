package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// PeriodicDraft is a submission that the platform has filled in as far as it can.
type PeriodicDraft struct {
	Submission Document `json:"submission" doc:"To be completed and filed; with a revision above 1 when the report is on file already"`
	// Findings are what the rules say of the draft as it stands.
	Findings []report.Finding `json:"findings" doc:"What is still missing or does not agree"`
	// HeadFrom is the earlier report that the head was taken from.
	HeadFrom *DraftSource `json:"head_from" doc:"Report that reporter, industry and workers were taken from; null when the unit has none. Check them: they are of that report's time"`
	Filed    *DraftSource `json:"filed" doc:"The report of this period that is on file; null when there is none or it is withdrawn"`
	Cells    []DraftCell  `json:"cells" doc:"Every number that was filled in, and the declarations it counts"`
	Cases    []DraftCase  `json:"cases" doc:"The accidents that the unit declared in the period"`
	// Differences are between the declared cases and the filed matrix.
	Differences   []DraftDifference `json:"differences" doc:"Between declared cases and the matrix on file; empty when none is on file"`
	Note          string            `json:"note" doc:"What the draft cannot know, in English"`
	NoteVI        string            `json:"note_vi" doc:"What the draft cannot know, in Vietnamese"`
	Demonstration bool              `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// DraftSource names a report on file.
type DraftSource struct {
	ReportID uuid.UUID `json:"report_id"`
	Kind     string    `json:"kind"`
	Revision uint32    `json:"revision"`
	Period   string    `json:"period,omitempty"`
}

// DraftCell explains one number.
type DraftCell struct {
	Pointer      string      `json:"pointer" doc:"Place in the submission (RFC 6901)"`
	Value        uint32      `json:"value"`
	Declarations []uuid.UUID `json:"declarations" doc:"report_id of the unit's declarations that it counts"`
}

// DraftCase is one accident.
type DraftCase struct {
	AccidentID   uuid.UUID   `json:"accident_id"`
	OccurredAt   time.Time   `json:"occurred_at"`
	Cause        string      `json:"cause,omitempty" doc:"Absent while it is not declared: the accident is then missing in block 1.1"`
	Factor       string      `json:"factor,omitempty" doc:"Absent while it is not declared: the accident is then missing in block 1.2"`
	Commuting    bool        `json:"commuting"`
	Declarations []uuid.UUID `json:"declarations" doc:"The unit's own"`
	Others       int         `json:"others" doc:"Declarations of the same accident by other reporters: their victims are not counted here, but a death that they declared is"`
	Victims      int         `json:"victims"`
	Outside      int         `json:"outside" doc:"Of these, not under the unit's management"`
	Deaths       int         `json:"deaths"`
	Serious      int         `json:"serious"`
}

// DraftDifference is a cell in which declared cases and the filed matrix disagree.
type DraftDifference struct {
	Block         string      `json:"block" doc:"Of table I: 1, 1.1, 1.2, 1.3, 2 or 3"`
	Code          string      `json:"code,omitempty"`
	Measure       string      `json:"measure"`
	Declared      uint32      `json:"declared"`
	Filed         uint32      `json:"filed"`
	Contradiction bool        `json:"contradiction" doc:"Both cannot be right. Otherwise the matrix counts more than was declared one by one, as it may: slight accidents need no declaration"`
	Accidents     []uuid.UUID `json:"accidents" doc:"accident_id of the declared cases"`
}

const (
	draftNote   = "Only accidents that were declared one by one are counted: add those with slight injuries, and table II. An accident with victims of several employers counts for each that declared it; persons outside its management stand in the outside columns as well."
	draftNoteVI = "Chỉ tính các vụ đã khai báo từng vụ: hãy bổ sung các vụ có người bị thương nhẹ và Bảng II. Vụ có nạn nhân của nhiều đơn vị được tính cho mỗi đơn vị đã khai báo; người không thuộc quyền quản lý được ghi cả ở cột tương ứng."
)

func (s *Server) routeDraft() {
	op := operation("report-draft", access.ReadPersonal, http.MethodGet, reportsPath+"/draft",
		"Bản nháp của một báo cáo định kỳ / Draft of a periodic report",
		"Phần đầu lấy từ báo cáo gần nhất của đơn vị; với Phụ lục XII, Bảng I được điền từ các khai báo tai nạn, kèm giải thích từng ô và khác biệt so với báo cáo đã nộp. Hộ kinh doanh được gọi bằng mã hb: trong /v1/access/me, không bằng số định danh. Không ghi nhận gì. / "+
			"The head is that of the unit's newest report; table I of Annex XII is filled in from its declarations of accidents, with an explanation of each cell and the differences to what is on file. A household business is named by its hb: code in /v1/access/me, never by a person's number. Nothing is filed.",
		tagFiling, readProblems()...)
	offered(&op, s.readsBack)
	opensPersonal(&op)
	huma.Register(s.api, op, s.reportDraft)
}

type draftInput struct {
	Kind    string `query:"kind" required:"true" maxLength:"40" doc:"A periodic kind, as annex_xii"`
	TaxCode string `query:"tax_code" required:"true" maxLength:"40" doc:"Tax code of the reporting unit; of a household business hb: and its pseudonym, as /v1/access/me tells it: its number then comes from its newest report, and where there is none it is left for the reporter to fill in"`
	Site    string `query:"site" maxLength:"10" doc:"Place of the tax code; 0 by default"`
	Period  string `query:"period" required:"true" maxLength:"6" doc:"2025 or 2025H1"`
}

type draftOutput struct{ Body PeriodicDraft }

// drafting is a draft at work.
type drafting struct {
	kind     report.Kind
	period   report.Period
	unit     string
	reporter report.Reporter
	filed    *opened // the newest revision of this very report
	filedID  uuid.UUID
	head     *opened
	headID   uuid.UUID
	cases    []report.Case
	rows     []report.DraftRow
}

func (s *Server) reportDraft(ctx context.Context, in *draftInput) (*draftOutput, error) {
	d, problem := s.drafting(in)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	if err := errors.Join(s.findFiled(ctx, d), s.findHead(ctx, d), s.countDeclared(ctx, d)); err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	var head []byte
	if d.head != nil {
		head = d.head.back.Document
	}
	now := s.Clock()
	document, err := report.Draft(d.kind, d.period, seeds.DateOf(now), d.nextRevision(), head, d.reporter, d.rows)
	if errors.Is(err, report.ErrNoDraft) {
		return nil, problemParameters.new(ruleNoDraft.parameter("kind"))
	}
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	submission, form, err := report.Decode(document)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	if d.head != nil && d.head.back.Personal {
		// What the draft holds of it.
		callOf(ctx).disclosed(d.headID, d.head.Revision, report.PersonalPointers(document))
	}
	out := &draftOutput{Body: d.answer()}
	out.Body.Submission, out.Body.Demonstration = Document(document), s.Demonstration
	out.Body.Findings = listed(report.Check(report.Context{Seeds: s.Seeds, Now: now}, &submission, form))
	return out, nil
}

// drafting reads the parameters.
func (s *Server) drafting(in *draftInput) (*drafting, *Problem) {
	d := &drafting{kind: report.Kind(in.Kind), period: report.Period(in.Period)}
	var findings []report.Finding
	if definition, known := report.Lookup(d.kind); !known || definition.Event {
		findings = append(findings, ruleNoDraft.parameter("kind"))
	}
	if !d.period.Valid() {
		findings = append(findings, ruleParameter.parameter("period", "period", "2025 hoặc 2025H1", "period", "2025 or 2025H1"))
	}
	code := report.TaxCode(in.TaxCode)
	findings = append(findings, personalUnits("", in.TaxCode)...)
	if !code.IsHousehold() && code.Valid() != nil {
		findings = append(findings, ruleParameter.parameter("tax_code", "tax_code", "mã số thuế không hợp lệ", "tax_code", "not a valid tax code"))
	}
	if len(findings) > 0 {
		return nil, problemParameters.new(findings...)
	}
	d.unit = report.UnitOf(code, in.Site)
	d.reporter = report.Reporter{Type: report.Establishment, TaxCode: code, Site: in.Site}
	if code.IsHousehold() {
		d.reporter.TaxCode = "" // a pseudonym is not what is filed
	}
	return d, nil
}

// findFiled looks the very report up that the draft is of. Kinds of which a unit files
// several in a period have no such one.
func (s *Server) findFiled(ctx context.Context, d *drafting) error {
	id := report.ReportID(d.kind, report.Identity{Unit: d.unit, Period: string(d.period)})
	filed, err := s.newestOf(ctx, id)
	d.filed, d.filedID = filed, id
	return err
}

func (s *Server) newestOf(ctx context.Context, id uuid.UUID) (*opened, error) {
	stored, err := s.Reports.Filings(ctx, id, 1, report.MaxRevision, 1)
	if err != nil || len(stored) == 0 {
		return nil, err
	}
	o, err := s.openFor(ctx, id, &stored[0], stored)
	return &o, err
}

// findHead takes the newest report of the kind, and if there is none, of any kind.
func (s *Server) findHead(ctx context.Context, d *drafting) error {
	if d.filed != nil && !d.filed.Withdrawn {
		d.head, d.headID = d.filed, d.filedID
		return nil
	}
	for _, kinds := range [][]string{{string(d.kind)}, nil} {
		page, _, err := s.Reports.Reports(ctx, store.ReportFilter{Kinds: kinds, Unit: d.unit, Limit: 1})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			continue
		}
		d.headID = page[0].ReportID
		d.head, err = s.newestOf(ctx, d.headID)
		return err
	}
	return nil
}

// countDeclared fills table I of Annex XII.
func (s *Server) countDeclared(ctx context.Context, d *drafting) error {
	if d.kind != report.AnnexXII {
		return nil
	}
	months := 12
	if d.period.HalfYear() {
		months = 6
	}
	declared, err := s.Reports.Declared(ctx, d.unit, d.period.Year(), months)
	if err != nil {
		return err
	}
	declarations := make([]report.Declaration, len(declared))
	for i, one := range declared {
		declarations[i] = report.Declaration{
			ReportID: one.ReportID, AccidentID: one.AccidentID, Own: one.Unit == d.unit, OccurredAt: one.OccurredAt,
			Cause: one.Cause, Factor: one.FactorCode, Commuting: one.Commuting,
		}
		for _, v := range one.Victims {
			declarations[i].Victims = append(declarations[i].Victims, report.DeclaredVictim{
				Person: report.Pseudonym(v.Person), NameKey: report.Pseudonym(v.NameKey), Severity: report.InjurySeverity(v.Severity),
				Sex: report.Sex(v.Sex), Occupation: v.Occupation, UnderManagement: v.UnderManagement,
			})
		}
	}
	d.cases = report.CasesOf(declarations)
	d.rows = report.DraftRows(d.cases)
	return nil
}

func (d *drafting) nextRevision() uint32 {
	if d.filed == nil {
		return 1
	}
	return d.filed.Revision + 1
}

func (d *drafting) answer() PeriodicDraft {
	a := PeriodicDraft{
		HeadFrom: sourceOf(d.headID, d.head), Cells: []DraftCell{}, Cases: []DraftCase{}, Differences: []DraftDifference{},
		Note: draftNote, NoteVI: draftNoteVI,
	}
	if d.filed != nil && !d.filed.Withdrawn {
		a.Filed = sourceOf(d.filedID, d.filed)
		a.Differences = differencesOf(report.Differences(d.rows, filedRows(d.filed)))
	}
	for i := range d.rows {
		for m, measure := range report.AllMeasures() {
			if value := *measure.Of(&d.rows[i].Measures); value > 0 {
				a.Cells = append(a.Cells, DraftCell{
					Pointer: "/content/rows/" + strconv.Itoa(i) + "/" + measure.Name, Value: value, Declarations: declarationsOf(d.rows[i].Of[m]),
				})
			}
		}
	}
	for i := range d.cases {
		a.Cases = append(a.Cases, draftCase(&d.cases[i]))
	}
	return a
}

func sourceOf(id uuid.UUID, o *opened) *DraftSource {
	if o == nil {
		return nil
	}
	return &DraftSource{ReportID: id, Kind: o.Kind, Revision: o.Revision, Period: o.Period}
}

// filedRows reads the matrix of a filed report.
func filedRows(o *opened) []report.AnnexRow {
	var filed struct {
		Content struct {
			Rows []report.AnnexRow `json:"rows"`
		} `json:"content"`
	}
	// It was filed, so it reads; of another kind there are no such rows.
	_ = json.Unmarshal(o.back.Document, &filed)
	return filed.Content.Rows
}

func declarationsOf(cases []*report.Case) []uuid.UUID {
	var all []uuid.UUID
	for _, c := range cases {
		all = append(all, c.Declarations...)
	}
	return all
}

func draftCase(c *report.Case) DraftCase {
	d := DraftCase{
		AccidentID: c.AccidentID, OccurredAt: c.OccurredAt, Cause: c.Cause, Factor: c.Factor, Commuting: c.Commuting,
		Declarations: c.Declarations, Others: c.Others, Victims: len(c.Victims),
	}
	for _, v := range c.Victims {
		if !v.UnderManagement {
			d.Outside++
		}
		switch v.Severity {
		case report.Dead:
			d.Deaths++
		case report.Serious:
			d.Serious++
		}
	}
	return d
}

func differencesOf(all []report.Difference) []DraftDifference {
	out := make([]DraftDifference, len(all))
	for i, d := range all {
		out[i] = DraftDifference{
			Block: string(d.Block), Code: d.Code, Measure: d.Measure.Name, Declared: d.Declared, Filed: d.Filed,
			Contradiction: d.Contradiction, Accidents: []uuid.UUID{},
		}
		for _, c := range d.Cases {
			out[i].Accidents = append(out[i].Accidents, c.AccidentID)
		}
	}
	return out
}
