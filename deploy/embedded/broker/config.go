package broker

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"strconv"
)

// Topic is one topic with everything that the broker must know of it.
type Topic struct {
	Name       string
	Partitions int32
	// Config are Kafka's topic settings. retention.ms and retention.bytes are
	// required (-1 keeps for ever): what is not set would be deleted after
	// Kafka's default of seven days as soon as retention runs at all.
	Config map[string]string
}

// Config says where the broker keeps its log and which topics it has.
type Config struct {
	// DataDir is the folder of the log; it is created when missing and belongs
	// to one process.
	DataDir string
	// Addr is the loopback address to listen on and to advertise; port 0 picks a
	// free one.
	Addr string
	// Topics are created when missing. The number of partitions of an existing
	// topic is never changed, because that would move keys.
	Topics []Topic
	// MaxMessageBytes bounds a produced batch (message.max.bytes).
	MaxMessageBytes int
	Logger          *slog.Logger
}

// defaultMaxMessageBytes is Kafka's own default of message.max.bytes.
const defaultMaxMessageBytes = 1_048_588

// Default returns the configuration without folder and topics.
func Default() Config {
	return Config{Addr: "127.0.0.1:0", MaxMessageBytes: defaultMaxMessageBytes, Logger: slog.Default()}
}

// topicPattern is Kafka's rule for names of topics.
var topicPattern = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`)

// Validate reports everything that is wrong at once.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("broker: "+format, args...))
		}
	}
	check(c.DataDir != "", "the data folder is not given")
	check(isLoopback(c.Addr), "address %q is not a loopback address with a port", c.Addr)
	check(c.MaxMessageBytes > 0, "max message bytes is %d, must be positive", c.MaxMessageBytes)
	check(c.Logger != nil, "the logger is not given")
	check(len(c.Topics) > 0, "no topic is given")
	seen := make(map[string]bool)
	for _, topic := range c.Topics {
		check(topicPattern.MatchString(topic.Name), "topic name %q is not allowed by Kafka", topic.Name)
		check(!seen[topic.Name], "topic %s is given twice", topic.Name)
		check(topic.Partitions > 0, "topic %s has %d partitions, must be positive", topic.Name, topic.Partitions)
		for _, name := range []string{"retention.ms", "retention.bytes"} {
			value, err := strconv.ParseInt(topic.Config[name], 10, 64)
			check(err == nil && value >= -1, "topic %s: %s is %q, must be a number, -1 to keep for ever", topic.Name, name, topic.Config[name])
		}
		seen[topic.Name] = true
	}
	return errors.Join(errs...)
}

// isLoopback accepts literal addresses only: a name could resolve to anything.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
