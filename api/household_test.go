package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"atvsld/ingest/queue"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// number is the tax code of a household business: the citizen number of its holder.
const householdNumber = "001085012345"

// households are reports of every kind that takes a household's tax code, each with it in
// every place that does, and as a victim's and worker's citizen number.
func households(t *testing.T) (reports [][]byte) {
	t.Helper()
	for _, d := range report.Definitions() {
		raw := reporttest.Valid(d.Kind)
		found := false
		for _, f := range report.Dictionary() {
			if f.Kind != d.Kind || !strings.HasSuffix(f.Pointer, "/tax_code") && !strings.HasSuffix(f.Pointer, "/id_number") {
				continue
			}
			pointer := strings.ReplaceAll(f.Pointer, "*", "0")
			changed, ok := set(raw, pointer, `"`+householdNumber+`"`)
			if _, form, err := report.Decode(changed); ok && err == nil && len(form) == 0 {
				raw, found = changed, true
			}
		}
		if found {
			reports = append(reports, raw)
		}
	}
	return reports
}

// set sets a member that is there; ok is false where there is none.
func set(raw []byte, pointer, value string) (changed []byte, ok bool) {
	defer func() {
		if recover() != nil {
			changed, ok = raw, false
		}
	}()
	return reporttest.Set(raw, pointer, value), true
}

// The 12-digit tax code of a household business is a person's number: it stands in no message
// of the log, no column but the sealed one, no line of the program's log and no address.
func TestHouseholdCodeIsAPerson(t *testing.T) {
	p := newPlatform(t)
	p.startLog()
	accepted := map[string]int{}
	for _, raw := range households(t) {
		a := p.post(reportsPath, raw)
		require.NotContains(t, strings.ReplaceAll(string(a.body), string(raw), ""), householdNumber)
		if a.status != http.StatusAccepted {
			continue // a rule wants another reporter of the kind
		}
		one := read[Acceptance](a)
		p.awaitStored(one)
		s, _, err := report.Decode(raw)
		require.NoError(t, err)
		accepted[string(s.Kind)]++
	}
	require.Greater(t, len(accepted), 4, accepted)

	for partition := range partitions {
		for _, m := range messagesOf(t, p.brokers[0], queue.ReportsTopic, partition) {
			require.NotContains(t, fmt.Sprintf("%s %s %v", m.Key, m.Value, m.Headers), householdNumber)
		}
	}
	p.inNoColumn([]string{householdNumber})
	pseudonym := p.deps.Keys.Pseudonym(report.DomainHousehold, householdNumber)
	require.Positive(t, p.rowsWith("report_log", []string{"payload"}, []string{pseudonym})[0], "the search finds what is there")
	require.NotContains(t, p.logged(), householdNumber)

	// The person himself is told everything.
	body := fmt.Appendf(nil, `{"tax_code":%q}`, householdNumber)
	a := p.post(personsPath, body, PurposeHeader, "request_of_person").ok()
	export := read[PersonExport](a)
	kinds := map[string]int{}
	for _, r := range export.Reports {
		kinds[r.Kind]++
		require.Contains(t, string(r.Revisions[0].Document), householdNumber, r.Kind)
	}
	require.Equal(t, accepted, kinds)
	require.NotContains(t, p.logged(), householdNumber)
}

// What is wrong with a request for a person is told without repeating it.
func TestPersonRequestsThatAreRefused(t *testing.T) {
	p := newSmall(t, func(d *Deps, _ *Config) {
		kept := &filings{}
		d.Reports, d.Persons = kept, nobodyFound{}
	})
	f := func(body, code string) {
		t.Helper()
		a := p.post(personsPath, []byte(body), PurposeHeader, "request_of_person")
		require.Contains(t, string(a.body), code)
		require.NotContains(t, string(a.body)+p.logged(), "123456")
	}
	f(`{"citizen_number":"123456"}`, "API-134")
	f(`{}`, "API-133")
	f(`{"citizen_number":123456}`, "API-132")
	f(`{"number":"001085123456"}`, "API-132")
	f(`{"citizen_number":"001085123456","tax_code":"001085123457"}`, "API-135") // of two persons
	require.Equal(t, http.StatusUnprocessableEntity, p.post(personsPath+"?citizen_number=1", []byte(`{}`), PurposeHeader, "request_of_person").status)
	p.get(personsPath).problem(http.StatusMethodNotAllowed, "API-010")
	a := p.post(personsPath, []byte(`{"citizen_number":"001085123456"}`), PurposeHeader, "request_of_person; 12/DN").ok()
	// Whoever exports says why, the operator too.
	p.post(personsPath, []byte(`{"citizen_number":"001085123456"}`)).problem(http.StatusForbidden, "API-120")
	require.Empty(t, read[PersonExport](a).Reports)
	p.post(personsPath, []byte(`{"citizen_number":"001085123456","tax_code":"001085123456"}`), PurposeHeader, "request_of_person").ok()
}

type nobodyFound struct{}

func (nobodyFound) Mentions(context.Context, []string) ([]uuid.UUID, error) { return nil, nil }
