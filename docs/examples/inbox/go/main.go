// Command go is an example for integrators: it files one accident declaration through
// the inbox and prints its outcome. See docs/INTEGRATORS.md.
//
//	go run ./docs/examples/inbox/go -brokers localhost:9092 -integrator demo -platform http://localhost:8080
//
// To brokers that ask who you are: -ca authority.pem -user NAME, the password in the variable
// KAFKA_PASSWORD (SCRAM-SHA-512), and -cert and -key if they want a certificate.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl/scram"
)

func main() {
	brokers := flag.String("brokers", "localhost:9092", "Kafka brokers, host:port, separated by commas")
	integrator := flag.String("integrator", "demo", "your id")
	platform := flag.String("platform", "http://localhost:8080", "address of the platform")
	var s security
	flag.StringVar(&s.ca, "ca", "", "file with the authority of the brokers' certificates (PEM); speaks TLS")
	flag.StringVar(&s.cert, "cert", "", "file with your certificate (PEM)")
	flag.StringVar(&s.key, "key", "", "file with its key (PEM)")
	flag.StringVar(&s.user, "user", "", "your name; the password is in the variable KAFKA_PASSWORD")
	flag.Parse()
	k, err := connect(strings.Split(*brokers, ","), s)
	if err == nil {
		err = run(k, *integrator, *platform)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// security is how the brokers are spoken to.
type security struct{ ca, cert, key, user string }

// cluster makes connections to the brokers.
type cluster struct {
	brokers []string
	dialer  *kafka.Dialer
}

func connect(brokers []string, s security) (cluster, error) {
	k := cluster{brokers: brokers, dialer: &kafka.Dialer{Timeout: 10 * time.Second}}
	if s.ca != "" {
		authority, err := os.ReadFile(s.ca)
		if err != nil {
			return cluster{}, err
		}
		k.dialer.TLS = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()}
		k.dialer.TLS.RootCAs.AppendCertsFromPEM(authority)
	}
	if s.cert != "" && k.dialer.TLS != nil {
		pair, err := tls.LoadX509KeyPair(s.cert, s.key)
		if err != nil {
			return cluster{}, err
		}
		k.dialer.TLS.Certificates = []tls.Certificate{pair}
	}
	if s.user != "" {
		var err error
		if k.dialer.SASLMechanism, err = scram.Mechanism(scram.SHA512, s.user, os.Getenv("KAFKA_PASSWORD")); err != nil {
			return cluster{}, err
		}
	}
	return k, nil
}

func run(k cluster, integrator, platform string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	inbox, outcomes := "atvsld.inbox."+integrator, "atvsld.outcome."+integrator

	// Both ids are kept with the report in your own system before anything is sent.
	// After a crash the very same is sent again, which is always safe.
	reportID, err := uuid.NewV7()
	if err != nil {
		return err
	}
	eventID := uuid.NewString()

	key, err := publishedKey(ctx, platform)
	if err != nil {
		return err
	}
	letter, err := seal(key, inbox, eventID, reportID.String(), privateTexts())
	if err != nil {
		return err
	}
	value, err := json.Marshal(declaration(reportID.String(), letter))
	if err != nil {
		return err
	}
	message := kafka.Message{Topic: inbox, Key: []byte(reportID.String()), Value: value, Headers: []kafka.Header{
		{Key: "ce_specversion", Value: []byte("1.0")}, {Key: "ce_type", Value: []byte("vn.atvsld.submission.v1")},
		{Key: "ce_source", Value: []byte("/" + integrator + "/example-go")}, {Key: "ce_id", Value: []byte(eventID)},
		{Key: "content-type", Value: []byte("application/json")},
	}}

	// The outcome comes on the partition with the same number. A real system reads all of
	// them as a consumer group; the example looks from now on.
	partition, err := k.partitionOf(ctx, message)
	if err != nil {
		return err
	}
	leader, err := k.dialer.DialLeader(ctx, "tcp", k.brokers[0], outcomes, partition)
	if err != nil {
		return fmt.Errorf("outcome topic: %w", err)
	}
	end, err := leader.ReadLastOffset()
	if err := errors.Join(err, leader.Close()); err != nil {
		return fmt.Errorf("outcome topic: %w", err)
	}
	if err := k.send(ctx, message); err != nil {
		return err
	}
	outcome, err := k.await(ctx, outcomes, partition, end, eventID)
	if err != nil {
		return err
	}
	fmt.Println(string(outcome.Value))
	if state := header(outcome, "ce_state"); state != "accepted" {
		return fmt.Errorf("the report is not accepted: %s", state)
	}
	return nil
}

// balancer puts a key on the partition that every Java producer puts it on.
var balancer = kafka.Murmur2Balancer{}

func (k cluster) partitionOf(ctx context.Context, m kafka.Message) (int, error) {
	conn, err := k.dialer.DialContext(ctx, "tcp", k.brokers[0])
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	partitions, err := conn.ReadPartitions(m.Topic)
	if err != nil {
		return 0, fmt.Errorf("inbox: %w", err)
	}
	ids := make([]int, len(partitions))
	for i := range ids {
		ids[i] = i
	}
	return balancer.Balance(m, ids...), nil
}

// send returns when every replica has the message.
func (k cluster) send(ctx context.Context, m kafka.Message) error {
	transport := &kafka.Transport{TLS: k.dialer.TLS, SASL: k.dialer.SASLMechanism}
	w := &kafka.Writer{Addr: kafka.TCP(k.brokers...), Transport: transport, Balancer: balancer, RequiredAcks: kafka.RequireAll, BatchTimeout: 5 * time.Millisecond}
	return errors.Join(w.WriteMessages(ctx, m), w.Close())
}

// await reads outcomes until the one of the event.
func (k cluster) await(ctx context.Context, topic string, partition int, offset int64, eventID string) (kafka.Message, error) {
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: k.brokers, Dialer: k.dialer, Topic: topic, Partition: partition, MaxWait: 200 * time.Millisecond})
	defer r.Close()
	if err := r.SetOffset(offset); err != nil {
		return kafka.Message{}, err
	}
	for {
		m, err := r.ReadMessage(ctx)
		if err != nil {
			return kafka.Message{}, fmt.Errorf("waiting for the outcome: %w", err)
		}
		if header(m, "ce_causeid") == eventID {
			return m, nil
		}
	}
}

