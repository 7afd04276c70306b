package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

const deadLettersPath = "/v1/dead-letters"

// DeadLetterList is a page of dead letters.
type DeadLetterList struct {
	DeadLetters   []DeadLetter      `json:"dead_letters" doc:"The newest first, by the time of the log"`
	Counts        []DeadLetterCount `json:"counts" doc:"All letters, whatever is filtered"`
	Next          string            `json:"next,omitempty" doc:"Address of the next page, as in the header Link; none on the last page"`
	Demonstration bool              `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// DeadLetterCount is how many letters there are of one code in one state.
type DeadLetterCount struct {
	Code    string `json:"code"`
	State   string `json:"state" enum:"open,replayed,discarded"`
	Letters uint64 `json:"letters"`
}

// DeadLetter is a message of the log that could not be stored.
type DeadLetter struct {
	ID        string     `json:"id" doc:"epoch.partition.offset: where the message lies in the log"`
	State     string     `json:"state" enum:"open,replayed,discarded" doc:"open: nobody has decided. replayed: its message is in the log once more. discarded: it will never be stored"`
	Code      string     `json:"code" doc:"Why it could not be stored: EVT-001 not an event of the platform, EVT-002 on a partition that is not its key's, EVT-003 content that does not fit its kind, EVT-004 a later revision changes kind, year, period or unit, EVT-005 headers contradict the content"`
	Detail    string     `json:"detail" doc:"The reason in words; bytes that are no UTF-8 are replaced"`
	Epoch     uuid.UUID  `json:"epoch" doc:"The log, of all that the store was filled from"`
	Partition uint16     `json:"partition"`
	Offset    uint64     `json:"offset"`
	ReportID  *uuid.UUID `json:"report_id" doc:"The report that its key names; null if it names none"`
	LoggedAt  time.Time  `json:"logged_at" doc:"When the log took the message"`
	StoredAt  time.Time  `json:"stored_at" doc:"When the sink rejected it"`
}

func (s *Server) routeDeadLetters() {
	list := operation("list-dead-letters", access.HandleLetters, http.MethodGet, deadLettersPath,
		"Các thông điệp không lưu được / Messages that could not be stored",
		"Mới nhất trước, theo thời điểm vào nhật ký; trang tiếp theo ở đầu mục Link (RFC 8288). / "+
			"The newest first, by the time of the log; the next page is in the header Link (RFC 8288). A letter never changes its place in the list.",
		tagOfficers, letterProblems()...)
	offered(&list, s.hasDeadLetters)
	huma.Register(s.api, list, s.listDeadLetters)
	one := operation("get-dead-letter", access.HandleLetters, http.MethodGet, deadLettersPath+"/{id}",
		"Một thông điệp không lưu được / One message that could not be stored",
		"Nguyên văn từng byte, đầu mục và mọi quyết định đã ghi. / Its original bytes, its headers, and every decision on record.",
		tagOfficers, append(letterProblems(), http.StatusNotFound)...)
	offered(&one, s.hasDeadLetters)
	huma.Register(s.api, one, s.getDeadLetter)
	s.documentDeadLetterActs()
	// Gin has no parameter with a fixed end, so the act is cut off by hand.
	s.engine.POST(deadLettersPath+"/:id", s.decideDeadLetter)
}

func letterProblems() []int {
	return []int{http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable}
}

func (s *Server) hasDeadLetters() bool { return s.DeadLetters != nil }

type deadLettersInput struct {
	State     []string  `query:"state" enum:"open,replayed,discarded" maxItems:"3" doc:"States, separated by commas; all by default"`
	Code      []string  `query:"code" maxItems:"20" doc:"Codes, separated by commas, as in EVT-001"`
	Partition []uint16  `query:"partition" maxItems:"100" doc:"Partitions, separated by commas"`
	Since     time.Time `query:"since" doc:"From this time of the log on (RFC 3339)"`
	Until     time.Time `query:"until" doc:"Before this time of the log (RFC 3339)"`
	Limit     int       `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Length of a page"`
	Cursor    string    `query:"cursor" maxLength:"100" doc:"As in the address of the next page"`
}

