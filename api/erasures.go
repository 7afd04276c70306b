package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
	"atvsld/seeds"
)

// Erasures is the part of *store.Store that tells what was erased.
type Erasures interface {
	Erasures(ctx context.Context) ([]store.Erasure, error)
}

// ErasureList is what was erased of personal data, and how long the rest is kept.
type ErasureList struct {
	Erasures      []Erasure         `json:"erasures" doc:"By year and class"`
	Retention     []seeds.Retention `json:"retention" doc:"How long what is personal in reports of each kind is kept. UNVERIFIED: no text was found, and nothing is erased by it"`
	Demonstration bool              `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// Erasure is a data key that was destroyed.
type Erasure struct {
	Year        uint16         `json:"year" doc:"Year for which the reports count"`
	Class       string         `json:"class,omitempty" doc:"Retention class; none when the whole year was destroyed"`
	DestroyedAt time.Time      `json:"destroyed_at"`
	By          string         `json:"by" doc:"Who decided it, by the name that was given"`
	Reason      string         `json:"reason"`
	Reports     []ErasedReport `json:"reports" doc:"Reports whose personal part can no longer be read"`
	Revisions   uint64         `json:"revisions" doc:"Their revisions"`
	Persons     uint64         `json:"persons" doc:"Victims, patients and households in them, told apart by pseudonym"`
	RecordedAt  time.Time      `json:"recorded_at"`
}

// ErasedReport counts the reports of one kind.
type ErasedReport struct {
	Kind    string `json:"kind"`
	Reports uint64 `json:"reports"`
}

func (s *Server) routeErasures() {
	op := operation("list-erasures", access.ReadAudit, http.MethodGet, "/v1/erasures",
		"Dữ liệu cá nhân đã xóa / Personal data that were erased",
		"Khóa dữ liệu nào đã hủy, khi nào, ai quyết định, bao nhiêu báo cáo và bao nhiêu người. Thống kê không thay đổi. / "+
			"Which data keys were destroyed, when and by whose decision, and how many reports and persons that concerns. Statistics stay as they are.",
		tagService, http.StatusNotImplemented, http.StatusServiceUnavailable)
	offered(&op, func() bool { return s.Erasures != nil })
	huma.Register(s.api, op, s.listErasures)
}

type erasuresOutput struct{ Body ErasureList }

func (s *Server) listErasures(ctx context.Context, _ *struct{}) (*erasuresOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.QueryTimeout)
	defer cancel()
	erased, err := s.Erasures.Erasures(ctx)
	if err != nil {
		return nil, s.storeProblem(ctx, err)
	}
	out := &erasuresOutput{Body: ErasureList{Erasures: make([]Erasure, len(erased)), Retention: s.Seeds.Retentions(), Demonstration: s.Demonstration}}
	for i, e := range erased {
		one := Erasure{
			Year: e.Year, Class: e.Class, DestroyedAt: e.DestroyedAt, By: e.By, Reason: e.Reason, Reports: []ErasedReport{},
			Revisions: e.Revisions, Persons: e.Persons, RecordedAt: e.RecordedAt,
		}
		for kind, reports := range e.Reports {
			one.Reports = append(one.Reports, ErasedReport{kind, reports})
		}
		slices.SortFunc(one.Reports, func(a, b ErasedReport) int { return cmp.Compare(a.Kind, b.Kind) })
		out.Body.Erasures[i] = one
	}
	return out, nil
}
