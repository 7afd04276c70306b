package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/queue"
	"atvsld/ingest/report"
)

// DeadLetterDecision is what an officer decides about a letter.
type DeadLetterDecision struct {
	Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why; it goes on record"`
	By     string `json:"by,omitempty" maxLength:"200" doc:"Name of who decides; by default the holder of the token. It goes on record beside that"`
}

// DeadLetterResult is what has become of a letter.
type DeadLetterResult struct {
	ID            string        `json:"id"`
	State         string        `json:"state" enum:"open,replayed,discarded"`
	Act           DeadLetterAct `json:"act" doc:"What was recorded"`
	Demonstration bool          `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

const (
	suffixReplay  = ":replay"
	suffixDiscard = ":discard"
)

// documentDeadLetterActs describes what is read without huma.
func (s *Server) documentDeadLetterActs() {
	registry := s.api.OpenAPI().Components.Schemas
	add := func(id, suffix, summary, description string) {
		op := operation(id, access.HandleLetters, http.MethodPost, deadLettersPath+"/{id}"+suffix, summary, description, tagOfficers,
			append(letterProblems(), http.StatusBadRequest, http.StatusNotFound, http.StatusRequestTimeout, http.StatusConflict,
				http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)...)
		offered(&op, s.hasDeadLetters)
		op.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Description: "Id of the letter", Schema: &huma.Schema{Type: huma.TypeString}}}
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			jsonType: {Schema: registry.Schema(typeOf[DeadLetterDecision](), true, "")},
		}}
		op.Responses = map[string]*huma.Response{"200": {
			Description: "Đã ghi / On record", Content: map[string]*huma.MediaType{jsonType: {Schema: registry.Schema(typeOf[DeadLetterResult](), true, "")}},
		}}
		s.api.OpenAPI().AddOperation(&op)
	}
	add("replay-dead-letter", suffixReplay, "Gửi lại một thông điệp không lưu được / Replay a message that could not be stored",
		"Ghi lại nguyên văn khóa, nội dung và đầu mục vào nhật ký, ở phân vùng của khóa, với đầu mục "+queue.HeaderReplayOf+". Gửi lại nhiều lần là an toàn. Nếu vẫn không lưu được thì thành một mục mới. / "+
			"Writes key, value and headers to the log as they were, to the partition of the key, with the header "+queue.HeaderReplayOf+". Replaying more than once is safe: the store goes by report and revision. What is rejected again becomes a new letter. "+
			"The decision is recorded first and the new place afterwards: after an answer 503 look at the letter and replay it again. A discarded letter is not replayed.")
	add("discard-dead-letter", suffixDiscard, "Loại bỏ một thông điệp không lưu được / Discard a message that could not be stored",
		"Chỉ ghi quyết định; nguyên văn vẫn được giữ. Không thể hủy quyết định này, và không loại bỏ được thông điệp đã gửi lại. / "+
			"Records the decision; the bytes are kept. It is final, and a letter that was replayed cannot be discarded.")
}

// decideDeadLetter replays or discards one letter.
func (s *Server) decideDeadLetter(c *gin.Context) {
	id, act := c.Param("id"), s.DeadLetters.Replay
	switch {
	case strings.HasSuffix(id, suffixReplay):
		id = strings.TrimSuffix(id, suffixReplay)
	case strings.HasSuffix(id, suffixDiscard):
		id, act = strings.TrimSuffix(id, suffixDiscard), s.DeadLetters.Discard
	default:
		s.noRoute(c)
		return
	}
	at, problem := letterAt(id)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	decision, problem := readDecision(c)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	// Not tied to the caller's connection: what was begun is brought to its end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), s.config.SubmitTimeout)
	defer cancel()
	letter, err := act(ctx, at, decision)
	if err != nil {
		s.refuse(c, s.decisionProblem(ctx, letter, err))
		return
	}
	s.write(c, http.StatusOK, jsonType, DeadLetterResult{
		ID: id, State: string(letter.State), Act: letterAct(letter.Acts[len(letter.Acts)-1]), Demonstration: s.Demonstration,
	})
}

// readDecision reads the body and finds everything that is wrong with it.
func readDecision(c *gin.Context) (deadletter.Decision, *Problem) {
	if c.Request.URL.RawQuery != "" {
		return deadletter.Decision{}, problemParameters.new(ruleUnknown.finding("?", "?"))
	}
	if !isMediaType(c.Request.Header, jsonType) {
		return deadletter.Decision{}, problemMediaType.new(ruleMediaType.finding(jsonType, jsonType))
	}
	raw, problem := readBody(c)
	if problem != nil {
		return deadletter.Decision{}, problem
	}
	var in DeadLetterDecision
	if err := json.Unmarshal(raw, &in, json.RejectUnknownMembers(true)); err != nil {
		return deadletter.Decision{}, problemUnreadable.new(ruleDecision.finding())
	}
	principal := callOf(c.Request.Context()).by.ID
	if in.By == "" {
		in.By = principal
	}
	decision := deadletter.Decision{By: in.By, Principal: principal, Reason: in.Reason}.Tidy()
	var findings []report.Finding
	for _, name := range decision.Wrong() {
		f := ruleDecisionText.finding(name, name)
		f.Pointer = "/" + name
		findings = append(findings, f)
	}
	if len(findings) > 0 {
		return decision, problemParameters.new(findings...)
	}
	return decision, nil
}

// decisionProblem tells why nothing was decided, or why the end is not known.
func (s *Server) decisionProblem(ctx context.Context, letter store.StoredLetter, err error) *Problem {
	switch {
	case errors.Is(err, deadletter.ErrNoBroker):
		return problemNotHere.new(ruleNotHere.finding())
	case errors.Is(err, deadletter.ErrDecided):
		return problemDecided.new(ruleDecided.finding(stateVI(letter.State), string(letter.State)))
	case errors.Is(err, store.ErrActTaken):
		return problemDecided.new(ruleMeanwhile.finding())
	case errors.Is(err, queue.ErrTooLarge), errors.Is(err, queue.ErrRefused):
		s.Log.Warn("a dead letter cannot be replayed", "error", err, "request_id", callOf(ctx).id)
		return problemDecided.new(ruleNoReplay.finding())
	case errors.Is(err, queue.ErrUnconfirmed), errors.Is(err, deadletter.ErrUnrecorded):
		s.Log.Error("replaying a dead letter", "error", err, "request_id", callOf(ctx).id)
		return problemReplay.new(ruleReplay.finding())
	}
	return s.letterProblem(ctx, err)
}

func stateVI(state store.LetterState) string {
	switch state {
	case store.LetterReplayed:
		return "đã gửi lại"
	case store.LetterDiscarded:
		return "đã loại bỏ"
	}
	return "đang chờ"
}
