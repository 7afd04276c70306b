package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/queue"
)

// The plain loop is what somebody who knows both clients writes in an afternoon: one
// Reader of a group, encoding/json, batches of the driver row by row, offsets committed
// after the inserts. It stores at least once, not exactly; of dead letters, ranges and
// races it knows nothing. It is measured with the same tables and batch size as the sink.

const (
	plainGroup = "atvsld-bench-plain"
	plainBatch = 20_000
	plainWait  = time.Second
)

// drainPlain lets the plain loop store the log of a place into new tables, and returns
// its rate. Broker and engine run in processes of their own.
func (b *bench) drainPlain(ctx context.Context, log *place, id string) (rate float64, err error) {
	brokers, broker, err := b.broker(ctx, log)
	if err != nil {
		return 0, err
	}
	at, err := b.place(ctx, id+"_plain")
	if err != nil {
		return 0, errors.Join(err, stopAll(broker))
	}
	dsn, engine, err := b.engine(ctx, at)
	if err != nil {
		return 0, errors.Join(err, stopAll(broker))
	}
	defer func() { err = errors.Join(err, stopAll(broker, engine)) }()
	s, _, err := openStore(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	conn, err := connect(dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	looks, err := plainLoop(ctx, brokers, conn, b.Backlog)
	if err != nil {
		return 0, err
	}
	rate, _, _ = middle(looks, b.Backlog)
	return rate, nil
}

// plainLoop stores n messages and tells when how many were stored.
func plainLoop(ctx context.Context, brokers []string, conn driver.Conn, n int) (looks []drained, err error) {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: brokers, GroupID: plainGroup, Topic: queue.ReportsTopic, StartOffset: kafka.FirstOffset, MaxBytes: 10e6,
	})
	defer func() { err = errors.Join(err, reader.Close()) }()
	looks = []drained{{at: time.Now()}}
	for stored := 0; stored < n; {
		messages, err := plainFetch(ctx, reader, min(plainBatch, n-stored))
		if err != nil {
			return nil, err
		}
		if err := plainInsert(ctx, conn, messages); err != nil {
			return nil, err
		}
		if err := reader.CommitMessages(ctx, messages...); err != nil {
			return nil, fmt.Errorf("commit: %w", err)
		}
		stored += len(messages)
		looks = append(looks, drained{at: time.Now(), stored: stored})
	}
	return looks, nil
}

func plainFetch(ctx context.Context, reader *kafka.Reader, n int) ([]kafka.Message, error) {
	first, err := reader.FetchMessage(ctx)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	messages := append(make([]kafka.Message, 0, n), first)
	wait, cancel := context.WithTimeout(ctx, plainWait)
	defer cancel()
	for len(messages) < n {
		m, err := reader.FetchMessage(wait)
		if errors.Is(err, context.DeadlineExceeded) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("fetch: %w", err)
		}
		messages = append(messages, m)
	}
	return messages, nil
}

func plainInsert(ctx context.Context, conn driver.Conn, messages []kafka.Message) error {
	current, err := conn.PrepareBatch(ctx, "INSERT INTO annex_xii ("+plainAnnexColumns+")")
	if err != nil {
		return err
	}
	log, err := conn.PrepareBatch(ctx, "INSERT INTO report_log ("+plainLogColumns+")")
	if err != nil {
		return errors.Join(err, current.Abort())
	}
	for _, m := range messages {
		if err := plainAppend(current, log, m); err != nil {
			return errors.Join(err, current.Abort(), log.Abort())
		}
	}
	return errors.Join(current.Send(), log.Send())
}

func plainAppend(current, log driver.Batch, m kafka.Message) error {
	headers := make(map[string]string, len(m.Headers))
	for _, h := range m.Headers {
		headers[h.Key] = string(h.Value)
	}
	var event struct {
		Content json.RawMessage `json:"content"`
		Sealed  []byte          `json:"sealed"`
	}
	if err := json.Unmarshal(m.Value, &event); err != nil {
		return fmt.Errorf("read offset %d: %w", m.Offset, err)
	}
	var annex plainAnnex
	if err := json.Unmarshal(event.Content, &annex); err != nil {
		return fmt.Errorf("read offset %d: %w", m.Offset, err)
	}
	head, err := plainHead(m, headers)
	if err != nil {
		return err
	}
	if err := current.Append(append(head, annex.values()...)...); err != nil {
		return err
	}
	return log.Append(append(head[:len(head):len(head)], "annex_xii", headers["ce_submittedby"], headers["ce_sha256"][:32], headers["ce_id"],
		plainNumber(uuid.Nil), headers["ce_rulesversion"], []string{}, string(event.Content), string(event.Sealed), headers["ce_sealedkey"])...)
}
