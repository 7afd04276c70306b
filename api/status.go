package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/receipt"
)

const (
	// maxPreferWait is the longest time a caller may ask to wait for an answer.
	maxPreferWait = 30 * time.Second
	// pollEvery is how soon the store is asked again while somebody waits, pollSlowly how
	// soon at last.
	pollEvery  = 250 * time.Millisecond
	pollSlowly = 500 * time.Millisecond
	// maxWaiters is how many may wait in a process at once, maxStrangers how many who show
	// nothing but a number; whoever comes then is answered what is known.
	maxWaiters, maxStrangers = 64, 8
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
	TrackingNumber string         `json:"tracking_number,omitempty" doc:"For who filed it, or presents it"`
	ReceivedAt     time.Time      `json:"received_at" doc:"Legal time of receipt: that of the first stored copy; before storage that of the receipt"`
	StoredAt       *time.Time     `json:"stored_at"`
	SHA256         receipt.Digest `json:"sha256,omitzero" doc:"To who presents its receipt: the platform keeps none in clear. A revision read back has it, too"`
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
	op := operation("report-status", access.ReadStatus, http.MethodGet, "/v1/reports/{id}",
		"Tình trạng và các lần nộp của một báo cáo / State and revisions of a report",
		"Cần mã truy cập trong phạm vi của mình, hoặc mã số hay biên nhận của một lần nộp bất kỳ. Ngoài phạm vi thì trả lời như báo cáo không có. Trước khi lần nộp đó vào kho, chỉ biên nhận mới cho biết là đã nhận. / "+
			"Needs a token within whose scope the report lies, or the tracking number or receipt of any revision. Outside the scope it is answered like one that is not there. What is presented is what is asked for: until that revision is stored, its receipt is answered received, its number alone 404.",
		tagFiling, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	op.Metadata[metaProof] = true
	huma.Register(s.api, op, s.reportStatus)
}

// claim is the revision that the caller presents.
type claim struct {
	tracking string
	// signed is set when the receipt was whole and genuine.
	signed *receipt.Signed
}

// shown is what the store needs to know of a claim.
func (c claim) shown() store.Presented {
	return store.Presented{Tracking: c.tracking, Receipt: c.signed != nil}
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
	if by := callOf(ctx).by; presented.tracking == "" && !by.May(access.ReadStatus) {
		if by.Role == access.Public {
			return nil, unauthorized("")
		}
		return nil, denied(access.ReadStatus)
	}
	if presented.signed != nil && presented.signed.ReportID != id {
		return nil, notStored()
	}
	places := s.waiters
	if presented.signed == nil && !callOf(ctx).by.May(access.ReadStatus) {
		places = s.strangers // a number is soon made up, a receipt is not
	}
	revisions, err := s.awaitRevisions(ctx, id, presented, preferredWait(in.Prefer), places)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	if presented.signed == nil && !presented.settled(revisions) {
		return nil, notStored()
	}
	reached := true
	if presented.tracking != "" {
		if reached, err = s.reachesStatus(ctx, id); err != nil {
			return nil, s.storeProblem(ctx, err)
		}
	}
	out := &statusOutput{Body: s.statusOf(id, revisions, presented)}
	if !reached {
		out.Body.onlyPresented(presented)
	}
	out.Body.hideNumbers(callOf(ctx).by.Role, presented)
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
func (s *Server) awaitRevisions(ctx context.Context, id uuid.UUID, presented claim, wait time.Duration, places *semaphore.Weighted) ([]store.Revision, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout+wait)
	defer cancel()
	patient, giveUp := s.untilStop(ctx)
	defer giveUp()
	if wait > 0 && places.TryAcquire(1) {
		defer places.Release(1)
	} else {
		wait = 0
	}
	until := time.Now().Add(wait)
	for every := pollEvery; ; every = min(every*3/2, pollSlowly) {
		revisions, err := s.Store.Revisions(ctx, id, presented.shown())
		if err != nil || presented.settled(revisions) || !time.Now().Before(until) || !sleep(patient, every) {
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
			Withdrawn: r.Withdrawn, RulesVersion: r.Rules, Warnings: append([]string{}, r.Warnings...),
		})
	}
	if r := presented.stored(revisions); r != nil {
		status.State = r.State
		status.give(presented)
	} else if presented.signed != nil {
		status.add(presented.signed.Receipt, presented.overtaken(revisions))
	}
	return status
}

// reachesStatus tells whether the caller may see the state of a report without presenting
// anything.
func (s *Server) reachesStatus(ctx context.Context, id uuid.UUID) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	revisions, err := s.Store.Revisions(ctx, id, store.Presented{})
	if errors.Is(err, access.ErrDenied) {
		return false, nil
	}
	return len(revisions) > 0, err
}

// onlyPresented leaves the revision that is presented, and which one is current.
func (status *ReportStatus) onlyPresented(presented claim) {
	var revision uint32
	for _, r := range status.Revisions {
		if r.TrackingNumber == presented.tracking {
			revision = r.Revision
		}
	}
	status.Revisions = slices.DeleteFunc(status.Revisions, func(r RevisionStatus) bool { return r.Revision != revision })
}

// give gives back the digest that is in a receipt.
func (status *ReportStatus) give(presented claim) {
	if presented.signed == nil {
		return
	}
	for i := range status.Revisions {
		if r := &status.Revisions[i]; r.TrackingNumber == presented.tracking {
			r.SHA256 = presented.signed.SHA256
		}
	}
}

// hideNumbers leaves tracking numbers to who filed, or has the receipt: a number is a key to
// the state of its revision.
func (status *ReportStatus) hideNumbers(role access.Role, presented claim) {
	switch access.ExtentOf(role, access.ReadPersonal) {
	case access.Own, access.Granted, access.All:
		return
	}
	for i := range status.Revisions {
		if r := &status.Revisions[i]; r.TrackingNumber != presented.tracking {
			r.TrackingNumber = ""
		}
	}
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
