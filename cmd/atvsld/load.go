package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"

	"atvsld/api"
	"atvsld/seeds/demo"
)

// loadAttempts is how often the whole set is filed when rows found the platform
// too busy. Filing again is safe: what is there is answered from there.
const loadAttempts = 5

// errAgain: rows were not taken, and trying again can help.
var errAgain = errors.New("rows were not taken")

// loader files the demonstration data like any filer would: over HTTP.
type loader struct {
	client *http.Client
	url    string // of the gateway, without path
	token  string
}

// load files everything and returns how many rows were accepted.
func (l *loader) load(ctx context.Context, c demo.Config) (rows int, err error) {
	for range loadAttempts {
		if rows, err = l.once(ctx, c); !errors.Is(err, errAgain) {
			return rows, err
		}
	}
	return rows, err
}

func (l *loader) once(ctx context.Context, c demo.Config) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	body, feed := io.Pipe()
	go func() { feed.CloseWithError(write(ctx, feed, c)) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+"/v1/reports:batch", body)
	if err != nil {
		return 0, fmt.Errorf("file demonstration data: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Authorization", "Bearer "+l.token)
	request.Header.Set(api.LoaderHeader, "true")
	response, err := l.client.Do(request)
	if err != nil {
		return 0, fmt.Errorf("file demonstration data: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 4<<10))
		return 0, fmt.Errorf("file demonstration data: %s: %s", response.Status, text)
	}
	return readAnswers(response.Body)
}

func write(ctx context.Context, w io.Writer, c demo.Config) error {
	out := bufio.NewWriterSize(w, 256<<10)
	for s, err := range demo.Generate(ctx, c) {
		if err != nil {
			return err
		}
		if _, err := out.Write(s.Raw); err != nil {
			return err
		}
		if err := out.WriteByte('\n'); err != nil {
			return err
		}
	}
	return out.Flush()
}

// readAnswers reads one answer a row and, last, the summary.
func readAnswers(r io.Reader) (int, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 4<<20)
	var again, accepted int
	for lines.Scan() {
		var answer struct {
			api.BatchRow
			api.BatchEnd
		}
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			return accepted, fmt.Errorf("read an answer: %w", err)
		}
		switch {
		case answer.Summary != nil && again > 0:
			return accepted, fmt.Errorf("%w: %d of %d", errAgain, again, answer.Summary.Rows)
		case answer.Summary != nil:
			return accepted, nil
		case answer.Error != nil:
			return accepted, fmt.Errorf("the batch ended at row %d: %s", accepted+again, answer.Error.Title)
		case answer.Status == http.StatusAccepted:
			accepted++
		case answer.Status == http.StatusServiceUnavailable:
			again++
		default:
			return accepted, fmt.Errorf("row %d was answered %d %s: %s", answer.Row, answer.Status, answer.State, firstMessage(answer.BatchRow))
		}
	}
	if err := lines.Err(); err != nil {
		return accepted, fmt.Errorf("read answers: %w", err)
	}
	return accepted, errors.New("the answer broke off before its summary")
}

func firstMessage(row api.BatchRow) string {
	if len(row.Errors) == 0 {
		return "no reason given"
	}
	e := row.Errors[0]
	return fmt.Sprintf("%s at %s: %s", e.Code, e.Pointer, e.Message)
}
