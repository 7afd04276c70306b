package forward

import (
	"github.com/segmentio/kafka-go"

	"atvsld/ingest/report"
	"atvsld/ingest/seal"
)

// Read decodes a message: the submission and idempotency key, or findings.
func Read(m kafka.Message, partitions int, keys *seal.Keys) (document []byte, key string, findings []report.Finding) {
	d := decode(m, partitions, keys)
	return d.item.Raw, d.item.IdempotencyKey, d.findings
}

// Bounded is what an outcome shows of findings.
func Bounded(findings []report.Finding) []report.Finding { return bounded(findings) }
