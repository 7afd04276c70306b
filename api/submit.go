package api

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"atvsld/ingest/intake"
	"atvsld/ingest/receipt"
	"atvsld/ingest/report"
)

// Acceptance is the answer to a submission that was taken: the receipt, and beside it
// what does not belong to the signed claims.
type Acceptance struct {
	receipt.Signed
	Replayed      bool             `json:"replayed" doc:"The very same was filed before: same tracking number, nothing new was written"`
	Warnings      []report.Finding `json:"warnings" doc:"Warnings and hints; they are stored with the report"`
	Demonstration bool             `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// DryRun is the answer to a submission that would be taken. Nothing was filed.
type DryRun struct {
	DryRun        bool             `json:"dry_run"`
	ReportID      uuid.UUID        `json:"report_id" doc:"Zero while the gateway would derive it from the Idempotency-Key"`
	Revision      uint32           `json:"revision"`
	Warnings      []report.Finding `json:"warnings"`
	Demonstration bool             `json:"demonstration"`
}

// submit takes one submission.
func (s *Server) submit(c *gin.Context) {
	ask, problem := readFiling(c.Request, jsonType)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	raw, problem := readBody(c)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	// The body is here: only now is a place taken.
	release, ok := s.singles.acquire(c.Request.Context())
	if !ok {
		s.refuse(c, problemBusy.new(ruleBusy.finding()))
		return
	}
	defer release()
	item := intake.Item{Raw: raw, IdempotencyKey: ask.key, Newest: ask.newest}
	by := callOf(c.Request.Context()).principal()
	if ask.dryRun {
		out := s.Gateway.CheckAgainstPast(c.Request.Context(), by, item)
		discloseAgainst(c.Request.Context(), out.Against)
		s.answerDryRun(c, out)
		return
	}
	// Not tied to the caller's connection: what is being written shall not become
	// unknown because he hung up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), s.config.SubmitTimeout)
	defer cancel()
	s.answer(c, s.Gateway.Submit(ctx, by, []intake.Item{item})[0])
}

func (s *Server) answer(c *gin.Context, out intake.Outcome) {
	s.metrics.outcome(out)
	if out.State != intake.Accepted {
		s.refuse(c, problemOfOutcome(out))
		return
	}
	c.Header("Location", out.Receipt.StatusURL)
	s.write(c, http.StatusAccepted, jsonType, Acceptance{
		Signed: *out.Receipt, Replayed: out.Replayed, Warnings: listed(out.Findings), Demonstration: s.Demonstration,
	})
}

func (s *Server) answerDryRun(c *gin.Context, out intake.Outcome) {
	if out.State != intake.Accepted {
		s.refuse(c, problemOfOutcome(out))
		return
	}
	s.write(c, http.StatusOK, jsonType, DryRun{
		DryRun: true, ReportID: out.ReportID, Revision: out.Revision, Warnings: listed(out.Findings), Demonstration: s.Demonstration,
	})
}

func problemOfOutcome(out intake.Outcome) *Problem {
	p := problemOfState(out.State).new(explained(out)...)
	if out.RetryAfter > 0 {
		p.retryAfter = out.RetryAfter
	}
	if out.ReportID != uuid.Nil {
		p.ReportID = &out.ReportID
	}
	p.Revision, p.CurrentRevision = out.Revision, out.Current
	return p
}

// explained returns the findings and, where trying again helps, says so.
func explained(out intake.Outcome) []report.Finding {
	findings := listed(out.Findings)
	switch {
	case out.State == intake.Busy:
		findings = append(findings, ruleBusy.finding())
	case out.State == intake.Unconfirmed:
		findings = append(findings, ruleUnconfirmed.finding())
	case len(findings) == 0:
		findings = append(findings, ruleFault.finding())
	}
	return findings
}

// listed is never nil, so that it is [] in JSON.
func listed(findings []report.Finding) []report.Finding {
	return append([]report.Finding{}, findings...)
}

// filing is what the request around submissions says.
type filing struct {
	key string
	// newest is what the filer takes for the newest revision; 0 if he says nothing.
	newest uint32
	dryRun bool
	// packed: the body is compressed with gzip.
	packed bool
}

// readFiling reads query and headers and finds everything that is wrong with them.
func readFiling(r *http.Request, mediaType string) (filing, *Problem) {
	var ask filing
	var findings []report.Finding
	// Not URL.Query, which drops what it cannot read: a lost dry_run would file.
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return filing{}, problemParameters.new(ruleParameter.finding("?", "không đúng cú pháp", "?", "malformed query"))
	}
	for name, values := range query {
		switch {
		case name != "dry_run":
			findings = append(findings, ruleUnknown.parameter(shorten(name), shorten(name), shorten(name)))
		case len(values) > 1:
			findings = append(findings, ruleRepeated.parameter(name, name, name))
		case values[0] == "true" || values[0] == "false":
			ask.dryRun = values[0] == "true"
		default:
			findings = append(findings, ruleParameter.parameter(name, name, "true, false", name, "true or false"))
		}
	}
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) > 0 {
		ask.key = keys[0]
	}
	if len(keys) > 1 || len(keys) == 1 && !printable(ask.key) {
		findings = append(findings, ruleKey.parameter("Idempotency-Key"))
	}
	if matches := r.Header.Values("If-Match"); len(matches) > 0 {
		ask.newest = revisionTag(matches)
		if ask.newest == 0 || mediaType != jsonType {
			findings = append(findings, ruleIfMatch.parameter("If-Match"))
		}
	}
	if len(findings) > 0 {
		return filing{}, problemParameters.new(findings...)
	}
	// A single report is short; for a batch packing pays.
	ask.packed = mediaType == ndjsonType && strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip")
	taken := isMediaType(r.Header, mediaType) || ask.packed && ofType(r.Header, mediaType)
	if !taken {
		return filing{}, problemMediaType.new(ruleMediaType.finding(mediaType, mediaType)).header("Accept-Encoding", takenEncodings(mediaType))
	}
	return ask, nil
}

// revisionTag reads "2" with its quotes (RFC 9110, a strong tag), 0 if it is none.
func revisionTag(values []string) uint32 {
	text, quoted := strings.CutPrefix(strings.TrimSpace(values[0]), `"`)
	text, closed := strings.CutSuffix(text, `"`)
	n, err := strconv.ParseUint(text, 10, 32)
	if len(values) > 1 || !quoted || !closed || err != nil {
		return 0
	}
	return uint32(n)
}

