package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
)

var (
	rulePersonBody = rule{"API-132", report.Error, "Yêu cầu phải là JSON gồm citizen_number, tax_code hoặc name, và reason.", "The request must be JSON with citizen_number, tax_code or name, and reason."}
	rulePersonOf   = rule{"API-133", report.Error, "Phải nêu citizen_number, tax_code hoặc name.", "citizen_number, tax_code or name is needed."}
	rulePersonText = rule{"API-134", report.Error, "%s không đúng: số định danh và mã số thuế cá nhân có 12 chữ số, name và reason từ 1 đến 200 và 2000 ký tự, birth_year có 4 chữ số.", "%s is wrong: personal numbers have 12 digits, name and reason 1 to 200 and 2000 characters, birth_year 4 digits."}
	rulePersonTwo  = rule{"API-135", report.Error, "citizen_number và tax_code khác nhau: mã số thuế của hộ kinh doanh là số định danh của chủ hộ, mỗi yêu cầu chỉ về một người.", "citizen_number and tax_code differ: a household's tax code is its holder's citizen number, and a request is about one person."}
)

// PersonFinder is the part of *store.Store that finds the reports that speak of a person.
type PersonFinder interface {
	Mentions(ctx context.Context, pseudonyms []string) ([]uuid.UUID, error)
}

// PersonRequest names a person. It is a body, never an address: numbers of persons stand in
// no log of addresses.
type PersonRequest struct {
	CitizenNumber string `json:"citizen_number,omitempty" pattern:"^[0-9]{12}$" doc:"Số căn cước / Citizen number, 12 digits"`
	TaxCode       string `json:"tax_code,omitempty" pattern:"^[0-9]{12}$" doc:"Mã số thuế 12 chữ số của hộ kinh doanh / Tax code of a household business, 12 digits"`
	// Name finds the person where a report has no citizen number of it. There it may find
	// another of the same name, year of birth and sex; whoever stands there with a citizen
	// number that is not asked for is never found by name.
	Name      string `json:"name,omitempty" maxLength:"200" doc:"Họ tên, để tìm cả báo cáo không có số định danh; người có số định danh khác không được tìm theo tên; vẫn có thể trùng người khác / Name, to find the person also where a report has no citizen number; nobody with another number is found by name, but it may still be another person's"`
	BirthYear string `json:"birth_year,omitempty" pattern:"^[0-9]{4}$" doc:"Năm sinh, cùng với name / Year of birth, with name"`
	Sex       string `json:"sex,omitempty" enum:"male,female" doc:"Giới tính, cùng với name / Sex, with name"`
}

