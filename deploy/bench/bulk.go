package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/sync/errgroup"

	"atvsld/api"
)

// bulk measures POST /v1/reports:batch: streams of NDJSON, read and answered while they are
// sent, from the first byte to the summary.
func (f *filer) bulk(ctx context.Context) (Phase, error) {
	p := Phase{ID: "bulk", Title: "bulk NDJSON"}
	m := meterOf(f.server).fromHere()
	for _, streams := range f.Streams {
		if err := f.bulkBy(ctx, &p, streams); err != nil {
			return p, err
		}
	}
	m.memory(&p)
	return p, nil
}

func (f *filer) bulkBy(ctx context.Context, p *Phase, streams int) error {
	m := meterOf(f.server)
	start := time.Now()
	rows := make([]int, streams)
	group, inner := errgroup.WithContext(ctx)
	for i := range streams {
		first := f.next + i*mostRows
		group.Go(func() (err error) {
			rows[i], err = f.stream(inner, first, f.Duration, 0)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	took := time.Since(start)
	f.next += streams * mostRows
	sum := 0
	for _, n := range rows {
		sum += n
	}
	f.accepted += sum
	id, of := fmt.Sprintf("s%d_", streams), fmt.Sprintf(", %d streams", streams)
	if streams == 1 {
		of = ", 1 stream"
	}
	p.number(id+"rate", "accepted"+of, float64(sum)/took.Seconds(), "reports/s")
	if err := f.server.waitStored(ctx, f.accepted); err != nil {
		return err
	}
	p.number(id+"stored_rate", "accepted and stored"+of, float64(sum)/time.Since(start).Seconds(), "reports/s")
	m.cpu(p, id, sum, of)
	return nil
}

// mostRows bounds the rows of one stream.
const mostRows = 2_000_000

// stream sends one batch for a time, at a rate or as fast as it is taken (0), and returns how
// many rows were accepted. A row that was not is an error.
func (f *filer) stream(ctx context.Context, first int, d time.Duration, rate int) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	body, feed := io.Pipe()
	go func() { feed.CloseWithError(f.forms.feed(ctx, feed, first, d, rate)) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+f.server.address+"/v1/reports:batch", body)
	if err != nil {
		return 0, fmt.Errorf("send a batch: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Authorization", "Bearer "+f.server.token)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return 0, fmt.Errorf("send a batch: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<10))
		return 0, fmt.Errorf("a batch was answered %s: %s", response.Status, text)
	}
	return readSummary(response.Body)
}

// feed writes reports for a time, at a rate if that is not 0: a few at a time, each when it is due.
func (f *filings) feed(ctx context.Context, w io.Writer, first int, d time.Duration, rate int) error {
	out := bufio.NewWriterSize(w, 64<<10)
	start := time.Now()
	var line []byte
	for n := range mostRows {
		if rate > 0 && n%max(rate/50, 1) == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
			time.Sleep(time.Until(start.Add(time.Duration(n) * time.Second / time.Duration(rate))))
		}
		if ctx.Err() != nil || time.Since(start) > d {
			break
		}
		line = append(f.append(line[:0], first+n), '\n')
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// readSummary reads the answers of a batch to the last one, the summary. The others are
// not looked at, to leave the processor to the server.
func readSummary(r io.Reader) (int, error) {
	lines := bufio.NewReaderSize(r, 256<<10)
	var last, refused []byte
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, fmt.Errorf("read the answers of a batch: %w", err)
		}
		if refused == nil && !bytes.Contains(line, []byte(`"status":202`)) {
			refused = bytes.Clone(line)
		}
		last = append(last[:0], line...)
	}
	var end api.BatchEnd
	if err := json.Unmarshal(last, &end); err != nil || end.Summary == nil {
		return 0, fmt.Errorf("a batch ended without its summary: %.500s", last)
	}
	if end.Summary.Failed > 0 {
		return 0, fmt.Errorf("%d rows of a batch were not accepted, as in %.500s", end.Summary.Failed, refused)
	}
	return end.Summary.Accepted, nil
}
