package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"atvsld/api"
)

const (
	lettersPath = "/v1/dead-letters"
	// pageLetters is how many letters are asked for at once.
	pageLetters = 200
	// maxAnswer bounds an answer: a letter of a megabyte comes in base64 and, escaped,
	// as text.
	maxAnswer = 16 << 20
)

// letterClient asks the interface of a running platform for dead letters.
type letterClient struct {
	http  http.Client
	url   string // without path
	token string
}

func newLetterClient(address, tokenFile string) (*letterClient, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("--url %q is not an http(s) address", address)
	}
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, fmt.Errorf("--token-file: %w", err)
	}
	return &letterClient{
		// Longer than the platform takes for a replay.
		http: http.Client{Timeout: time.Minute},
		url:  strings.TrimSuffix(address, "/"), token: strings.TrimSpace(string(token)),
	}, nil
}

func (c *letterClient) address(id string) string {
	return c.url + lettersPath + "/" + url.PathEscape(id)
}

// letterQuery chooses letters.
type letterQuery struct {
	states, codes, partitions []string
	since, until              time.Time
	limit                     int
}

func (q letterQuery) values() url.Values {
	size := pageLetters
	if q.limit > 0 {
		size = min(size, q.limit)
	}
	values := url.Values{"limit": {strconv.Itoa(size)}}
	for name, list := range map[string][]string{"state": q.states, "code": q.codes, "partition": q.partitions} {
		if len(list) > 0 {
			values.Set(name, strings.Join(list, ","))
		}
	}
	for name, at := range map[string]time.Time{"since": q.since, "until": q.until} {
		if !at.IsZero() {
			values.Set(name, at.Format(time.RFC3339Nano))
		}
	}
	return values
}

// list follows the pages until there are enough letters.
func (c *letterClient) list(ctx context.Context, q letterQuery) (api.DeadLetterList, error) {
	if q.limit < 0 {
		return api.DeadLetterList{}, fmt.Errorf("--limit %d is negative", q.limit)
	}
	all := api.DeadLetterList{DeadLetters: []api.DeadLetter{}}
	for next := lettersPath + "?" + q.values().Encode(); next != ""; next = all.Next {
		var page api.DeadLetterList
		if err := c.ask(ctx, http.MethodGet, c.url+next, nil, &page); err != nil {
			return all, err
		}
		page.DeadLetters = append(all.DeadLetters, page.DeadLetters...)
		all = page
		if q.limit > 0 && len(all.DeadLetters) >= q.limit {
			all.DeadLetters = all.DeadLetters[:q.limit]
			return all, nil
		}
	}
	return all, nil
}

// ask sends a request, with a body unless it is nil, and reads the answer into answer.
// What the platform refuses is an error that says why.
func (c *letterClient) ask(ctx context.Context, method, address string, body, answer any, headers ...string) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return fmt.Errorf("write the request: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("ask the platform: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask the platform (is it running? --url says where): %w", err)
	}
	defer response.Body.Close()
	data, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return refusal(response.Status, data)
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

// refusalError is a problem that the platform answered; it tells every finding.
type refusalError struct {
	status  string
	problem api.Problem
}

// Error implements error.
func (e *refusalError) Error() string {
	var texts []string
	for _, f := range e.problem.Errors {
		texts = append(texts, f.Code+" "+plain(f.MessageVI)+" / "+plain(f.Message))
	}
	return e.status + ": " + strings.Join(texts, "; ")
}

// refusal reads the problem of an answer.
func refusal(status string, data []byte) error {
	var problem api.Problem
	if err := json.Unmarshal(data, &problem); err != nil || len(problem.Errors) == 0 {
		return errors.New(status)
	}
	return &refusalError{status, problem}
}
