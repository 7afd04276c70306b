package api

import (
	"context"
	"time"
	"unicode/utf8"

	"atvsld/analytics/audit"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
)

// DeadLetterDetail is one dead letter, whole.
type DeadLetterDetail struct {
	DeadLetter
	Key           MessageBytes       `json:"key"`
	Headers       []DeadLetterHeader `json:"headers" doc:"In the order of the message; a name may stand twice"`
	Value         MessageBytes       `json:"value"`
	Acts          []DeadLetterAct    `json:"acts" doc:"What was done about it, in order"`
	Demonstration bool               `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// MessageBytes are bytes as the log held them.
type MessageBytes struct {
	Size   int     `json:"size" doc:"Number of bytes"`
	Base64 []byte  `json:"base64" doc:"The original bytes in base64 (RFC 4648)"`
	Text   *string `json:"text" doc:"The same as text; null if they are no UTF-8"`
}

// DeadLetterHeader is a header of the message.
type DeadLetterHeader struct {
	Name  string       `json:"name" doc:"Bytes that are no UTF-8 are replaced"`
	Value MessageBytes `json:"value"`
}

// DeadLetterAct is something that was done about a letter.
type DeadLetterAct struct {
	Act        string    `json:"act" enum:"replay,replayed,discarded" doc:"replay: it was decided and begun; without replayed behind it nobody knows whether the message reached the log. The last of the others decides the state"`
	By         string    `json:"by" doc:"Name of who decided, as it was given"`
	Principal  string    `json:"principal" doc:"Whose token it was"`
	Reason     string    `json:"reason"`
	At         time.Time `json:"at"`
	ReplayedAs string    `json:"replayed_as,omitempty" doc:"Where the message lies now; should it be rejected again, this is the id of the new letter"`
}

type deadLetterInput struct {
	ID string `path:"id" maxLength:"100" doc:"Id of the letter"`
}

type deadLetterOutput struct{ Body DeadLetterDetail }

func (s *Server) getDeadLetter(ctx context.Context, in *deadLetterInput) (*deadLetterOutput, error) {
	at, problem := letterAt(in.ID)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	letter, err := s.DeadLetters.Letter(ctx, at)
	if err != nil {
		return nil, s.letterProblem(ctx, err)
	}
	// Its bytes may hold anything, also what should have been sealed.
	callOf(ctx).touched(audit.Touch{Kind: audit.Letter, ID: at.ID(), Fields: []string{report.WholeDocument}})
	detail := wholeLetter(letter)
	detail.Demonstration = s.Demonstration
	return &deadLetterOutput{Body: detail}, nil
}

func wholeLetter(l store.StoredLetter) DeadLetterDetail {
	d := DeadLetterDetail{
		DeadLetter: listedLetter(store.Listed{
			Position: l.Position, Code: l.Code, Detail: l.Detail, ReportID: string(l.Key), LoggedAt: l.LoggedAt, StoredAt: l.StoredAt, State: l.State,
		}),
		Key: messageBytes(l.Key), Headers: []DeadLetterHeader{}, Value: messageBytes(l.Value), Acts: []DeadLetterAct{},
	}
	for i, name := range l.HeaderNames {
		d.Headers = append(d.Headers, DeadLetterHeader{Name: readableText(name), Value: messageBytes([]byte(l.HeaderValues[i]))})
	}
	for _, a := range l.Acts {
		d.Acts = append(d.Acts, letterAct(a))
	}
	return d
}

func messageBytes(data []byte) MessageBytes {
	m := MessageBytes{Size: len(data), Base64: append([]byte{}, data...)}
	if utf8.Valid(data) {
		text := string(data)
		m.Text = &text
	}
	return m
}

func letterAct(a store.LetterAct) DeadLetterAct {
	act := DeadLetterAct{Act: a.Act, By: a.By, Principal: a.Principal, Reason: a.Reason, At: a.At}
	if a.To != nil {
		act.ReplayedAs = a.To.ID()
	}
	return act
}
