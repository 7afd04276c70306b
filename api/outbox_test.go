package api

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// slowCaller reads nothing until he may.
type slowCaller struct {
	*httptest.ResponseRecorder
	begun, may chan struct{}
}

func newSlowCaller() *slowCaller {
	return &slowCaller{httptest.NewRecorder(), make(chan struct{}, 100), make(chan struct{})}
}

func (c *slowCaller) Write(p []byte) (int, error) {
	c.begun <- struct{}{}
	<-c.may
	return c.ResponseRecorder.Write(p)
}

func testOutbox(ctx context.Context, to http.ResponseWriter, b *budget) *outbox {
	untimed := &pace{set: func(time.Time) error { return nil }, each: time.Minute}
	return newOutbox(ctx, to, func() error { return nil }, untimed, b)
}

// One slow reader holds half of the budget and then waits alone.
func TestOutboxOfASlowCaller(t *testing.T) {
	noLeaks(t)
	b := newBudget(100)
	ctx, cancel := context.WithCancel(t.Context())
	slow := newSlowCaller()
	o := testOutbox(ctx, slow, b)
	n, err := o.Write(bytes.Repeat([]byte("s"), 50))
	require.NoError(t, err)
	require.Equal(t, 50, n)
	<-slow.begun
	waiting := make(chan error, 1)
	go func() { _, err := o.Write([]byte("more")); waiting <- err }()

	// Everybody else goes on, with more than there is room for at once.
	quick := httptest.NewRecorder()
	other := testOutbox(t.Context(), quick, b)
	text := strings.Repeat("0123456789", 100)
	_, err = other.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, other.Close())
	require.Equal(t, text, quick.Body.String())
	_, err = other.Write([]byte("late"))
	require.ErrorIs(t, err, errOutboxClosed)

	select {
	case err := <-waiting:
		t.Fatalf("the slow caller's own row did not wait: %v", err)
	default:
	}
	cancel()
	require.ErrorIs(t, <-waiting, context.Canceled)
	close(slow.may)
	require.NoError(t, o.Close())
	require.True(t, b.all.TryAcquire(100), "everything is given back")
}

// When all is used up, the wait of a third one ends with his request.
func TestOutboxWithoutRoom(t *testing.T) {
	noLeaks(t)
	b := newBudget(100)
	var slow []*slowCaller
	var boxes []*outbox
	for range 2 {
		one := newSlowCaller()
		box := testOutbox(t.Context(), one, b)
		_, err := box.Write(bytes.Repeat([]byte("s"), 50))
		require.NoError(t, err)
		slow, boxes = append(slow, one), append(boxes, box)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	third := testOutbox(ctx, httptest.NewRecorder(), b)
	_, err := third.Write([]byte("x"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, third.Close())
	for i, box := range boxes {
		close(slow[i].may)
		require.NoError(t, box.Close())
	}
	require.True(t, b.all.TryAcquire(100))
}

// goneCaller has hung up.
type goneCaller struct{ *httptest.ResponseRecorder }

func (goneCaller) Write([]byte) (int, error) { return 0, http.ErrHandlerTimeout }

func TestOutboxOfACallerWhoIsGone(t *testing.T) {
	noLeaks(t)
	b := newBudget(100)
	o := testOutbox(t.Context(), goneCaller{}, b)
	// Far more than there is room for: the writer learns it while he waits.
	_, err := o.Write(bytes.Repeat([]byte("x"), 10_000))
	require.ErrorIs(t, err, http.ErrHandlerTimeout)
	require.ErrorIs(t, o.Close(), http.ErrHandlerTimeout)
	require.True(t, b.all.TryAcquire(100))
}

func TestPace(t *testing.T) {
	var last time.Time
	p := &pace{set: func(at time.Time) error { last = at; return nil }, each: time.Minute}
	p.next()
	require.WithinDuration(t, time.Now().Add(time.Minute), last, 5*time.Second)
	end := time.Now().Add(time.Second)
	p.endAt(end)
	require.Equal(t, end, last)
	p.next() // no piece gets time after the end
	require.Equal(t, end, last)
	p.leave()
	p.endAt(time.Now().Add(time.Hour))
	require.Equal(t, end, last)
}
