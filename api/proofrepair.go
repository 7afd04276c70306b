package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"atvsld/analytics/access"
	"atvsld/ingest/proof"
)

// Repaired is what a repair of the current tables came to.
type Repaired struct {
	proof.Repaired
	Demonstration bool `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

func (s *Server) routeRepair() {
	op := operation("repair", access.RepairStore, http.MethodPost, "/v1/proof:repair",
		"Lưu lại các dòng hiện hành đã mất / Store lost current rows again",
		"Với mọi báo cáo mà bảng hiện hành không khớp sổ các lần nộp, lưu lại dòng hiện hành từ sổ đó; ai quyết định và lý do được ghi lại trước. Làm nhiều lần là an toàn. Dòng mà sổ không yêu cầu thì không bị xóa: được đếm ở remaining. / "+
			"Stores the current row of every report that drifts again, from the log of revisions; who decided and why goes on record first. Doing it more than once is safe. "+
			"A row that the log of revisions does not ask for is not taken away: it is counted as remaining.",
		tagService, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	offered(&op, s.hasProver)
	registry := s.api.OpenAPI().Components.Schemas
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		jsonType: {Schema: registry.Schema(typeOf[DeadLetterDecision](), true, "")},
	}}
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Đã lưu lại / Stored again", Content: map[string]*huma.MediaType{jsonType: {Schema: registry.Schema(typeOf[Repaired](), true, "")}},
	}}
	s.api.OpenAPI().AddOperation(&op)
	s.engine.POST(`/v1/proof\:repair`, s.repair)
}

// repair has the current tables repaired. A caller who leaves ends it: every step is
// whole, and the next repair goes on.
func (s *Server) repair(c *gin.Context) {
	decision, problem := readDecision(c)
	if problem != nil {
		s.refuse(c, problem)
		return
	}
	s.giveTime(c.Writer)
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.config.VerifyTimeout)
	defer cancel()
	ctx, giveUp := s.untilStop(ctx)
	defer giveUp()
	done, err := s.Prover.Repair(ctx, decision)
	switch {
	case errors.Is(err, proof.ErrRequest):
		s.refuse(c, problemParameters.new(ruleDecision.finding()))
	case err != nil:
		s.refuse(c, s.storeProblem(ctx, err))
	default:
		s.write(c, http.StatusOK, jsonType, Repaired{Repaired: done, Demonstration: s.Demonstration})
	}
}
