package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"atvsld/analytics/access"
	"atvsld/ingest/deadletter"
	"atvsld/ingest/proof"
)

// Prover compares log and store, and repairs current tables; *proof.Prover does.
type Prover interface {
	Verify(ctx context.Context, r proof.Request) (proof.Report, error)
	Repair(ctx context.Context, by deadletter.Decision) (proof.Repaired, error)
}

// Proof is what a verification found.
type Proof struct {
	proof.Report
	Demonstration bool `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) routeProof() {
	op := operation("verify", access.ProveStore, http.MethodGet, "/v1/proof",
		"Đối chiếu nhật ký và kho / Compare log and store",
		"Mỗi vị trí đã chốt của nhật ký phải có đúng một lần trong kho hoặc trong thư bị loại; bảng hiện hành phải khớp sổ các lần nộp. figures=true tính lại mọi số liệu từ sổ đó, lâu như lưu lại tất cả báo cáo. / "+
			"Every committed offset of the log must be stored once or be a dead letter, and current tables must be what the log of revisions asks for. figures=true recomputes every figure from that log, which takes as long as storing all reports again.",
		tagService, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	offered(&op, s.hasProver)
	op.Middlewares = huma.Middlewares{s.patient}
	huma.Register(s.api, op, s.verify)
	s.routeRepair()
}

func (s *Server) hasProver() bool { return s.Prover != nil }

// patient gives an answer that takes long its time; a request without a body would
// otherwise end with the time for reading one.
func (s *Server) patient(ctx huma.Context, next func(huma.Context)) {
	s.giveTime(humagin.Unwrap(ctx).Writer)
	next(ctx)
}

func (s *Server) giveTime(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	until := time.Now().Add(s.config.VerifyTimeout + s.config.QueryTimeout)
	if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)); err != nil {
		s.Log.Warn("a verification or repair may be cut off: no deadlines can be set", "error", err)
	}
}

type proofInput struct {
	Partition int   `query:"partition" minimum:"-1" maximum:"1023" default:"-1" doc:"Partition of the log; -1 for all"`
	From      int64 `query:"from" minimum:"-1" default:"-1" doc:"First offset; -1 for the beginning"`
	To        int64 `query:"to" minimum:"-1" default:"-1" doc:"Last offset; -1 for the end"`
	Figures   bool  `query:"figures" doc:"Recompute every figure as well"`
}

func (in *proofInput) request() proof.Request {
	r := proof.Request{Figures: in.Figures}
	if in.Partition >= 0 {
		r.Partition = &in.Partition
	}
	if in.From >= 0 {
		r.From = &in.From
	}
	if in.To >= 0 {
		r.To = &in.To
	}
	return r
}

type proofOutput struct{ Body Proof }

func (s *Server) verify(ctx context.Context, in *proofInput) (*proofOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.VerifyTimeout)
	defer cancel()
	ctx, giveUp := s.untilStop(ctx)
	defer giveUp()
	found, err := s.Prover.Verify(ctx, in.request())
	switch {
	case errors.Is(err, proof.ErrRequest):
		return nil, problemParameters.new(ruleParameter.finding("partition, from, to", "không có trong nhật ký", "partition, from, to", "not in the log"))
	case errors.Is(err, proof.ErrMoving):
		return nil, problemUnavailable.new(ruleMoving.finding())
	case err != nil:
		return nil, s.storeProblem(ctx, err)
	}
	return &proofOutput{Body: Proof{Report: found, Demonstration: s.Demonstration}}, nil
}