type deadLettersOutput struct {
	Link string `header:"Link" doc:"Next page (RFC 8288)"`
	Body DeadLetterList
}

func (s *Server) listDeadLetters(ctx context.Context, in *deadLettersInput) (*deadLettersOutput, error) {
	filter, problem := in.filter()
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	page, more, err := s.DeadLetters.List(ctx, filter)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	counts, err := s.DeadLetters.Counts(ctx)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	out := &deadLettersOutput{Body: DeadLetterList{
		DeadLetters: []DeadLetter{}, Counts: []DeadLetterCount{}, Demonstration: s.Demonstration,
	}}
	for _, l := range page {
		out.Body.DeadLetters = append(out.Body.DeadLetters, listedLetter(l))
	}
	for _, c := range counts {
		out.Body.Counts = append(out.Body.Counts, DeadLetterCount{Code: c.Code, State: string(c.State), Letters: c.Letters})
	}
	if more {
		out.Body.Next = in.after(page[len(page)-1].Cursor())
		out.Link = "<" + out.Body.Next + `>; rel="next"`
	}
	return out, nil
}

func (in *deadLettersInput) filter() (store.LetterFilter, *Problem) {
	f := store.LetterFilter{Codes: in.Code, Partitions: in.Partition, Since: in.Since, Until: in.Until, Limit: in.Limit}
	for _, state := range in.State {
		f.States = append(f.States, store.LetterState(state))
	}
	if in.Cursor == "" {
		return f, nil
	}
	after, err := store.ParseLetterCursor(in.Cursor)
	if err != nil {
		return f, problemParameters.new(ruleParameter.parameter("cursor", "cursor", "lấy từ địa chỉ trang tiếp theo", "cursor", "take it from the address of the next page"))
	}
	f.After = &after
	return f, nil
}

// after is the address of the page behind a letter, with the same filter.
func (in *deadLettersInput) after(c store.LetterCursor) string {
	query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "cursor": {c.String()}}
	list := func(name string, values []string) {
		if len(values) > 0 {
			query.Set(name, strings.Join(values, ","))
		}
	}
	moment := func(name string, at time.Time) {
		if !at.IsZero() {
			query.Set(name, at.Format(time.RFC3339Nano))
		}
	}
	var partitions []string
	for _, p := range in.Partition {
		partitions = append(partitions, strconv.FormatUint(uint64(p), 10))
	}
	list("state", in.State)
	list("code", in.Code)
	list("partition", partitions)
	moment("since", in.Since)
	moment("until", in.Until)
	return deadLettersPath + "?" + query.Encode()
}

func listedLetter(l store.Listed) DeadLetter {
	d := DeadLetter{
		ID: l.ID(), State: string(l.State), Code: l.Code, Detail: readableText(l.Detail),
		Epoch: l.Epoch, Partition: l.Partition, Offset: l.Offset, LoggedAt: l.LoggedAt, StoredAt: l.StoredAt,
	}
	if id, err := uuid.Parse(l.ReportID); err == nil {
		d.ReportID = &id
	}
	return d
}

// readableText is what JSON can hold of bytes from anywhere.
func readableText(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// letterAt reads the id of a letter.
func letterAt(id string) (store.Position, *Problem) {
	at, err := store.ParsePosition(id)
	if err != nil {
		return at, problemParameters.new(ruleParameter.parameter("id", "id", "phải là epoch.partition.offset", "id", "it must be epoch.partition.offset"))
	}
	return at, nil
}

// letterProblem explains why nothing could be read.
func (s *Server) letterProblem(ctx context.Context, err error) *Problem {
	if errors.Is(err, store.ErrNoLetter) {
		return problemNotFound.new(ruleNoData.parameter("id"))
	}
	return s.storeProblem(ctx, err)
}
