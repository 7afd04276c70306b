package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/obligation"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/ingest/seal"
	"atvsld/seeds"
)

const obligationsPath = "/v1/obligations"

var (
	ruleUnitOrProvince = rule{"API-100", report.Error, "Phải nêu unit hoặc province, không nêu cả hai.", "Either unit or province is needed, not both."}
	rulePersonalUnit   = rule{"API-101", report.Error, "Số định danh cá nhân không được đặt trong địa chỉ; hãy dùng hb: và mã giả danh của hộ kinh doanh; hộ kinh doanh thấy mã của mình ở /v1/access/me.", "A personal number may not stand in an address; use hb: and the pseudonym of the household business, which finds its own in /v1/access/me."}
	ruleNotRegistered  = rule{"API-102", report.Error, "Đơn vị này không có trong sổ đăng ký.", "The register has no such unit."}
	ruleNoObligation   = rule{"API-103", report.Error, "Không có nghĩa vụ nộp loại báo cáo này trong năm đã nêu. Danh mục: /v1/codelists/obligations.", "Nobody owes a report of this kind on the asked year. Code list: /v1/codelists/obligations."}
)

// Register is the part of *store.Store that tells who owes what.
type Register interface {
	Obliged(ctx context.Context, q store.ObligedQuery, found func(*store.Obliged) error) error
	Sealed(ctx context.Context, keys []store.Key) (map[store.Key]store.SealedText, error)
}

