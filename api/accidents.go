package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

// Accidents is the part of *store.Store that tells of single accidents.
type Accidents interface {
	Cases(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*store.Case, error)
	Investigations(ctx context.Context, f store.InvestigationFilter) (page []store.Investigation, more bool, err error)
	InvestigationsOf(ctx context.Context, ids []uuid.UUID) ([]store.Investigation, error)
	IncidentsOf(ctx context.Context, ids []uuid.UUID) ([]store.Incident, error)
}

// AccidentCase is one accident as it stands: all its declarations together.
type AccidentCase struct {
	AccidentID     uuid.UUID                 `json:"accident_id" doc:"report_id of the earliest declaration"`
	OccurredAt     time.Time                 `json:"occurred_at"`
	Province       seeds.ProvinceRef         `json:"province" doc:"As the earliest declaration says. Codes: /v1/codelists/provinces"`
	ProvinceNow    string                    `json:"province_now" doc:"Code of the unit it belongs to since 1 July 2025"`
	VSICVersion    string                    `json:"vsic_version"`
	VSICCode       string                    `json:"vsic_code"`
	Cause          string                    `json:"cause,omitempty" doc:"Codes: /v1/codelists/causes"`
	FactorList     string                    `json:"factor_list,omitempty"`
	FactorCode     string                    `json:"factor_code,omitempty" doc:"Codes: /v1/codelists/factors"`
	Commuting      bool                      `json:"commuting"`
	Severity       report.AccidentSeverity   `json:"severity" enum:"minor,one_serious,several_serious,fatal" doc:"By the worst that any declaration says of each person today"`
	Dead           int                       `json:"dead"`
	Serious        int                       `json:"serious"`
	Minor          int                       `json:"minor"`
	Persons        []AccidentPerson          `json:"persons" doc:"Each victim once"`
	Declarations   []AccidentDeclarationInfo `json:"declarations" doc:"The earliest first"`
	Links          []AccidentLink            `json:"links" doc:"What officers found about these declarations (case_link)"`
	Receivers      []seeds.Receiver          `json:"receivers" doc:"Who must be told, by the law in force on the day of the accident. Codes: /v1/codelists/accident-receivers"`
	Investigations []InvestigationItem       `json:"investigations" doc:"The first filed first"`
	Incidents      []IncidentItem            `json:"incidents" doc:"Serious technical incidents that caused it"`
	QuickReport    string                    `json:"quick_report,omitempty" doc:"Where the province's quick report is; none unless fatal or two or more seriously injured"`
	Demonstration  bool                      `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// AccidentPerson is a victim, of however many declarations.
type AccidentPerson struct {
	Victim       string      `json:"victim" doc:"Pseudonym of the person, as a case_link names victims"`
	Severity     string      `json:"severity" enum:"dead,serious,minor"`
	Employment   string      `json:"employment" enum:"contract,no_contract"`
	Sex          string      `json:"sex,omitempty"`
	AgeGroup     string      `json:"age_group,omitempty"`
	Occupation   string      `json:"occupation,omitempty"`
	Declarations []uuid.UUID `json:"declarations" doc:"Declarations that name the person"`
}

// AccidentDeclarationInfo is one declaration of the accident.
type AccidentDeclarationInfo struct {
	ReportID         uuid.UUID         `json:"report_id"`
	Revision         uint32            `json:"revision"`
	FiledAt          time.Time         `json:"filed_at"`
	Unit             string            `json:"unit" doc:"Who declared"`
	ReporterProvince seeds.ProvinceRef `json:"reporter_province"`
	OccurredAt       time.Time         `json:"occurred_at"`
	Victims          int               `json:"victims"`
}

// AccidentLink is a finding of an officer.
type AccidentLink struct {
	ReportID     uuid.UUID          `json:"report_id"`
	DecidedOn    seeds.Date         `json:"decided_on" format:"date"`
	Declarations []uuid.UUID        `json:"declarations"`
	SameVictims  []AccidentSamePair `json:"same_victims"`
}

// AccidentSamePair are two victims who are one person.
type AccidentSamePair struct {
	Victim string `json:"victim"`
	SameAs string `json:"same_as"`
}

// IncidentItem is a serious technical incident.
type IncidentItem struct {
	ReportID       uuid.UUID         `json:"report_id"`
	FiledAt        time.Time         `json:"filed_at"`
	OccurredAt     time.Time         `json:"occurred_at"`
	Unit           string            `json:"unit"`
	Province       seeds.ProvinceRef `json:"province"`
	Equipment      string            `json:"equipment"`
	HarmfulRelease string            `json:"harmful_release,omitempty"`
	Evacuated      uint32            `json:"evacuated"`
	Dead           uint32            `json:"dead"`
	Injured        uint32            `json:"injured"`
	PropertyDamage uint64            `json:"property_damage" doc:"1,000 VND"`
}

const accidentsPath = "/v1/accidents"

// hasAccidents: single accidents are live operational data, for holders of a token only.
func (s *Server) hasAccidents() bool { return s.Accidents != nil }

func (s *Server) routeAccidents() {
	one := operation("get-accident", access.ReadCases, http.MethodGet, accidentsPath+"/{accident_id}",
		"Một vụ tai nạn lao động / One accident",
		"Trong phạm vi của người dùng; ngoài phạm vi thì trả lời như không có. Mọi khai báo của cùng một vụ, mức độ nặng nhất hiện nay, nơi phải nhận khai báo, điều tra và thời hạn. / Within the caller's scope; outside it is answered like one that is not there. All declarations of one accident, its worst severity today, who must be told, its investigations and their limits.",
		tagOfficers, append(letterProblems(), http.StatusNotFound)...)
	offered(&one, s.hasAccidents)
	opensPersonal(&one)
	huma.Register(s.api, one, s.getAccident)
	s.routeQuickReport()
	s.routeInvestigations()
}

type accidentInput struct {
	AccidentID uuid.UUID `path:"accident_id" doc:"accident_id, or report_id of any declaration of the accident"`
}

type accidentOutput struct{ Body AccidentCase }

func (s *Server) getAccident(ctx context.Context, in *accidentInput) (*accidentOutput, error) {
	body, problem := s.accident(ctx, in.AccidentID)
	if problem != nil {
		return nil, problem
	}
	discloseAccident(ctx, body)
	return &accidentOutput{Body: *body}, nil
}

// accident puts together what is known of the accident that an id belongs to.
func (s *Server) accident(ctx context.Context, id uuid.UUID) (*AccidentCase, *Problem) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	cases, err := s.Accidents.Cases(ctx, []uuid.UUID{id})
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	found := cases[id]
	if found == nil {
		return nil, problemNotFound.new(ruleNoAccident.parameter("accident_id"))
	}
	ids := idsOf(found)
	investigations, err := s.Accidents.InvestigationsOf(ctx, ids)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	incidents, err := s.Accidents.IncidentsOf(ctx, ids)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	body := s.caseOf(found)
	for i := range investigations {
		body.Investigations = append(body.Investigations, s.investigationItem(&investigations[i], body.Severity))
	}
	for i := range incidents {
		body.Incidents = append(body.Incidents, incidentItem(&incidents[i]))
	}
	return body, nil
}

// idsOf are the ids by which others may name the accident.
func idsOf(c *store.Case) []uuid.UUID {
	var ids []uuid.UUID
	for i := range c.Declarations {
		ids = append(ids, c.Declarations[i].ReportID, c.Declarations[i].AccidentID)
	}
	for i := range c.Findings {
		ids = append(ids, c.Findings[i].Declarations...)
	}
	return ids
}

func (s *Server) caseOf(c *store.Case) *AccidentCase {
	d := &c.Declarations[0]
	now, _ := s.Seeds.To34(d.Province)
	body := &AccidentCase{
		AccidentID: d.ReportID, OccurredAt: d.OccurredAt.In(seeds.Local()), Province: d.Province, ProvinceNow: now,
		VSICVersion: d.VSICVersion, VSICCode: d.VSICCode, Cause: d.Cause, FactorList: d.FactorList, FactorCode: d.FactorCode, Commuting: d.Commuting,
		Persons: []AccidentPerson{}, Declarations: []AccidentDeclarationInfo{}, Links: []AccidentLink{},
		Investigations: []InvestigationItem{}, Incidents: []IncidentItem{}, Demonstration: s.Demonstration,
	}
	body.addPersons(c.Persons())
	for i := range c.Declarations {
		d := &c.Declarations[i]
		body.Declarations = append(body.Declarations, AccidentDeclarationInfo{d.ReportID, d.Revision, d.FiledAt, d.Unit,
			d.ReporterProvince, d.OccurredAt.In(seeds.Local()), len(d.Victims)})
	}
	for i := range c.Findings {
		body.Links = append(body.Links, linkOf(&c.Findings[i]))
	}
	body.Receivers = append([]seeds.Receiver{}, s.Seeds.ReceiversOf(seeds.AccidentFacts{On: seeds.DateOf(d.OccurredAt),
		Dead: body.Dead, Serious: body.Serious, NoContract: slices.ContainsFunc(body.Persons, AccidentPerson.withoutContract)})...)
	if body.Severity.Declarable() {
		body.QuickReport = accidentsPath + "/" + body.AccidentID.String() + "/quick-report"
	}
	return body
}

func (p AccidentPerson) withoutContract() bool { return p.Employment == string(report.NoContract) }

func (a *AccidentCase) addPersons(persons []store.Person) {
	for _, p := range persons {
		switch report.InjurySeverity(p.Severity) {
		case report.Dead:
			a.Dead++
		case report.Serious:
			a.Serious++
		default:
			a.Minor++
		}
		employment := report.NoContract
		if p.Contract {
			employment = report.Contract
		}
		a.Persons = append(a.Persons, AccidentPerson{p.Key, p.Severity, string(employment), p.Sex, p.AgeGroup, p.Occupation, p.Declarations})
	}
	a.Severity = report.SeverityOf(a.Dead, a.Serious)
}

func linkOf(f *store.Finding) AccidentLink {
	l := AccidentLink{f.ReportID, seeds.DateOf(f.DecidedOn), f.Declarations, []AccidentSamePair{}}
	for _, pair := range f.Same {
		l.SameVictims = append(l.SameVictims, AccidentSamePair{pair[0], pair[1]})
	}
	return l
}

func incidentItem(n *store.Incident) IncidentItem {
	return IncidentItem{n.ReportID, n.FiledAt, n.OccurredAt.In(seeds.Local()), n.Unit, n.Province, n.Equipment, n.Release,
		n.Evacuated, n.Dead, n.Injured, n.Property}
}