func header(m kafka.Message, name string) string {
	for _, h := range m.Headers {
		if h.Key == name {
			return string(h.Value)
		}
	}
	return ""
}

// publishedKey gives the key to which personal data is encrypted: the first of the set.
func publishedKey(ctx context.Context, platform string) (jose.JSONWebKey, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, platform+"/v1/inbox/keys", nil)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	defer response.Body.Close()
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("keys of the inbox: %w", err)
	}
	if len(set.Keys) == 0 {
		return jose.JSONWebKey{}, fmt.Errorf("keys of the inbox: none (status %d)", response.StatusCode)
	}
	return set.Keys[0], nil
}

// seal encrypts the personal values for one message; in any other the platform refuses
// them.
func seal(to jose.JSONWebKey, topic, eventID, key string, texts map[string]string) (string, error) {
	plain, err := json.Marshal(texts)
	if err != nil {
		return "", err
	}
	options := (&jose.EncrypterOptions{}).WithType("atvsld-private+jwe").
		WithHeader("topic", topic).WithHeader("ce_id", eventID).WithHeader("key", key)
	encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.ECDH_ES_A256KW, Key: to.Key, KeyID: to.KeyID}, options)
	if err != nil {
		return "", err
	}
	jwe, err := encrypter.Encrypt(plain)
	if err != nil {
		return "", err
	}
	return jwe.CompactSerialize()
}

// privateTexts is everything personal: where it belongs in the submission, and the text.
func privateTexts() map[string]string {
	return map[string]string{
		"/content/reporter/name":        "Công ty Xây lắp Sông Hồng",
		"/content/summary":              "Ngã từ giàn giáo cao 8 m khi tháo ván khuôn.",
		"/content/victims/0/name":       "Nguyễn Văn An",
		"/content/victims/0/birth_year": "1985",
	}
}

type object = map[string]any

// declaration is the rest of the submission, as for POST /v1/reports.
func declaration(reportID, letter string) object {
	occurred := time.Now().In(time.FixedZone("+07", 7*60*60)).Add(-3 * time.Hour)
	return object{
		"kind": "accident_declaration", "report_id": reportID, "private": letter,
		"content": object{
			"reporter":    object{"type": "establishment", "tax_code": "0100109106", "province": object{"list": "34", "code": "01"}},
			"occurred_at": occurred.Format(time.RFC3339),
			"place":       object{"province": object{"list": "34", "code": "24"}},
			"industry":    object{"version": "2025", "code": "F"},
			"cause":       "1",
			"victims": []object{{
				"sex": "male", "employment": "contract", "under_management": true,
				"severity": "dead", "died_on": occurred.Format(time.DateOnly),
			}},
		},
	}
}
