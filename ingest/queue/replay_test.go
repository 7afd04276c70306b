package queue_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"

	"atvsld/deploy/embedded/broker"
	"atvsld/ingest/queue"
)

const letterID = "5f2d1c5e-6f0a-4e0c-9b6e-0a1b2c3d4e5f.3.1042"

// at reads one message of the log.
func at(t *testing.T, b *broker.Broker, partition int, offset int64) kafka.Message {
	t.Helper()
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: b.Addrs(), Topic: queue.ReportsTopic, Partition: partition, MaxBytes: 4 << 20, MaxWait: 100 * time.Millisecond})
	defer func() { require.NoError(t, r.Close()) }()
	require.NoError(t, r.SetOffset(offset))
	m, err := r.ReadMessage(t.Context())
	require.NoError(t, err)
	return m
}

func withoutLeaks(t *testing.T) {
	t.Helper()
	t.Cleanup(kafka.DefaultTransport.(*kafka.Transport).CloseIdleConnections)
}

func TestReplayGoesHome(t *testing.T) {
	withoutLeaks(t)
	b := withTopics(t)
	m, err := queue.Encode(event())
	require.NoError(t, err)
	r := queue.NewReplayer(queue.At(b.Addrs()...), partitions)
	for want := range int64(2) {
		partition, offset, err := r.Replay(t.Context(), m, letterID)
		require.NoError(t, err)
		require.Equal(t, queue.PartitionOf(m.Key, partitions), partition)
		require.Equal(t, want, offset)
	}
	got := at(t, b, queue.PartitionOf(m.Key, partitions), 1)
	require.Equal(t, m.Key, got.Key)
	require.Equal(t, m.Value, got.Value)
	require.Equal(t, append(m.Headers, kafka.Header{Key: queue.HeaderReplayOf, Value: []byte(letterID)}), got.Headers)
	want, err := queue.Decode(m)
	require.NoError(t, err)
	again, err := queue.Decode(got)
	require.NoError(t, err, "the mark is no part of an event")
	require.Equal(t, want, again)

	// A replay that became a letter and is replayed bears one mark.
	const next = "5f2d1c5e-6f0a-4e0c-9b6e-0a1b2c3d4e5f.0.1"
	partition, offset, err := r.Replay(t.Context(), got, next)
	require.NoError(t, err)
	_, err = queue.Decode(at(t, b, partition, offset))
	require.NoError(t, err)
	last := got.Headers[len(got.Headers)-1]
	require.Equal(t, letterID, string(last.Value), "the caller's message is left alone")
}

// Any bytes that the sink may read again go through as they are.
func TestReplayOfAnyBytes(t *testing.T) {
	withoutLeaks(t)
	b := withTopics(t)
	r := queue.NewReplayer(queue.At(b.Addrs()...), partitions)
	f := func(m kafka.Message) {
		t.Helper()
		partition, offset, err := r.Replay(t.Context(), m, letterID)
		require.NoError(t, err)
		got := at(t, b, partition, offset)
		require.Equal(t, string(m.Key), string(got.Key))
		require.True(t, bytes.Equal(m.Value, got.Value))
		require.Len(t, got.Headers, len(m.Headers)+1)
	}
	f(kafka.Message{Key: []byte{}, Value: []byte{}})
	f(kafka.Message{Key: []byte("\x00\xff"), Value: []byte("\xfe{"), Headers: []kafka.Header{{Key: "a", Value: []byte("\xff")}, {Key: "a"}, {Key: "\xfe"}}})
	noise := make([]byte, queue.MaxEventBytes)
	for i := range noise {
		noise[i] = uuid.New()[0]
	}
	f(kafka.Message{Key: []byte("large"), Value: noise})

	before := written(t, b)
	_, _, err := r.Replay(t.Context(), kafka.Message{Value: make([]byte, queue.MaxEventBytes+1)}, letterID)
	require.ErrorIs(t, err, queue.ErrTooLarge)
	require.Equal(t, before, written(t, b))
}

func TestReplayInTrouble(t *testing.T) {
	withoutLeaks(t)
	b := withTopics(t)
	m, err := queue.Encode(event())
	require.NoError(t, err)
	r := queue.NewReplayer(queue.At(b.Addrs()...), partitions)

	asked := answerWith(b, 2, kerr.NotLeaderForPartition.Code)
	_, _, err = r.Replay(t.Context(), m, letterID)
	require.NoError(t, err)
	require.Equal(t, 3, asked())

	b2 := withTopics(t)
	asked = answerWith(b2, 1, kerr.MessageTooLarge.Code)
	_, _, err = queue.NewReplayer(queue.At(b2.Addrs()...), partitions).Replay(t.Context(), m, letterID)
	require.ErrorIs(t, err, queue.ErrRefused)
	require.NotErrorIs(t, err, queue.ErrUnconfirmed)
	require.Equal(t, 1, asked())

	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, _, err = queue.NewReplayer(queue.At("127.0.0.1:1"), partitions).Replay(ctx, m, letterID)
	require.ErrorIs(t, err, queue.ErrUnconfirmed)
}
