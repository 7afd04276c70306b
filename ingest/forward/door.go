// Package forward is the integrators' door: it takes submissions from the topics to
// which integrators produce, files them through the gateway like those that came over
// HTTP, and answers on a topic of each integrator's own.
//
// An integrator is whoever may write to its inbox topic: the access list of the topic
// is its identity. What it writes is a CloudEvent whose data is a submission without
// anything personal, and a letter (see [seal.Keys.OpenLetter]) that holds the rest.
// docs/INTEGRATORS.md is the contract in words, /asyncapi.json for machines.
//
// Every message gets an outcome, once it is decided, and only then is its offset
// committed; so after a crash a message is filed and answered again, with the same
// tracking number and under the same outcome id. What cannot be decided yet (no store,
// no confirmation) is tried again, and everything behind it in its partition waits.
package forward

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"atvsld/ingest/queue"
)

// Group is the consumer group of the forwarders.
const Group = "atvsld.forwarder.v1"

const (
	inboxPrefix   = "atvsld.inbox."
	outcomePrefix = "atvsld.outcome."
)

// InboxTopic is where an integrator puts its submissions.
func InboxTopic(integrator string) string { return inboxPrefix + integrator }

// OutcomeTopic is where it finds the answers.
func OutcomeTopic(integrator string) string { return outcomePrefix + integrator }

// PrincipalOf names an integrator as who filed a report. The prefix keeps it apart from
// those who file over HTTP.
func PrincipalOf(integrator string) string { return "integrator:" + integrator }

// integratorID keeps to what every topic name, access list and header takes. Without a
// dot, because Kafka's metrics do not tell "a.b" from "a_b".
var integratorID = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$`)

// CheckIntegrators refuses ids that are no part of a topic name or are there twice.
func CheckIntegrators(ids []string) error {
	var errs []error
	for i, id := range ids {
		if !integratorID.MatchString(id) {
			errs = append(errs, fmt.Errorf("integrator %q: an id has 1 to 32 lower-case letters, digits and inner hyphens", id))
		}
		if slices.Contains(ids[:i], id) {
			errs = append(errs, fmt.Errorf("integrator %q is there twice", id))
		}
	}
	return errors.Join(errs...)
}

// Topics gives the two topics of each integrator. Both have as many partitions as the
// report topic, so that a key has the same number everywhere. retention bounds how long
// a message waits for a forwarder, and an outcome for the integrator.
//
// The broker keeps an inbox uncompressed: it then measures what a batch really holds
// against its limit, and no small batch becomes a huge one in the forwarder.
func Topics(integrators []string, partitions int, retention time.Duration) []queue.Topic {
	var topics []queue.Topic
	for _, id := range integrators {
		for _, name := range []string{InboxTopic(id), OutcomeTopic(id)} {
			topics = append(topics, queue.Topic{Name: name, Partitions: partitions, Config: map[string]string{
				"cleanup.policy": "delete", "retention.bytes": "-1",
				"retention.ms":           strconv.FormatInt(retention.Milliseconds(), 10),
				"message.timestamp.type": "LogAppendTime",
				"compression.type":       "uncompressed",
			}})
		}
	}
	return topics
}
