package torture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"github.com/go-json-experiment/json"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"atvsld/deploy/embedded/broker"
)

// The broker is the embedded one in a process of its own: this program again, with
// a line of JSON on its input for every error that it is to answer with. The role
// "broker" of the product runs the same package, without such an input.

// brokerVariable makes this program a broker instead.
const brokerVariable = "ATVSLD_TORTURE_BROKER"

// brokerSettings is the value of brokerVariable.
type brokerSettings struct {
	Dir, Addr string
}

// brokerError asks the broker to answer requests with an error.
type brokerError struct {
	// Key is Kafka's number of the request, Code that of the error.
	Key   int16 `json:"key"`
	Code  int16 `json:"code"`
	Times int   `json:"times"`
	// Clear takes back every error asked for before.
	Clear bool `json:"clear,omitzero"`
}

// IsBroker tells whether this process was started to be the broker; a main function
// or TestMain asks it first and then calls ServeBroker.
func IsBroker() bool { return os.Getenv(brokerVariable) != "" }

// ServeBroker runs the broker until its input ends or a signal asks it to stop.
func ServeBroker() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var s brokerSettings
	if err := json.Unmarshal([]byte(os.Getenv(brokerVariable)), &s); err != nil {
		return fmt.Errorf("%s: %w", brokerVariable, err)
	}
	c := broker.Default()
	c.DataDir, c.Addr, c.Logger = s.Dir, s.Addr, slog.New(slog.NewTextHandler(os.Stderr, nil))
	for _, t := range topics() {
		c.Topics = append(c.Topics, broker.Topic{Name: t.Name, Partitions: int32(t.Partitions), Config: t.Config})
	}
	b, err := broker.Open(ctx, c)
	if err != nil {
		return err
	}
	input := make(chan error, 1)
	go func() { input <- obey(b.Cluster(), os.Stdin) }()
	select {
	case <-ctx.Done():
	case err = <-input:
	}
	return errors.Join(err, b.Close())
}

// obey reads what errors the broker is to answer with.
func obey(cluster *kfake.Cluster, input io.Reader) error {
	var faults []*kfake.FaultHandle
	lines := bufio.NewScanner(input)
	for lines.Scan() {
		var e brokerError
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return fmt.Errorf("input of the broker: %w", err)
		}
		if e.Clear {
			for _, f := range faults {
				f.Remove()
			}
			faults = nil
			continue
		}
		named, ok := kerr.ErrorForCode(e.Code).(*kerr.Error) //nolint:errorlint // a table of errors, none is wrapped
		if !ok {
			return fmt.Errorf("input of the broker: no error %d", e.Code)
		}
		faults = append(faults, cluster.Fault(kfake.Fault{
			Keys: []kmsg.Key{kmsg.Key(e.Key)}, Err: named, Count: e.Times, TopLevel: answersAsOne(kmsg.Key(e.Key)),
		}))
	}
	return lines.Err()
}

// answersAsOne tells the requests whose answer has one error for all of it.
func answersAsOne(key kmsg.Key) bool {
	switch key {
	case kmsg.FindCoordinator, kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat:
		return true
	default:
		return false
	}
}

// control is the parent's end of the input of the broker that runs now.
type control struct {
	mu    sync.Mutex
	input io.WriteCloser
}

func (c *control) attach(input io.WriteCloser) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.input != nil {
		_ = c.input.Close()
	}
	c.input = input
}

// ask tells the broker; an error means that it is not there.
func (c *control) ask(e brokerError) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.input == nil {
		return errors.New("no broker runs")
	}
	_, err = c.input.Write(append(line, '\n'))
	return err
}

// brokerCommand starts this program as a broker.
func brokerCommand(s brokerSettings) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	settings, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self) //nolint:noctx // see spawn
	cmd.Env = append(os.Environ(), brokerVariable+"="+string(settings))
	return cmd, nil
}
