package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
)

// What can be said of the personal part of a filing.
const (
	personalOpen       = "open"
	personalRedacted   = "redacted"
	personalWithheld   = "withheld"
	personalErased     = "erased"
	personalUnreadable = "unreadable"
)

// Document is a submission in an answer: as it was filed, or of the same shape.
type Document jsontext.Value

// MarshalJSON writes the document as it is.
func (d Document) MarshalJSON() ([]byte, error) { return d, nil }

// UnmarshalJSON keeps the document as it is.
func (d *Document) UnmarshalJSON(data []byte) error {
	*d = slices.Clone(data)
	return nil
}

// Schema describes it: the schema Submission cannot hold, because of a report whose
// personal part is erased required members are missing.
func (Document) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true,
		Description: "Một lần nộp, xem schema Submission. / A submission, see the schema Submission"}
}

// FiledRevision is one revision of a report as it was filed.
type FiledRevision struct {
	RevisionFacts
	ReportID   uuid.UUID `json:"report_id"`
	Kind       string    `json:"kind"`
	StatYear   uint16    `json:"stat_year" doc:"Year the report counts in"`
	Period     string    `json:"period,omitempty"`
	Unit       string    `json:"unit" doc:"Reporting unit; a household is named by its pseudonym"`
	Submission Document  `json:"submission" doc:"The submission, with its personal texts as far as the caller may read them (personal). Its digest is sha256 when exact"`
	Exact      bool      `json:"exact" doc:"Whether the submission has the digest of its receipt"`
	// Notes say why something is not there.
	Notes         []report.Finding `json:"notes"`
	Demonstration bool             `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// RevisionFacts is what the history tells of one revision.
type RevisionFacts struct {
	Revision       uint32         `json:"revision"`
	Withdrawn      bool           `json:"withdrawn"`
	Reason         string         `json:"reason,omitempty" doc:"Why it was amended or withdrawn: a narrative, absent while the personal part cannot be read"`
	ReceivedAt     time.Time      `json:"received_at" doc:"Legal time of receipt; of a paper the end of the day on which it came"`
	StoredAt       time.Time      `json:"stored_at"`
	SubmittedBy    string         `json:"submitted_by" doc:"The principal that filed it"`
	Paper          *FiledPaper    `json:"paper" doc:"Set when it came on paper and was entered on behalf of who made it"`
	TrackingNumber string         `json:"tracking_number,omitempty" doc:"While personal is open"`
	SHA256         receipt.Digest `json:"sha256,omitzero" doc:"Of the whole submission, while personal is open: of a report whose personal part is not shown, or was erased, it would confirm guesses"`
	RulesVersion   string         `json:"rules_version"`
	Warnings       []string       `json:"warnings" doc:"Codes of the warnings stored with it"`
	Personal       string         `json:"personal" enum:"open,redacted,withheld,erased,unreadable" doc:"open: the personal part is here. redacted: free text is here, names, numbers, dates of birth and contacts are not. withheld: the caller may not read it, and it was not opened. erased: its key is gone. unreadable: it is damaged"`
}

// FiledPaper says how a report on paper came in.
type FiledPaper struct {
	ReceivedOn string    `json:"received_on" doc:"Day on which the office received it (YYYY-MM-DD)"`
	EnteredAt  time.Time `json:"entered_at"`
	EnteredBy  string    `json:"entered_by,omitempty" doc:"Who entered it; present with the right to read personal data"`
	Reference  string    `json:"reference,omitempty" doc:"Its number in the office's register"`
}

// FiledHistory lists the revisions of a report.
type FiledHistory struct {
	ReportID      uuid.UUID       `json:"report_id"`
	Kind          string          `json:"kind"`
	StatYear      uint16          `json:"stat_year" doc:"Year the report counts in"`
	Period        string          `json:"period,omitempty"`
	Unit          string          `json:"unit"`
	Revisions     []RevisionFacts `json:"revisions" doc:"The newest first"`
	Next          string          `json:"next,omitempty" doc:"Address of the earlier ones, as in the header Link; none on the last page"`
	Demonstration bool            `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// FiledDiff is what changed between two revisions.
type FiledDiff struct {
	ReportID uuid.UUID    `json:"report_id"`
	From     uint32       `json:"from"`
	To       uint32       `json:"to"`
	Changes  []DiffChange `json:"changes" doc:"In the order of the form. Rows are matched by their codes; a row that only moved is no change"`
	// Notes say that personal texts could not be compared.
	Notes         []report.Finding `json:"notes"`
	Demonstration bool             `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// DiffChange is one change.
type DiffChange struct {
	Op         string `json:"op" enum:"add,remove,replace"`
	Pointer    string `json:"pointer" doc:"Place in the newer submission (RFC 6901), of a removal in the older one"`
	OldPointer string `json:"old_pointer,omitempty" doc:"Place in the older submission where that is another one"`
	Old        any    `json:"old" doc:"null of an addition"`
	New        any    `json:"new" doc:"null of a removal"`
}

func (s *Server) routeReadBack() {
	one := operation("report-revision", access.ReadReports, http.MethodGet, "/v1/reports/{id}/revisions/{revision}",
		"Một lần nộp, nguyên văn / One revision as it was filed",
		"Toàn văn với lý do, cảnh báo, biên nhận và người nộp; phần cá nhân theo quyền của người đọc (personal): đầy đủ, chỉ lời văn đã che, hoặc không mở. Khi khóa đã hủy, phần cá nhân vắng mặt, phần còn lại vẫn đọc được. / "+
			"The submission with reason, warnings, facts of the receipt and who filed it; its personal part as far as the caller may read it (personal): whole, redacted narratives, or not opened at all. When the key was destroyed the personal part is absent and the rest can still be read.",
		tagFiling, readProblems(http.StatusNotFound)...)
	offered(&one, s.readsBack)
	opensPersonal(&one)
	huma.Register(s.api, one, s.reportRevision)
	history := operation("report-history", access.ReadReports, http.MethodGet, "/v1/reports/{id}/history",
		"Lịch sử các lần nộp / History of a report",
		"Mới nhất trước. / The newest revision first.",
		tagFiling, readProblems(http.StatusNotFound)...)
	offered(&history, s.readsBack)
	opensPersonal(&history)
	huma.Register(s.api, history, s.reportHistory)
	diff := operation("report-diff", access.ReadReports, http.MethodGet, "/v1/reports/{id}/diff",
		"Khác biệt giữa hai lần nộp / What changed between two revisions",
		"Mặc định so lần mới nhất với lần trước đó. / By default the newest revision is compared with the one before it.",
		tagFiling, readProblems(http.StatusNotFound)...)
	offered(&diff, s.readsBack)
	opensPersonal(&diff)
	huma.Register(s.api, diff, s.reportDiff)
}

// readsBack: what is sealed needs the keys.
func (s *Server) readsBack() bool { return s.Reports != nil && s.Keys != nil }

// opened is a stored filing, read back.
type opened struct {
	store.Filing
	back     report.ReadBack
	personal string
	notes    []report.Finding
}

// open opens the sealed part of a filing as far as the level goes and puts the submission
// together. The error is of the keys' directory, or says that the log holds what nobody can
// read.
func (s *Server) open(id uuid.UUID, f store.Filing, may level) (opened, error) {
	o := opened{Filing: f, personal: personalOpen}
	stored := report.Stored{Kind: report.Kind(f.Kind), ReportID: id, Revision: f.Revision, Withdrawn: f.Withdrawn, Mark: f.SHA256, MarkOf: s.Keys.Mark, Content: f.Payload}
	switch {
	case len(f.Sealed) == 0:
	case may == levelOpen:
		o.personal = personalWithheld
		o.notes = append(o.notes, ruleWithheld.finding())
	default:
		text, err := s.Keys.Unseal(f.SealedKey, f.Sealed, seal.AAD(id, f.Revision))
		switch {
		case errors.Is(err, seal.ErrKeyDestroyed):
			o.personal = personalErased
			o.notes = append(o.notes, ruleErased.finding(f.StatYear, f.StatYear))
		case errors.Is(err, seal.ErrUnreadable):
			s.Log.Error("opening a filing", "report_id", id, "revision", f.Revision, "error", err)
			o.personal = personalUnreadable
			o.notes = append(o.notes, ruleUnreadable.finding())
		case err != nil:
			return o, fmt.Errorf("open report %s revision %d: %w", id, f.Revision, err)
		}
		stored.Opened = text
	}
	read := stored.Read
	if may == levelNarratives && stored.Opened != nil {
		read = stored.ReadRedacted
		o.personal = personalRedacted
		o.notes = append(o.notes, ruleRedacted.finding())
	}
	var err error
	o.back, err = read()
	if err != nil && stored.Opened != nil {
		// Damaged beyond its seal: the other revisions, and what is open of this one, still read.
		s.Log.Error("reading back a filing", "report_id", id, "revision", f.Revision, "error", err)
		o.personal = personalUnreadable
		o.notes = append(o.notes, ruleUnreadable.finding())
		stored.Opened = nil
		o.back, err = stored.Read()
	}
	if err != nil {
		return o, fmt.Errorf("read back report %s revision %d: %w", id, f.Revision, err)
	}
	if !o.back.Exact && o.personal == personalOpen {
		o.notes = append(o.notes, ruleNotExact.finding())
	}
	return o, nil
}

// facts are what the history tells.
func (o *opened) facts() RevisionFacts {
	var said struct {
		Reason string `json:"reason"`
		Paper  struct {
			EnteredBy string `json:"entered_by"`
			Reference string `json:"reference"`
		} `json:"paper"`
	}
	// The document is one that was filed: what cannot be read of it is not there.
	_ = json.Unmarshal(o.back.Document, &said)
	facts := RevisionFacts{
		Revision: o.Revision, Withdrawn: o.Withdrawn, Reason: said.Reason, ReceivedAt: o.ReceivedAt, StoredAt: o.StoredAt,
		SubmittedBy: o.SubmittedBy, RulesVersion: o.Rules, Warnings: append([]string{}, o.Warnings...), Personal: o.personal,
	}
	if o.personal == personalOpen {
		facts.TrackingNumber, facts.SHA256 = o.Tracking, o.back.SHA256
	}
	if !o.EnteredAt.IsZero() {
		facts.Paper = &FiledPaper{ReceivedOn: o.ReceivedAt.Format(time.DateOnly), EnteredAt: o.EnteredAt, EnteredBy: said.Paper.EnteredBy, Reference: said.Paper.Reference}
	}
	return facts
}

// filings reads and opens revisions, the newest first.
func (s *Server) filings(ctx context.Context, id string, low, high uint32, limit int) (uuid.UUID, []opened, *Problem) {
	report, problem := readReportID(id)
	if problem != nil {
		return uuid.Nil, nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	stored, err := s.Reports.Filings(ctx, report, low, high, limit)
	if err != nil {
		return report, nil, s.storeProblem(ctx, err)
	}
	if len(stored) == 0 {
		return report, nil, notStored()
	}
	all := make([]opened, len(stored))
	for i := range stored {
		if all[i], err = s.openFor(ctx, report, &stored[i], stored[i:]); err != nil {
			return report, nil, s.storeProblem(ctx, err)
		}
	}
	return report, all, nil
}

// openFor opens a filing as far as the caller may read it; earlier are the filing and what is
// known of those before it.
func (s *Server) openFor(ctx context.Context, id uuid.UUID, f *store.Filing, earlier []store.Filing) (opened, error) {
	content, err := s.contentBefore(ctx, store.Key{ReportID: id, Revision: f.Revision}, earlier)
	if err != nil {
		return opened{}, err
	}
	may, err := s.levelOf(ctx, f, content)
	if err != nil {
		return opened{}, err
	}
	return s.open(id, *f, may)
}

// readReportID reads a report_id in its canonical form.
func readReportID(text string) (uuid.UUID, *Problem) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, problemParameters.new(ruleParameter.parameter("id", "id", "UUID", "id", "a UUID is needed"))
	}
	return id, nil
}

type revisionInput struct {
	ID       string `path:"id" format:"uuid" doc:"report_id"`
	Revision uint32 `path:"revision" minimum:"1" maximum:"32767"`
}

type revisionOutput struct{ Body FiledRevision }

func (s *Server) reportRevision(ctx context.Context, in *revisionInput) (*revisionOutput, error) {
	id, filed, problem := s.filings(ctx, in.ID, in.Revision, in.Revision, 1)
	if problem != nil {
		return nil, problem
	}
	o := filed[0]
	disclose(ctx, id, &o, everything)
	return &revisionOutput{Body: FiledRevision{
		RevisionFacts: o.facts(), ReportID: id, Kind: o.Kind, StatYear: o.StatYear, Period: o.Period, Unit: o.Unit,
		Submission: Document(o.back.Document), Exact: o.back.Exact, Notes: listed(o.notes), Demonstration: s.Demonstration,
	}}, nil
}

type historyInput struct {
	ID     string `path:"id" format:"uuid" doc:"report_id"`
	Before uint32 `query:"before" minimum:"1" maximum:"32768" default:"32768" doc:"Only revisions before this one, as in the address of the next page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"Length of a page"`
}

type historyOutput struct {
	Link string `header:"Link" doc:"Next page (RFC 8288)"`
	Body FiledHistory
}

func (s *Server) reportHistory(ctx context.Context, in *historyInput) (*historyOutput, error) {
	id, filed, problem := s.filings(ctx, in.ID, 1, in.Before-1, in.Limit)
	if problem != nil {
		return nil, problem
	}
	newest := filed[0]
	out := &historyOutput{Body: FiledHistory{
		ReportID: id, Kind: newest.Kind, StatYear: newest.StatYear, Period: newest.Period, Unit: newest.Unit,
		Revisions: make([]RevisionFacts, len(filed)), Demonstration: s.Demonstration,
	}}
	for i := range filed {
		out.Body.Revisions[i] = filed[i].facts()
		disclose(ctx, id, &filed[i], beside)
	}
	if last := filed[len(filed)-1].Revision; last > 1 && len(filed) == in.Limit {
		query := url.Values{"before": {strconv.FormatUint(uint64(last), 10)}, "limit": {strconv.Itoa(in.Limit)}}
		out.Body.Next = "/v1/reports/" + id.String() + "/history?" + query.Encode()
		out.Link = "<" + out.Body.Next + `>; rel="next"`
	}
	return out, nil
}

type diffInput struct {
	ID   string `path:"id" format:"uuid" doc:"report_id"`
	From uint32 `query:"from" minimum:"1" maximum:"32767" doc:"The one before to by default"`
	To   uint32 `query:"to" minimum:"1" maximum:"32767" doc:"The newest by default"`
}

type diffOutput struct{ Body FiledDiff }

func (s *Server) reportDiff(ctx context.Context, in *diffInput) (*diffOutput, error) {
	from, to, problem := s.diffed(ctx, in)
	if problem != nil {
		return nil, problem
	}
	changes, err := report.Diff(report.Kind(to.Kind), from.back.Document, to.back.Document)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	notes := to.notes
	if from.Revision != to.Revision {
		notes = slices.Concat(from.notes, to.notes)
	}
	id, _ := readReportID(in.ID)
	out := &diffOutput{Body: FiledDiff{
		ReportID: id, From: from.Revision, To: to.Revision, Changes: make([]DiffChange, len(changes)), Demonstration: s.Demonstration,
		Notes: listed(notes),
	}}
	for i, c := range changes {
		out.Body.Changes[i] = DiffChange{Op: c.Op, Pointer: c.Pointer, OldPointer: c.OldPointer, Old: plainValue(c.Old), New: plainValue(c.New)}
	}
	discloseDiff(ctx, id, &from, &to, out.Body.Changes)
	return out, nil
}

// plainValue is a JSON value as the encoder takes it; nil is null.
func plainValue(v jsontext.Value) any {
	if v == nil {
		return nil
	}
	return v
}

// diffed reads the two revisions.
func (s *Server) diffed(ctx context.Context, in *diffInput) (from, to opened, problem *Problem) {
	high := in.To
	if high == 0 {
		high = report.MaxRevision
	}
	_, newer, problem := s.filings(ctx, in.ID, 1, high, 2)
	if problem != nil {
		return from, to, problem
	}
	to = newer[0]
	if in.To != 0 && to.Revision != in.To {
		return from, to, notStored()
	}
	switch {
	case in.From == to.Revision:
		return to, to, nil
	case len(newer) > 1 && (in.From == 0 || in.From == newer[1].Revision):
		return newer[1], to, nil
	case in.From == 0:
		return from, to, notStored()
	}
	_, older, problem := s.filings(ctx, in.ID, in.From, in.From, 1)
	if problem != nil {
		return from, to, problem
	}
	return older[0], to, nil
}
