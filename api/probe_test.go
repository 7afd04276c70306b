package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/ingest/report/reporttest"
)

// probes are the questions of the matrix, one an operation.
func (w *world) probes() map[string]probe {
	id := func(role access.Role, s side) string { return w.ids[s][kindOf(role)].String() }
	code := func(s side) string { return "34:" + sides[s].province }
	fixed := func(path string) probe { return func(access.Role, side) question { return get("%s", path) } }
	area := func(format string) probe {
		return func(_ access.Role, s side) question { return get(format, code(s)) }
	}
	of := func(format string) probe {
		return func(r access.Role, s side) question { return get(format, id(r, s)) }
	}
	accident := func(format string) probe {
		return func(_ access.Role, s side) question { return get(format, w.ids[s][report.AccidentDeclaration]) }
	}
	all := map[string]probe{
		// Reference and public figures.
		"list-rules": fixed("/v1/rules"), "get-dictionary": fixed("/v1/dictionary"), "list-codelists": fixed("/v1/codelists"),
		"get-codelist": fixed("/v1/codelists/provinces"), "receipt-keys": fixed("/v1/receipts/keys"), "inbox-keys": fixed("/v1/inbox/keys"),
		"list-indicators": fixed("/v1/indicators"), "get-indicator": fixed("/v1/indicators/N1"), "list-base-figures": fixed("/v1/base-figures"),
		"list-targets": fixed("/v1/targets"), "listen": fixed(livePath + "?once=true"), "get-boundaries": fixed("/v1/boundaries/34"), "list-closings": fixed("/v1/closings"),
		"list-violations": fixed("/v1/violations"), "read-audit": fixed(auditPath + "?limit=3"), "audit-keys": fixed(auditPath + "/keys"), "list-erasures": fixed("/v1/erasures"),
		"get-policy": fixed("/v1/access/policy"), "get-myself": fixed("/v1/access/me"),
		"list-access-keys": fixed(accessKeysPath), "list-grants": fixed(grantsPath), "list-token-revocations": fixed(revocationsPath),
		"get-attainment": area("/v1/attainment?year=2025&area=%s"), "get-series": area("/v1/indicators/N1/series?from=2025&to=2025&area=%s"),
		"get-chart": area("/v1/indicators/N1/chart?from=2023&to=2025&area=%s"), "get-movers": area("/v1/indicators/N1/movers?from=2024&to=2025&area=%s&by=vsic"),
		"get-funnel": fixed("/v1/indicators/A3/funnel?from=2025&to=2025"),
		// One's own reports.
		"report-status": of(reportsPath + "/%s"), "report-revision": of(reportsPath + "/%s/revisions/1"),
		"report-history": of(reportsPath + "/%s/history"), "report-diff": of(reportsPath + "/%s/diff?from=1&to=1"),
		// Officers.
		"get-accident": accident(accidentsPath + "/%s"), "get-quick-report": accident(accidentsPath + "/%s/quick-report"),
		"list-outliers": area(outliersPath + "?province=%s&year=2025"), "list-investigations": area("/v1/investigations?province=%s"), "get-summary": area("/v1/summaries/%s?period=2025"),
		"list-osh-figures": fixed("/v1/osh-figures?year=2025&by=province"), "compare-treated-victims": fixed("/v1/treated-victims?period=2025&by=province"),
		"disease-case-funnel": area("/v1/disease-cases/funnel?area=%s"),
		// The platform.
		"list-dead-letters": fixed(deadLettersPath), "get-dead-letter": fixed(deadLettersPath + "/" + w.noLetter()), "verify": fixed("/v1/proof"),
	}
	all["explain-indicator"] = area("/v1/indicators/N1/explain?year=2025&area=%s")
	all["list-explained-reports"] = area("/v1/indicators/N1/explain/reports?year=2025&area=%s")
	all["list-reports"] = func(r access.Role, s side) question {
		return get("%s?kind=%s&province=%s", reportsPath, kindOf(r), code(s))
	}
	all["list-obligations"] = func(r access.Role, s side) question {
		if access.ExtentOf(r, access.ReadObligations) == access.Area || access.ExtentOf(r, access.ReadObligations) == access.All {
			return get("%s?province=%s&year=2025", obligationsPath, code(s))
		}
		return get("%s?unit=%s&year=2025", obligationsPath, url.QueryEscape(mainUnit(w.raw[s][kindOf(r)])))
	}
	all["export-person"] = func(access.Role, side) question {
		return post(personsPath, []byte(`{"citizen_number":"001000000000"}`), PurposeHeader, "request_of_person")
	}
	all["report-draft"] = func(_ access.Role, s side) question {
		return get("%s/draft?kind=annex_xii&tax_code=%s&period=2025", reportsPath, sides[s].texts.Replace("0100109106"))
	}
	all["file-report"] = func(r access.Role, s side) question { return post(reportsPath, w.raw[s][kindFiledBy(r)]) }
	all["file-reports"] = func(r access.Role, s side) question {
		return post(reportsPath+":batch", []byte(oneLine(w.raw[s][kindFiledBy(r)])), "Content-Type", ndjsonType)
	}
	w.addReceipts(all)
	w.addActs(all)
	return all
}

