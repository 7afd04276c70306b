package intake

import (
	"slices"
	"strings"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// scope says for whom a principal may file. It is found out once for a chunk.
type scope struct {
	by Principal
	// anybody: the principal files in everybody's name, so nothing is judged.
	anybody bool
	// own is how far it reaches with what it files itself. Its extent is None where nowhere.
	own access.Reach
	// paper is how far it reaches with what it enters on behalf of who made it.
	paper access.Reach
}

func (g *Gateway) scopeOf(by Principal) *scope {
	s := &scope{by: by, own: g.reach(by, access.File), paper: g.reach(by, access.FilePaper)}
	info, _ := access.Info(by.Role)
	s.anybody = by.Unlimited || s.own.Extent == access.All && slices.Contains(info.Reporters, access.AnyReporter)
	return s
}

func (g *Gateway) reach(by Principal, a access.Action) access.Reach {
	reach, err := by.Reach(a, g.Seeds)
	if err != nil {
		return access.Reach{Extent: access.None}
	}
	return reach
}

// byUnits tells whether units limit what is filed, not provinces.
func (s *scope) byUnits() bool { return limitedByUnits(s.own) }

func limitedByUnits(r access.Reach) bool {
	return r.Extent == access.Own || r.Extent == access.Granted
}

// judge finds everything that is out of scope about who makes a report. A withdrawal does
// not say who: see holds. It must be called before Strip. wrong are the findings that
// there are: what cannot be read needs no word on its scope, because it is refused.
func (s *scope) judge(sub *report.Submission, p report.PseudonymFunc, wrong []report.Finding) []report.Finding {
	if s.anybody || sub.Content == nil {
		return nil
	}
	r := report.ReporterOf(sub.Content)
	if r.TaxCode.IsPerson() {
		r.TaxCode = report.HouseholdCode(r.TaxCode, p)
	}
	var findings []report.Finding
	if !s.entersPaper(sub) {
		findings = s.judgeRole(&r)
	}
	reach := s.reachFor(sub)
	if reach.Extent != access.None && !reach.HasKind(string(sub.Kind)) {
		// Nobody makes what he does not see: each branch of the state has its own kinds.
		findings = append(findings, ruleReporterKind.finding("/kind", s.by.Role, s.by.Role))
	}
	switch {
	case reach.Extent == access.None:
		findings = append(findings, ruleNoScope.finding(""))
	case limitedByUnits(reach) && !reach.HasUnit(r.Unit()):
		findings = append(findings, ruleReporterUnit.finding(whereNamed(&r)))
	case !limitedByUnits(reach) && !reach.HasPlace(r.Province):
		findings = append(findings, ruleReporterArea.finding(whereGoverned(&r)))
	}
	return slices.DeleteFunc(findings, func(f report.Finding) bool { return refusedAt(wrong, f.Pointer) })
}

func (s *scope) judgeRole(r *report.Reporter) []report.Finding {
	role := s.by.Role
	if access.FilesAs(role, string(r.Type), r.Authority) {
		return nil
	}
	as, at := string(r.Type), "/content/reporter/type"
	if r.Type == report.AuthorityReporter {
		as, at = as+":"+r.Authority, "/content/reporter/authority"
	}
	return []report.Finding{ruleReporterType.finding(at, role, as, role, as)}
}

// entersPaper tells whether the submission is entered on behalf of who made it.
func (s *scope) entersPaper(sub *report.Submission) bool {
	return sub.Paper != nil && s.paper.Extent != access.None
}

func (s *scope) reachFor(sub *report.Submission) access.Reach {
	if s.entersPaper(sub) {
		return s.paper
	}
	return s.own
}

// whereNamed points to what names a unit.
func whereNamed(r *report.Reporter) string {
	switch r.Type {
	case report.CommuneReporter:
		return "/content/reporter/commune"
	case report.AuthorityReporter, "":
		return "/content/reporter/type"
	default:
		return "/content/reporter/tax_code"
	}
}

// whereGoverned points to the province, or to what is missing of it.
func whereGoverned(r *report.Reporter) string {
	const at = "/content/reporter/province"
	switch {
	case r.Province.List == "":
		return at + "/list"
	case r.Province.Code == "":
		return at + "/code"
	default:
		return at
	}
}

// refusedAt tells whether an error stands at a pointer or above it.
func refusedAt(findings []report.Finding, pointer string) bool {
	return slices.ContainsFunc(findings, func(f report.Finding) bool {
		return f.Severity == report.Error && f.Pointer != "" && (f.Pointer == pointer || strings.HasPrefix(pointer, f.Pointer+"/"))
	})
}

// filer is who made a report, as far as scopes by province ask.
type filer struct {
	Type      report.ReporterType
	Authority string
	Province  seeds.ProvinceRef
}

func filerOf(c report.Content) filer {
	r := report.ReporterOf(c)
	return filer{r.Type, r.Authority, r.Province}
}

// holds tells whether what is on file of a report is within the scope of a submission
// that would amend or withdraw it, or repeats it. What is on file decides, not what the
// submission says about itself.
func (s *scope) holds(h *history, sub *report.Submission) bool {
	reach := s.reachFor(sub)
	switch {
	case s.anybody:
		return true
	case reach.Extent == access.None || !reach.HasKind(string(h.Kind)):
		return false
	case limitedByUnits(reach):
		return reach.HasUnit(h.Unit) && s.makes(h.Kind)
	case s.entersPaper(sub):
		return reach.HasPlace(h.filer.Province)
	default:
		return access.FilesAs(s.by.Role, string(h.filer.Type), h.filer.Authority) && reach.HasPlace(h.filer.Province)
	}
}

// makes tells whether the role makes reports of the kind at all: the unit of an entry of
// the register is the one that is registered, who does not keep it.
func (s *scope) makes(kind report.Kind) bool {
	definition, known := report.Lookup(kind)
	return known && slices.ContainsFunc(definition.Reporters(), func(t report.ReporterType) bool {
		return access.FilesAs(s.by.Role, string(t), "")
	})
}

// mayRead tells whether the principal may read a report of the year before, which a
// grant to file alone does not let it.
func (g *Gateway) mayRead(by Principal, kind report.Kind, content report.Content) bool {
	reach := g.reach(by, access.ReadReports)
	switch {
	case reach.Extent == access.None || !reach.HasKind(string(kind)):
		return false
	case limitedByUnits(reach):
		return reach.HasUnit(content.Identity().Unit)
	default:
		return reach.HasPlace(report.ReporterOf(content).Province)
	}
}