// PersonExport is everything that the store holds about one person.
type PersonExport struct {
	Reports []PersonReport `json:"reports" doc:"In no particular order"`
	AsOf    time.Time      `json:"as_of"`
	// NotFound says what cannot be found this way.
	NotFound      string `json:"not_found" doc:"What an export cannot find, in English"`
	NotFoundVI    string `json:"not_found_vi" doc:"The same in Vietnamese"`
	Demonstration bool   `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// PersonReport is one report in which the person stands.
type PersonReport struct {
	ReportID  uuid.UUID        `json:"report_id"`
	Kind      string           `json:"kind"`
	StatYear  uint16           `json:"stat_year"`
	Unit      string           `json:"unit" doc:"Who reported; a household by its pseudonym"`
	Revisions []PersonRevision `json:"revisions" doc:"In which the person stands, the newest first"`
}

// PersonRevision is one revision of it.
type PersonRevision struct {
	Revision   uint32    `json:"revision"`
	ReceivedAt time.Time `json:"received_at"`
	Withdrawn  bool      `json:"withdrawn"`
	Personal   string    `json:"personal" enum:"open,erased,unreadable" doc:"erased: the key was destroyed, and only what is not personal is left"`
	FoundBy    []string  `json:"found_by" enum:"person,household,name" doc:"By which pseudonym: citizen number, tax code of a household, or name with year of birth and sex"`
	Document   Document  `json:"document" doc:"The submission with what is about the person; other persons are null, and blanked in free text"`
}

const (
	personNotFound   = "Persons who stand only in free text, or only by name in an investigation, are not found; nor are reports without the number, unless name, year of birth and sex are given, and a paper of another kind is not shown there."
	personNotFoundVI = "Không tìm được người chỉ có trong lời văn, hoặc chỉ có tên trong hồ sơ điều tra; báo cáo không có số định danh chỉ tìm được khi nêu họ tên, năm sinh và giới tính, và không nêu số giấy tờ khác."
	personsPath      = "/v1/persons:export"
)

func (s *Server) routePersons() {
	op := operation("export-person", access.ExportPerson, http.MethodPost, personsPath,
		"Mọi dữ liệu về một người / Everything about one person",
		"Cho chính người đó: mọi báo cáo và mọi lần nộp có người đó, phần về người đó được mở, phần về người khác được che. Đọc toàn bộ sổ các lần nộp. / "+
			"For that person: every report and revision in which the person stands, with what is about the person opened and what is about others left out. It reads the whole log of revisions.",
		tagOfficers, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	opensPersonal(&op)
	offered(&op, func() bool { return s.Persons != nil && s.readsBack() })
	registry := s.api.OpenAPI().Components.Schemas
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		jsonType: {Schema: registry.Schema(typeOf[PersonRequest](), true, "")},
	}}
	op.Responses = map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{jsonType: {Schema: registry.Schema(typeOf[PersonExport](), true, "")}},
	}}
	s.api.OpenAPI().AddOperation(&op)
	s.engine.POST(`/v1/persons\:export`, s.exportPerson)
}

func (s *Server) exportPerson(c *gin.Context) {
	// Whoever it is: everything about a person is opened at once.
	if callOf(c.Request.Context()).by.Purpose == "" {
		s.refuse(c, withoutPurpose())
		return
	}
	in, problem := readPerson(c)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	if !s.exports.persons.TryAcquire(1) {
		s.refuse(c, tooManyExports())
		return
	}
	defer s.exports.persons.Release(1)
	s.giveTime(c.Writer)
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.config.VerifyTimeout)
	defer cancel()
	reports, err := s.personReports(ctx, s.pseudonymsOf(in))
	if err != nil {
		s.refuse(c, s.storeProblem(ctx, err))
		return
	}
	s.Log.Info("a person's data are exported", "request_id", callOf(ctx).id, "by", callOf(ctx).by.ID, "reports", len(reports))
	s.write(c, http.StatusOK, jsonType, PersonExport{
		Reports: reports, AsOf: s.Clock(), NotFound: personNotFound, NotFoundVI: personNotFoundVI, Demonstration: s.Demonstration,
	})
}

// readPerson reads the body and finds everything that is wrong with it. No answer repeats a
// value of it.
func readPerson(c *gin.Context) (PersonRequest, *Problem) {
	var in PersonRequest
	if c.Request.URL.RawQuery != "" {
		return in, problemParameters.new(ruleUnknown.finding("?", "?"))
	}
	if !isMediaType(c.Request.Header, jsonType) {
		return in, problemMediaType.new(ruleMediaType.finding(jsonType, jsonType))
	}
	raw, problem := readBody(c)
	if problem != nil {
		return in, problem
	}
	if err := json.Unmarshal(raw, &in, json.RejectUnknownMembers(true)); err != nil {
		return in, problemUnreadable.new(rulePersonBody.finding())
	}
	if findings := in.wrong(); len(findings) > 0 {
		return in, problemParameters.new(findings...)
	}
	return in, nil
}

func (in *PersonRequest) wrong() []report.Finding {
	var findings []report.Finding
	bad := func(name string, ok bool) {
		if !ok {
			f := rulePersonText.finding(name, name)
			f.Pointer = "/" + name
			findings = append(findings, f)
		}
	}
	length := func(text string, low, high int) bool {
		n := utf8.RuneCountInString(strings.TrimSpace(text))
		return n >= low && n <= high
	}
	bad("citizen_number", in.CitizenNumber == "" || report.TaxCode(in.CitizenNumber).IsPerson())
	bad("tax_code", in.TaxCode == "" || report.TaxCode(in.TaxCode).IsPerson())
	bad("name", in.Name == "" || length(in.Name, 1, 200))
	bad("birth_year", in.BirthYear == "" || len(in.BirthYear) == 4 && strings.Trim(in.BirthYear, "0123456789") == "")
	bad("sex", in.Sex == "" || in.Sex == string(report.Male) || in.Sex == string(report.Female))
	if in.CitizenNumber != "" && in.TaxCode != "" && in.CitizenNumber != in.TaxCode {
		f := rulePersonTwo.finding()
		f.Pointer = "/tax_code"
		findings = append(findings, f)
	}
	if in.CitizenNumber == "" && in.TaxCode == "" && in.Name == "" {
		findings = append(findings, rulePersonOf.finding())
	}
	return findings
}

// pseudonymsOf are all under which the person may stand. A household's tax code is the citizen
// number of its holder, so that each number is looked for in both domains.
func (s *Server) pseudonymsOf(in PersonRequest) []string {
	var all []string
	for _, number := range []string{in.CitizenNumber, in.TaxCode} {
		all = append(all, s.Keys.Pseudonym(report.DomainPerson, number), s.Keys.Pseudonym(report.DomainHousehold, number))
	}
	if in.Name != "" {
		all = append(all, s.Keys.Pseudonym(report.DomainName, report.NameKey(in.Name, in.BirthYear, report.Sex(in.Sex))))
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(p string) bool { return p == "" })
}

// personReports opens what the reports say about the person. Whoever may export reaches every
// report, so that the platform itself asks for them.
func (s *Server) personReports(ctx context.Context, pseudonyms []string) ([]PersonReport, error) {
	ids, err := s.Persons.Mentions(ctx, pseudonyms)
	if err != nil {
		return nil, err
	}
	call := callOf(ctx)
	ctx = access.System(ctx)
	reports := make([]PersonReport, 0, len(ids))
	for _, id := range ids {
		stored, err := s.Reports.Filings(ctx, id, 1, report.MaxRevision, report.MaxRevision)
		if err != nil {
			return nil, err
		}
		if len(stored) == 0 {
			continue
		}
		one := PersonReport{ReportID: id, Kind: stored[0].Kind, StatYear: stored[0].StatYear, Unit: stored[0].Unit}
		for i := range stored {
			revision, err := s.personRevision(id, &stored[i], pseudonyms)
			if err != nil {
				return nil, err
			}
			if revision.Personal == personalOpen {
				call.disclosed(id, revision.Revision, report.PersonalPointers(revision.Document))
			}
			if len(revision.FoundBy) > 0 {
				one.Revisions = append(one.Revisions, revision)
			}
		}
		if len(one.Revisions) > 0 {
			reports = append(reports, one)
		}
	}
	return reports, nil
}

func (s *Server) personRevision(id uuid.UUID, f *store.Filing, pseudonyms []string) (PersonRevision, error) {
	out := PersonRevision{Revision: f.Revision, ReceivedAt: f.ReceivedAt, Withdrawn: f.Withdrawn, Personal: personalOpen}
	stored := report.Stored{Kind: report.Kind(f.Kind), ReportID: id, Revision: f.Revision, Withdrawn: f.Withdrawn, Content: f.Payload}
	if len(f.Sealed) > 0 {
		var err error
		stored.Opened, err = s.Keys.Unseal(f.SealedKey, f.Sealed, seal.AAD(id, f.Revision))
		switch {
		case errors.Is(err, seal.ErrKeyDestroyed):
			out.Personal = personalErased
		case errors.Is(err, seal.ErrUnreadable):
			out.Personal = personalUnreadable
		case err != nil:
			return out, fmt.Errorf("open report %s revision %d: %w", id, f.Revision, err)
		}
	}
	is := func(p report.Pseudonym) bool { return slices.Contains(pseudonyms, string(p)) }
	about, err := stored.About(is)
	if err != nil && stored.Opened != nil {
		out.Personal, stored.Opened = personalUnreadable, nil
		about, err = stored.About(is)
	}
	if err != nil {
		return out, fmt.Errorf("read back report %s revision %d: %w", id, f.Revision, err)
	}
	out.FoundBy, out.Document = append([]string{}, about.Found...), Document(about.Document)
	return out, nil
}