func (w *world) addReceipts(all map[string]probe) {
	a := w.accept(reporttest.Set(w.raw[here][report.AnnexXII], "/content/period", `"2024"`))
	whole, err := marshal(a)
	if err != nil {
		panic(err)
	}
	all["verify-receipt"] = func(access.Role, side) question { return post("/v1/receipts/verify", whole) }
	all["verify-receipt-by-link"] = func(access.Role, side) question {
		return get("/v1/receipts/verify?receipt=%s", base64.RawURLEncoding.EncodeToString(whole))
	}
}

// addActs are what changes something: the body is wrong on purpose, so that who may gets 400
// or 422 and nothing happens.
func (w *world) addActs(all map[string]probe) {
	nothing := []byte(`{}`)
	all["make-grants"] = func(r access.Role, s side) question {
		return post(grantsPath+"?dry_run=true", fmt.Appendf(nil, `{"grantee":"zone:z","units":[%q],"rights":["read"]}`, unitOf(r, s)))
	}
	all["make-access-key"] = func(r access.Role, s side) question {
		scope := fmt.Sprintf(`"establishments":[%q]`, unitOf(r, s))
		switch r {
		case access.Commune:
			scope = fmt.Sprintf(`"communes":[%q]`, sides[s].texts.Replace("00004"))
		case access.Insurance:
			scope = fmt.Sprintf(`"provinces":["34:%s"]`, sides[s].province)
		}
		return post(accessKeysPath, []byte(`{"name":"x",`+scope+`}`))
	}
	for id, path := range map[string]string{
		"rotate-access-key": accessKeysPath + "/" + noKey + ":rotate", "revoke-access-key": accessKeysPath + "/" + noKey + ":revoke",
		"end-grant": grantsPath + "/" + uuid.NewString() + ":end", "revoke-tokens": revocationsPath,
		"replay-dead-letter": deadLettersPath + "/" + w.noLetter() + ":replay", "discard-dead-letter": deadLettersPath + "/" + w.noLetter() + ":discard", "repair": "/v1/proof:repair",
	} {
		all[id] = func(access.Role, side) question { return question{method: http.MethodPost, path: path, body: nothing} }
	}
}

// unitOf is the unit that a role is, or acts for, on a side.
func unitOf(role access.Role, s side) string {
	switch role {
	case access.Commune:
		return "commune:" + sides[s].texts.Replace("00004")
	case access.Clinic, access.ServiceBody:
		return sides[s].texts.Replace("0100112437")
	}
	return sides[s].texts.Replace("0100109106")
}

// noKey is the id of an API key that there is not.
const noKey = "aaaaaaaaaaaaaaaa"

// noLetter is the name of a dead letter that there is not.
func (w *world) noLetter() string { return w.epoch.String() + ".0.999999" }

// mainUnit is the unit that files a document, as the store names it, without its site.
func mainUnit(raw []byte) string {
	s, _, err := report.Decode(raw)
	if err != nil {
		panic(err)
	}
	unit, _, taxpayer := strings.Cut(s.Content.Identity().Unit, "/")
	if taxpayer {
		unit += "/0"
	}
	return unit
}