func printable(key string) bool {
	const most = 200
	if key == "" || len(key) > most {
		return false
	}
	return !strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' })
}

// isMediaType tells whether a body is of the type, and not compressed.
func isMediaType(h http.Header, want string) bool {
	encoding := h.Get("Content-Encoding")
	return ofType(h, want) && (encoding == "" || strings.EqualFold(encoding, "identity"))
}

func ofType(h http.Header, want string) bool {
	got, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := params["charset"]
	return err == nil && got == want && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

func takenEncodings(mediaType string) string {
	if mediaType == ndjsonType {
		return "gzip, identity"
	}
	return "identity"
}

// readBody reads one submission; longer ones are given up at the limit.
func readBody(c *gin.Context) ([]byte, *Problem) {
	if c.Request.ContentLength > report.MaxBytes {
		return nil, tooLarge()
	}
	// As much as is announced is made room for at once; ReadFrom wants a little more.
	raw := bytes.NewBuffer(make([]byte, 0, max(0, c.Request.ContentLength)+bytes.MinRead))
	if _, err := raw.ReadFrom(http.MaxBytesReader(c.Writer, c.Request.Body, report.MaxBytes)); err != nil {
		return nil, problemOfReading(err)
	}
	return raw.Bytes(), nil
}

func problemOfReading(err error) *Problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge()
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return problemTimeout.new(ruleSlow.finding()).header("Connection", "close")
	}
	return problemUnreadable.new(ruleSlow.finding()).header("Connection", "close")
}

func tooLarge() *Problem {
	return problemTooLarge.new(ruleTooLarge.finding(report.MaxBytes, report.MaxBytes)).header("Connection", "close")
}
