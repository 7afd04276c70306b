package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const callTimeout = 30 * time.Second

// get asks the program with its token and returns status and body.
func (p *program) get(ctx context.Context, path string) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+path, http.NoBody)
	if err != nil {
		return 0, nil, fmt.Errorf("get %s: %w", path, err)
	}
	request.Close = true
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, fmt.Errorf("get %s: %w", path, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// caller is one connection that sends one request after the other. It is written by hand
// because it shares the cores with the server: what http.Client spends on each request
// would be taken from what is measured.
type caller struct {
	conn   net.Conn
	answer *bufio.Reader
	head   []byte
	out    []byte
	body   bytes.Buffer
	// more is a header beside those of head, if it is not empty.
	more []byte
}

// dial opens a connection for requests of one method and path, with the program's token.
func (p *program) dial(ctx context.Context, method, path string) (*caller, error) {
	return p.dialAs(ctx, "Authorization: Bearer "+p.token+"\r\n", method, path)
}

// dialAs is dial with a header that says who calls, or none.
func (p *program) dialAs(ctx context.Context, who, method, path string) (*caller, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", p.address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	head := method + " " + path + " HTTP/1.1\r\nHost: " + p.address + "\r\n" + who + "Content-Type: application/json\r\nContent-Length: "
	return &caller{conn: conn, answer: bufio.NewReaderSize(conn, 16<<10), head: []byte(head)}, nil
}

func (c *caller) close() { _ = c.conn.Close() }

// send sends a request with a body and returns status and answer, which is valid until
// the next request.
func (c *caller) send(body []byte) (int, []byte, error) {
	_ = c.conn.SetDeadline(time.Now().Add(callTimeout))
	c.out = append(c.out[:0], c.head...)
	c.out = strconv.AppendInt(c.out, int64(len(body)), 10)
	c.out = append(append(c.out, "\r\n"...), c.more...)
	c.out = append(append(c.out, "\r\n"...), body...)
	if _, err := c.conn.Write(c.out); err != nil {
		return 0, nil, fmt.Errorf("send a request: %w", err)
	}
	response, err := http.ReadResponse(c.answer, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("read an answer: %w", err)
	}
	defer response.Body.Close()
	c.body.Reset()
	if _, err := c.body.ReadFrom(response.Body); err != nil {
		return 0, nil, fmt.Errorf("read an answer: %w", err)
	}
	return response.StatusCode, c.body.Bytes(), nil
}

// metric sums the samples of a metric over its labels.
func (p *program) metric(ctx context.Context, name string) (float64, error) {
	_, body, err := p.get(ctx, "/metrics")
	if err != nil {
		return 0, err
	}
	return sumMetric(body, name)
}

// sumMetric reads the text format of Prometheus.
func sumMetric(text []byte, name string) (sum float64, err error) {
	for line := range strings.Lines(string(text)) {
		rest, found := strings.CutPrefix(line, name)
		if !found || rest[0] != ' ' && rest[0] != '{' {
			continue
		}
		value := rest[strings.LastIndexByte(rest, ' ')+1:]
		n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return 0, fmt.Errorf("read metric %s: %w", name, err)
		}
		sum += n
	}
	return sum, nil
}

const storedMetric = "atvsld_sink_stored_total"

// waitStored waits until the sink has stored n reports since the program started.
func (p *program) waitStored(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for {
		stored, err := p.metric(ctx, storedMetric)
		if err != nil {
			return err
		}
		if int(stored) >= n {
			return nil
		}
		if err := p.pause(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("wait until %d reports are stored, %d are: %w", n, int(stored), err)
		}
	}
}
