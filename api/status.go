package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"atvsld/analytics/store"
	"atvsld/ingest/receipt"
)

const (
	// maxPreferWait is the longest time a caller may ask to wait for an answer.
	maxPreferWait = 30 * time.Second
	// pollEvery is how often the store is asked while somebody waits.
	pollEvery = 250 * time.Millisecond
	// StateReceived is of a revision that the platform has taken over and the store
	// does not show yet.
	StateReceived = "received"
)

// ReportStatus is what anybody who knows of a report may see of it: no personal data.
type ReportStatus struct {
	ReportID        uuid.UUID        `json:"report_id"`
	State           string           `json:"state" enum:"received,stored,conflict" doc:"State of the revision whose receipt or tracking number was presented, otherwise of the report. received: taken over, not in the store yet"`
	Kind            string           `json:"kind,omitempty"`
	StatYear        uint16           `json:"stat_year,omitzero" doc:"Year the report counts in"`
	Period          string           `json:"period,omitempty"`
	CurrentRevision uint32           `json:"current_revision,omitzero"`
	Withdrawn       bool             `json:"withdrawn"`
	Revisions       []RevisionStatus `json:"revisions"`
	Demonstration   bool             `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// RevisionStatus is one content of one revision.
type RevisionStatus struct {
	Revision       uint32         `json:"revision"`
	State          string         `json:"state" enum:"received,stored,conflict" doc:"conflict: another content of the same revision came first and counts"`
	TrackingNumber string         `json:"tracking_number"`
	ReceivedAt     time.Time      `json:"received_at" doc:"Legal time of receipt: that of the first stored copy; before storage that of the receipt"`
	StoredAt       *time.Time     `json:"stored_at"`
	SHA256         receipt.Digest `json:"sha256"`
	Withdrawn      bool           `json:"withdrawn"`
	RulesVersion   string         `json:"rules_version,omitempty"`
	Warnings       []string       `json:"warnings" doc:"Codes of the warnings stored with it"`
}

type statusInput struct {
	ID       string `path:"id" format:"uuid" doc:"report_id"`
	Tracking string `query:"tracking" maxLength:"64" doc:"Tracking number of any revision; it stands in for a token"`
	Receipt  string `header:"Receipt" doc:"The tracking number, or the whole receipt in base64url; with the latter the state is told before the revision is stored"`
	Prefer   string `header:"Prefer" doc:"wait=N: wait up to N seconds (at most 30) for the presented revision, otherwise for the report, to be stored"`
}

type statusOutput struct {
	RetryAfter string `header:"Retry-After"`
	Body       ReportStatus
}

func (s *Server) routeReports() {
	op := operation("report-status", http.MethodGet, "/v1/reports/{id}",
		"Tình trạng và các lần nộp của một báo cáo / State and revisions of a report",
		"Cần mã truy cập, hoặc mã số hay biên nhận của một lần nộp bất kỳ. Trước khi lần nộp đó vào kho, chỉ biên nhận mới cho biết là đã nhận. / "+
			"Needs a token, or the tracking number or receipt of any revision. What is presented is what is asked for: until that revision is stored, its receipt is answered received, its number alone 404.",
		tagFiling, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	op.Security = []map[string][]string{{tokenScheme: {}}, {}}
	huma.Register(s.api, op, s.reportStatus)
}

// claim is the revision that the caller presents.
type claim struct {
	tracking string
	// signed is set when the receipt was whole and genuine.
	signed *receipt.Signed
}

// settled tells whether the store has what is asked for: the presented revision, with
// this or with another content, or anything at all when none is presented.
func (c claim) settled(revisions []store.Revision) bool {
	if c.tracking == "" {
		return len(revisions) > 0
	}
	return c.stored(revisions) != nil || c.overtaken(revisions)
}

// stored returns what the store has under the presented number.
func (c claim) stored(revisions []store.Revision) *store.Revision {
	at := slices.IndexFunc(revisions, func(r store.Revision) bool { return r.Tracking == c.tracking })
	if at < 0 {
		return nil
	}
	return &revisions[at]
}

// overtaken tells whether another content of the presented revision is stored. The log
// is stored in its order, so what comes later no longer counts.
func (c claim) overtaken(revisions []store.Revision) bool {
	return c.signed != nil && c.stored(revisions) == nil &&
		slices.ContainsFunc(revisions, func(r store.Revision) bool { return r.Revision == c.signed.Revision })
}

func (s *Server) reportStatus(ctx context.Context, in *statusInput) (*statusOutput, error) {
	if s.Store == nil {
		return nil, problemNotHere.new(ruleNotHere.finding())
	}
	id, problem := readReportID(in.ID)
	if problem != nil {
		return nil, problem
	}
	presented, problem := s.readClaim(in)
	if problem != nil {
		return nil, problem
	}
	if callOf(ctx).by == nil && presented.tracking == "" {
		return nil, unauthorized("")
	}
	if presented.signed != nil && presented.signed.ReportID != id {
		return nil, notStored()
	}
	revisions, err := s.awaitRevisions(ctx, id, presented, preferredWait(in.Prefer))
	if err != nil {
		s.Log.Error("reading the state of a report", "report_id", id, "error", err, "request_id", callOf(ctx).id)
		return nil, problemUnavailable.new(ruleStore.finding())
	}
	if presented.signed == nil && !presented.settled(revisions) {
		return nil, notStored()
	}
	out := &statusOutput{Body: s.statusOf(id, revisions, presented)}
	if out.Body.State == StateReceived {
		out.RetryAfter = seconds(defaultRetry)
	}
	return out, nil
}

// notStored is the same answer for an unknown report as for a number that does not
// belong to it: nobody may find out which ids exist.
func notStored() *Problem {
	return problemNotFound.new(ruleNotStored.finding()).after(defaultRetry)
}

// readClaim reads the tracking number or receipt. A receipt is verified, so that
// "received" is never said of what was not.
func (s *Server) readClaim(in *statusInput) (claim, *Problem) {
	text := strings.TrimSpace(in.Receipt)
	if text == "" {
		text = in.Tracking
	}
	if text == "" {
		return claim{}, nil
	}
	if number, err := receipt.ParseTracking(text); err == nil {
		return claim{tracking: number}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return claim{}, problemParameters.new(ruleReceipt.parameter("Receipt"))
	}
	signed, _, err := s.verifyReceipt(raw)
	if err != nil {
		return claim{}, problemParameters.new(ruleReceipt.parameter("Receipt"))
	}
	return claim{tracking: signed.TrackingNumber, signed: &signed}, nil
}

// awaitRevisions asks the store until it has what is presented or the wait is over,
// which it also is when the server stops.
func (s *Server) awaitRevisions(ctx context.Context, id uuid.UUID, presented claim, wait time.Duration) ([]store.Revision, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout+wait)
	defer cancel()
	patient, giveUp := s.untilStop(ctx)
	defer giveUp()
	until := time.Now().Add(wait)
	for {
		revisions, err := s.Store.Revisions(ctx, id)
		if err != nil || presented.settled(revisions) || !time.Now().Before(until) || !sleep(patient, pollEvery) {
			return revisions, err
		}
	}
}

// preferredWait reads "wait=N" of RFC 7240; whatever else is preferred is ignored, as
// that RFC wants.
func preferredWait(prefer string) time.Duration {
	for preference := range strings.SplitSeq(prefer, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(preference), "=")
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if strings.EqualFold(strings.TrimSpace(name), "wait") && err == nil && n > 0 {
			return min(time.Duration(min(n, 3600))*time.Second, maxPreferWait)
		}
	}
	return 0
}

// statusOf tells what is stored and, beside it, the presented revision while it is not.
func (s *Server) statusOf(id uuid.UUID, revisions []store.Revision, presented claim) ReportStatus {
	status := ReportStatus{ReportID: id, State: store.StateStored, Revisions: []RevisionStatus{}, Demonstration: s.Demonstration}
	for _, r := range revisions {
		if r.State == store.StateStored {
			status.Kind, status.StatYear, status.Period = r.Kind, r.StatYear, r.Period
			status.CurrentRevision, status.Withdrawn = r.Revision, r.Withdrawn
		}
		status.Revisions = append(status.Revisions, RevisionStatus{
			Revision: r.Revision, State: r.State, TrackingNumber: r.Tracking, ReceivedAt: r.ReceivedAt, StoredAt: &r.StoredAt,
			SHA256: r.SHA256, Withdrawn: r.Withdrawn, RulesVersion: r.Rules, Warnings: append([]string{}, r.Warnings...),
		})
	}
	if r := presented.stored(revisions); r != nil {
		status.State = r.State
	} else if presented.signed != nil {
		status.add(presented.signed.Receipt, presented.overtaken(revisions))
	}
	return status
}

// add puts a revision of which there is only the receipt where it belongs.
func (status *ReportStatus) add(r receipt.Receipt, overtaken bool) {
	status.State = StateReceived
	if overtaken {
		status.State = store.StateConflict
	}
	if status.Kind == "" {
		status.Kind = r.Kind
	}
	status.Revisions = append(status.Revisions, RevisionStatus{
		Revision: r.Revision, State: status.State, TrackingNumber: r.TrackingNumber, ReceivedAt: r.ReceivedAt,
		SHA256: r.SHA256, Warnings: []string{},
	})
	slices.SortStableFunc(status.Revisions, func(a, b RevisionStatus) int { return cmp.Compare(a.Revision, b.Revision) })
}