// ObligationList is a page of obligations.
type ObligationList struct {
	Obligations   []Obligation      `json:"obligations" doc:"By unit, then by year and half-year; an obligation never changes its place"`
	Counts        []ObligationCount `json:"counts" doc:"All that were asked for, whatever states are chosen and whatever page is shown"`
	Units         int               `json:"units" doc:"Registered units that owe any of what was asked for"`
	At            time.Time         `json:"at" doc:"The moment for which states are told, from what is on record now"`
	Next          string            `json:"next,omitempty" doc:"Address of the next page, as in the header Link; none on the last page"`
	Demonstration bool              `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// ObligationCount is how many obligations are in one state.
type ObligationCount struct {
	State       string `json:"state" enum:"missing,late,extended,due,undated,filed,replaced,exempt,elsewhere"`
	Obligations int    `json:"obligations"`
}

// Obligation is how one unit stands with one report.
type Obligation struct {
	Unit     string `json:"unit" doc:"Key of the unit: tax code/site, hb:pseudonym/site of a household business, commune:code@first day, authority:branch@list:code"`
	UnitType string `json:"unit_type" enum:"establishment,commune,clinic,service_body,authority"`
	TaxCode  string `json:"tax_code,omitempty" doc:"Tax code of an organisation; a person's number is never shown"`
	// What is sealed is opened for entitled callers.
	Name    string `json:"name,omitempty" doc:"Name; none when its key was destroyed"`
	Phone   string `json:"phone,omitempty" doc:"Telephone, if registered"`
	Address string `json:"address,omitempty" doc:"Address, if registered"`

	Province    *ObligationProvince `json:"province" doc:"Province of the head office on the last day of the period, as registered; null when it is not known"`
	Obligation  string              `json:"obligation" doc:"Code list: /v1/codelists/obligations"`
	Kind        string              `json:"kind,omitempty" doc:"Kind of report that fulfils it; none where the platform takes none"`
	NameVI      string              `json:"name_vi"`
	NameEN      string              `json:"name_en"`
	Period      string              `json:"period" doc:"2025, or 2025H1 for the first half"`
	State       string              `json:"state" enum:"missing,late,extended,due,undated,filed,replaced,exempt,elsewhere" doc:"missing: not filed, the time is over. late: filed after it. extended: the legal time is over, the one granted is not. due: not filed, there is time. undated: not filed, no date was found in the law. filed: in time. replaced: the parent's report names the unit. exempt: need not file. elsewhere: the platform does not take this report"`
	DueBy       seeds.Date          `json:"due_by,omitzero" doc:"Last day in time (Asia/Ho_Chi_Minh), an extension included; none when no date was found"`
	DueStatus   string              `json:"due_status" enum:"V,S,UNVERIFIED" doc:"How far the legal date was verified; UNVERIFIED: none was found"`
	ExtendedTo  seeds.Date          `json:"extended_to,omitzero" doc:"Last day of a granted extension"`
	FiledAt     *time.Time          `json:"filed_at" doc:"First receipt of the report that counts; null when there is none"`
	ReportedBy  string              `json:"reported_by,omitempty" doc:"Unit that reports for this one: in fact when replaced, as registered otherwise"`
	RecipientVI string              `json:"recipient_vi"`
	RecipientEN string              `json:"recipient_en"`
	LegalRef    string              `json:"legal_ref"`
	Status      string              `json:"status" doc:"How far the obligation was verified"`
}

// ObligationProvince is a province.
type ObligationProvince struct {
	List string `json:"list" enum:"63,34"`
	Code string `json:"code"`
}

func (s *Server) routeObligations() {
	op := operation("list-obligations", access.ReadObligations, http.MethodGet, obligationsPath,
		"Nghĩa vụ báo cáo và tình trạng / Obligations to report and how they stand",
		"Của một đơn vị (unit): phải nộp gì, khi nào. Của một tỉnh (province): ai chưa nộp. Một trong hai phải có, và trong phạm vi của người dùng. Chỉ đơn vị có trong sổ đăng ký mới được liệt kê. / "+
			"Of one unit: what it owes and when. Of one province: who has not filed. One of the two is needed, within the caller's scope. Only units in the register are listed.",
		tagOfficers, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	offered(&op, func() bool { return s.Register != nil })
	opensPersonal(&op)
	op.Responses = withCSV()
	huma.Register(s.api, op, s.listObligations)
}

type obligationsInput struct {
	Unit     string    `query:"unit" maxLength:"80" doc:"One unit by its key, as in 0100109106/0; a household business by hb: and its pseudonym"`
	Province string    `query:"province" maxLength:"10" doc:"Units with their head office in this province on the last day of the period, as list:code; 34:01 on the list in force since 1 July 2025, 63:01 on the one before"`
	Year     int       `query:"year" minimum:"2016" maximum:"2199" doc:"Year reported on, its first half included; by default this year and the last"`
	Period   string    `query:"period" maxLength:"6" doc:"One period, as in 2025 or 2025H1"`
	Kind     []string  `query:"kind" maxItems:"20" doc:"Kinds of report, separated by commas; by default all, also what the platform does not take"`
	State    []string  `query:"state" maxItems:"9" enum:"missing,late,extended,due,undated,filed,replaced,exempt,elsewhere" doc:"States, separated by commas; by default all"`
	At       time.Time `query:"at" doc:"Moment for which states are told (RFC 3339); by default now. What was filed later is left out; what was withdrawn since is, too"`
	Limit    int       `query:"limit" minimum:"1" maximum:"1000" default:"200" doc:"Length of a page"`
	Cursor   string    `query:"cursor" maxLength:"200" doc:"As in the address of the next page"`
}

type obligationsOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Link        string `header:"Link" doc:"Next page (RFC 8288)"`
	Body        ObligationList
}

func (s *Server) listObligations(ctx context.Context, in *obligationsInput) (*obligationsOutput, error) {
	search, problem := s.readObligations(in)
	if problem != nil {
		return nil, problem
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	query := store.ObligedQuery{Owed: search.owed, Provinces: search.reported}
	if in.Unit != "" {
		query.Units = []string{in.Unit}
	}
	if err := s.Register.Obliged(ctx, query, search.take); err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	if in.Unit != "" && !search.registered {
		return nil, problemNotFound.new(ruleNotRegistered.parameter("unit"))
	}
	out := &obligationsOutput{ContentType: negotiated(ctx), Body: ObligationList{
		Obligations: []Obligation{}, Counts: []ObligationCount{}, Units: search.units, At: search.at, Demonstration: s.Demonstration,
	}}
	for _, state := range obligation.States() {
		if n := search.counts[state]; n > 0 {
			out.Body.Counts = append(out.Body.Counts, ObligationCount{string(state), n})
		}
	}
	page := search.page
	if len(page) > in.Limit {
		page = page[:in.Limit]
		out.Body.Next = in.after(page[len(page)-1])
		out.Link = "<" + out.Body.Next + `>; rel="next"`
	}
	names, err := s.namesOf(ctx, page)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	for _, one := range page {
		listed := one.listed(names[one.registration])
		discloseObligation(ctx, &listed)
		out.Body.Obligations = append(out.Body.Obligations, listed)
	}
	return out, nil
}

// readObligations finds everything that is wrong with the question.
func (s *Server) readObligations(in *obligationsInput) (*obligationSearch, *Problem) {
	search := &obligationSearch{at: in.At, limit: in.Limit, states: in.State, counts: map[obligation.State]int{}}
	if in.At.IsZero() {
		search.at = s.Clock().In(seeds.Local())
	}
	wrong := problemParameters.new()
	if (in.Unit == "") == (in.Province == "") {
		wrong.Errors = append(wrong.Errors, ruleUnitOrProvince.finding())
	}
	wrong.Errors = append(wrong.Errors, personalUnits(in.Unit, "")...)
	wrong.Errors = append(wrong.Errors, s.readHeadOffice(in, search)...)
	wrong.Errors = append(wrong.Errors, s.readOwed(in, search)...)
	if in.Cursor != "" && !search.begin(in.Cursor) {
		wrong.Errors = append(wrong.Errors, ruleParameter.parameter("cursor", "cursor", "lấy từ địa chỉ trang tiếp theo", "cursor", "take it from the address of the next page"))
	}
	if len(wrong.Errors) > 0 {
		return nil, wrong
	}
	return search, nil
}

func (s *Server) readHeadOffice(in *obligationsInput, search *obligationSearch) []report.Finding {
	if in.Province == "" {
		return nil
	}
	ref, ok := readArea(in.Province)
	if !ok || ref == (seeds.ProvinceRef{}) {
		return []report.Finding{ruleArea.parameter("province")}
	}
	if _, known := s.Seeds.Province(ref); !known {
		return []report.Finding{ruleParameter.parameter("province", "province", "không có tỉnh này", "province", "there is no such province")}
	}
	// A head office counts by where its province lies on the list that was asked by.
	search.inProvince = map[seeds.ProvinceRef]bool{}
	code := s.Seeds.To34
	if ref.List == seeds.List63 {
		code = s.Seeds.To63
	}
	for _, list := range []seeds.ProvinceList{seeds.List34, seeds.List63} {
		for _, p := range s.Seeds.Provinces(list) {
			if unit, ok := code(p.Ref()); ok && unit == ref.Code {
				search.inProvince[p.Ref()] = true
				search.reported = append(search.reported, p.Ref())
			}
		}
	}
	return nil
}

// readOwed chooses the obligations that are asked for.
func (s *Server) readOwed(in *obligationsInput, search *obligationSearch) []report.Finding {
	years := []int{in.Year}
	period := report.Period(in.Period)
	switch {
	case in.Period != "" && (!period.Valid() || in.Year != 0 && period.Year() != in.Year):
		return []report.Finding{ruleParameter.parameter("period", "period", "phải là 2025 hoặc 2025H1, trong năm đã nêu", "period", "it must be 2025 or 2025H1, of the year that is asked for")}
	case in.Period != "":
		years = []int{period.Year()}
	case in.Year == 0:
		year := search.at.In(seeds.Local()).Year()
		years = []int{year - 1, year}
	}
	for _, o := range obligation.Of(s.Seeds, years...) {
		if _, taken := report.Lookup(report.Kind(o.Kind)); !taken && o.Kind != "" {
			continue // this version of the platform does not know the kind
		}
		if (in.Period == "" || o.Period == in.Period) && (len(in.Kind) == 0 || slices.Contains(in.Kind, o.Kind)) {
			search.owed = append(search.owed, o)
		}
	}
	var findings []report.Finding
	for _, kind := range in.Kind {
		owed := func(o obligation.Owed) bool { return o.Kind == kind }
		if in.Period == "" && (kind == "" || !slices.ContainsFunc(search.owed, owed)) {
			f := ruleNoObligation.parameter("kind")
			f.Value = valueText(kind)
			findings = append(findings, f)
		}
	}
	return findings
}

// obligationSearch counts what it takes and keeps one page of it.
type obligationSearch struct {
	owed []obligation.Owed
	// inProvince are the provinces, as registered, that lie in the one that is asked for;
	// nil takes every unit.
	inProvince map[seeds.ProvinceRef]bool
	reported   []seeds.ProvinceRef
	states     []string
	at         time.Time
	limit      int
	// The page begins behind this unit and obligation.
	afterUnit string
	afterOwed int

	registered bool
	units      int
	counts     map[obligation.State]int
	page       []standing
}

// standing is one obligation of one unit.
type standing struct {
	obligation.Standing
	owed           *obligation.Owed
	unit, unitType string
	// office is the newest head office, as in the registration that would be opened.
	office       seeds.ProvinceRef
	registration store.Key
}

// begin reads a cursor.
func (o *obligationSearch) begin(cursor string) bool {
	parts := strings.Split(cursor, "~")
	if len(parts) != 3 {
		return false
	}
	o.afterUnit = parts[0]
	o.afterOwed = slices.IndexFunc(o.owed, func(owed obligation.Owed) bool { return owed.Code == parts[1] && owed.Period == parts[2] })
	return o.afterOwed >= 0
}

func (o *obligationSearch) take(entry *store.Obliged) error {
	o.registered = true
	owes := false
	for i := range o.owed {
		s, is := o.owed[i].Assess(&entry.Unit, o.at)
		if !is || o.inProvince != nil && !o.inProvince[s.Province] {
			continue
		}
		owes = true
		o.counts[s.State]++
		if len(o.states) > 0 && !slices.Contains(o.states, string(s.State)) || len(o.page) > o.limit || !o.behind(entry.Unit.Unit, i) {
			continue
		}
		o.page = append(o.page, standing{s, &o.owed[i], entry.Unit.Unit, entry.Type, officeNow(entry.HeadOffice), store.Key{ReportID: entry.ReportID, Revision: entry.Revision}})
	}
	if owes {
		o.units++
	}
	return nil
}

// officeNow is where the newest head office lies, as report.AreaOf tells it.
func officeNow(stays []obligation.Stay) seeds.ProvinceRef {
	var newest obligation.Stay
	for _, stay := range stays {
		if !stay.From.Before(newest.From) {
			newest = stay
		}
	}
	return newest.Province
}

// behind tells whether an obligation lies behind the cursor.
func (o *obligationSearch) behind(unit string, owed int) bool {
	return o.afterUnit == "" || unit > o.afterUnit || unit == o.afterUnit && owed > o.afterOwed
}

// after is the address of the page behind an obligation, for the same question. It keeps
// the moment only if one was given.
func (in *obligationsInput) after(last standing) string {
	query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "cursor": {last.unit + "~" + last.owed.Code + "~" + last.owed.Period}}
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	set("unit", in.Unit)
	set("province", in.Province)
	set("period", in.Period)
	set("kind", strings.Join(in.Kind, ","))
	set("state", strings.Join(in.State, ","))
	if in.Year != 0 {
		set("year", strconv.Itoa(in.Year))
	}
	if !in.At.IsZero() {
		set("at", in.At.Format(time.RFC3339Nano))
	}
	return obligationsPath + "?" + query.Encode()
}

func (o *standing) listed(who report.Registered) Obligation {
	law := o.owed
	listed := Obligation{
		Unit: o.unit, UnitType: o.unitType, TaxCode: taxCodeOf(o.unit),
		Name: who.Name.Reveal(), Phone: who.Phone.Reveal(), Address: who.Address.Reveal(),
		Obligation: law.Code, Kind: law.Kind, NameVI: law.NameVI, NameEN: law.NameEN, Period: law.Period,
		State: string(o.State), DueBy: o.DueBy, DueStatus: string(law.DueStatus), ExtendedTo: o.ExtendedTo, ReportedBy: o.By,
		RecipientVI: law.RecipientVI, RecipientEN: law.RecipientEN, LegalRef: law.Source, Status: string(law.Status),
	}
	if o.Province != (seeds.ProvinceRef{}) {
		listed.Province = &ObligationProvince{string(o.Province.List), o.Province.Code}
	}
	if !o.FiledAt.IsZero() {
		at := o.FiledAt.In(seeds.Local())
		listed.FiledAt = &at
	}
	return listed
}

// taxCodeOf returns the tax code in an organisation's key, "" in any other.
func taxCodeOf(unit string) string {
	code, _, _ := strings.Cut(unit, "/")
	if report.TaxCode(code).Valid() != nil || report.TaxCode(code).IsPerson() {
		return ""
	}
	return code
}

// registered reads a registration back.
func (s *Server) registered(key store.Key, text store.SealedText) (report.Registered, error) {
	opened, err := s.Keys.Unseal(text.Key, text.Text, seal.AAD(key.ReportID, key.Revision))
	if err != nil {
		return report.Registered{}, err
	}
	stored := report.Stored{Kind: report.RegistrationEntry, ReportID: key.ReportID, Revision: key.Revision, Content: text.Content, Opened: opened}
	back, err := stored.Read()
	if err != nil {
		return report.Registered{}, err
	}
	submission, _, err := report.Decode(back.Document)
	if err != nil {
		return report.Registered{}, err
	}
	entry, ok := submission.Content.(*report.Registration)
	if !ok {
		return report.Registered{}, errors.New("no registration")
	}
	return entry.Registered, nil
}

// mayName tells whether a reach of reading personal data holds a unit of the register: by its
// newest head office, for what is opened is its newest registration, whatever period is asked.
func mayName(reach access.Reach, one *standing) bool {
	switch reach.Extent {
	case access.Own, access.Granted:
		return reach.HasUnit(one.unit)
	case access.Area:
		return one.office != (seeds.ProvinceRef{}) && reach.HasPlace(one.office)
	default:
		return reach.Extent == access.All
	}
}

// namesOf opens the names in the registrations of a page: whoever looks for reports has
// to know whom to call. One that cannot be opened is left out, not the whole page.
func (s *Server) namesOf(ctx context.Context, page []standing) (map[store.Key]report.Registered, error) {
	reach, err := callOf(ctx).by.Reach(access.ReadPersonal, s.Seeds)
	if err != nil || !reach.HasKind(string(report.RegistrationEntry)) {
		return nil, nil //nolint:nilerr // the only error says that the caller reaches nothing
	}
	var keys []store.Key
	for i := range page {
		key := page[i].registration
		if !slices.Contains(keys[max(0, len(keys)-1):], key) && mayName(reach, &page[i]) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	sealed, err := s.Register.Sealed(ctx, keys)
	if err != nil {
		return nil, err
	}
	names := make(map[store.Key]report.Registered, len(sealed))
	unread := 0
	for key, text := range sealed {
		registered, err := s.registered(key, text)
		if err != nil {
			unread++
			continue
		}
		names[key] = registered
	}
	if unread > 0 {
		s.Log.Warn("names of the register do not open", "names", unread, "request_id", callOf(ctx).id)
	}
	return names, nil
}
