package proxy

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Brokers keeps Kafka clients on their proxies. A client connects to any broker and
// then goes to the addresses that the broker names; so these are replaced in every
// answer that has them: Metadata, FindCoordinator and DescribeCluster.
type Brokers struct {
	mu sync.Mutex
	to map[string]string
}

// Replace makes clients connect to proxy where a broker names the address broker.
func (b *Brokers) Replace(broker, proxy string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.to == nil {
		b.to = make(map[string]string)
	}
	b.to[broker] = proxy
}

// Wrap is the Wrap of a proxy in front of a broker.
func (b *Brokers) Wrap(requests, answers io.Reader) (io.Reader, io.Reader) {
	asked := &asked{}
	return &frames{from: requests, change: asked.note}, &frames{from: answers, change: func(frame []byte) ([]byte, error) {
		return b.translate(asked, frame)
	}}
}

// asked keeps what the requests under way were: an answer does not say.
type asked struct {
	mu   sync.Mutex
	open map[int32]question
}

type question struct{ key, version int16 }

func (a *asked) note(frame []byte) ([]byte, error) {
	if len(frame) < 8 {
		return nil, fmt.Errorf("a request of %d bytes", len(frame))
	}
	q := question{int16(binary.BigEndian.Uint16(frame)), int16(binary.BigEndian.Uint16(frame[2:]))}
	switch kmsg.Key(q.key) {
	case kmsg.Metadata, kmsg.FindCoordinator, kmsg.DescribeCluster:
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.open == nil {
			a.open = make(map[int32]question)
		}
		a.open[int32(binary.BigEndian.Uint32(frame[4:]))] = q
	}
	return frame, nil
}

func (a *asked) take(correlation int32) (question, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	q, found := a.open[correlation]
	delete(a.open, correlation)
	return q, found
}

func (b *Brokers) translate(asked *asked, frame []byte) ([]byte, error) {
	if len(frame) < 4 {
		return nil, fmt.Errorf("an answer of %d bytes", len(frame))
	}
	q, named := asked.take(int32(binary.BigEndian.Uint32(frame)))
	if !named {
		return frame, nil
	}
	answer := kmsg.ResponseForKey(q.key)
	answer.SetVersion(q.version)
	head := 4
	if answer.IsFlexible() {
		// The tags of the header; none are defined so far.
		r := kbin.Reader{Src: frame[4:]}
		kmsg.SkipTags(&r)
		if !r.Ok() {
			return nil, fmt.Errorf("answer to request %d version %d: its header is cut", q.key, q.version)
		}
		head = len(frame) - len(r.Src)
	}
	if err := answer.ReadFrom(frame[head:]); err != nil {
		return nil, fmt.Errorf("answer to request %d version %d: %w", q.key, q.version, err)
	}
	b.readdress(answer)
	return answer.AppendTo(append([]byte(nil), frame[:head]...)), nil
}

func (b *Brokers) readdress(answer kmsg.Response) {
	switch a := answer.(type) {
	case *kmsg.MetadataResponse:
		for i := range a.Brokers {
			b.replace(&a.Brokers[i].Host, &a.Brokers[i].Port)
		}
	case *kmsg.FindCoordinatorResponse:
		b.replace(&a.Host, &a.Port)
		for i := range a.Coordinators {
			b.replace(&a.Coordinators[i].Host, &a.Coordinators[i].Port)
		}
	case *kmsg.DescribeClusterResponse:
		for i := range a.Brokers {
			b.replace(&a.Brokers[i].Host, &a.Brokers[i].Port)
		}
	}
}

func (b *Brokers) replace(host *string, port *int32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	to, found := b.to[net.JoinHostPort(*host, strconv.Itoa(int(*port)))]
	if !found {
		return
	}
	newHost, newPort, err := net.SplitHostPort(to)
	if err != nil {
		return
	}
	if n, err := strconv.ParseInt(newPort, 10, 32); err == nil {
		*host, *port = newHost, int32(n)
	}
}

// frames reads Kafka's frames, each changed, as a stream of bytes.
type frames struct {
	from   io.Reader
	change func(frame []byte) ([]byte, error)
	ready  []byte
}

// maxFrame is Kafka's own limit of a request (socket.request.max.bytes).
const maxFrame = 100 << 20

// Read implements io.Reader.
func (f *frames) Read(to []byte) (int, error) {
	if len(f.ready) == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	n := copy(to, f.ready)
	f.ready = f.ready[n:]
	return n, nil
}

func (f *frames) next() error {
	var size [4]byte
	if _, err := io.ReadFull(f.from, size[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxFrame {
		return fmt.Errorf("a frame of %d bytes", n)
	}
	frame := make([]byte, n)
	if _, err := io.ReadFull(f.from, frame); err != nil {
		return err
	}
	frame, err := f.change(frame)
	if err != nil {
		return err
	}
	f.ready = binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(frame)), uint32(len(frame)))
	f.ready = append(f.ready, frame...)
	return nil
}
