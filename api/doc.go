// Package api is the platform's HTTP interface: reports come in, receipts, states,
// indicators and attainment go out, and it describes itself (OpenAPI 3.1).
//
// It holds no SQL and no Kafka types. A submission is decoded once, by
// ingest/report from the raw bytes; the types of the forms only describe the bodies
// to readers of the OpenAPI document. Every error is an RFC 9457 problem that lists
// every finding at once, in Vietnamese and English, and no failure hides behind a
// status of 200.
package api
