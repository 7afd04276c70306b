package broker

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
)

// logAdapter brings the broker's log to slog, and collects what goes wrong while
// it stops, because the broker's own Close reports nothing.
type logAdapter struct {
	logger *slog.Logger

	mu       sync.Mutex
	collects bool
	errs     []error
}

// Logf implements kfake.Logger. Requests are not logged: they are the clients'
// affair.
func (l *logAdapter) Logf(level kfake.LogLevel, format string, args ...any) {
	switch level {
	case kfake.LogLevelError:
		text := fmt.Sprintf(format, args...)
		l.logger.Error("embedded broker", "message", text)
		l.collect(text)
	case kfake.LogLevelWarn:
		l.logger.Warn("embedded broker", "message", fmt.Sprintf(format, args...))
	default:
	}
}

func (l *logAdapter) collect(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.collects {
		l.errs = append(l.errs, fmt.Errorf("stop the embedded broker: %s", text))
	}
}

func (l *logAdapter) stopping() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.collects = true
}

func (l *logAdapter) failures() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.errs...)
}
