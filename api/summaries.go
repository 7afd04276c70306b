package api

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/analytics/summary"
)

func (s *Server) routeSummaries() {
	op := operation("get-summary", access.ReadFigures, http.MethodGet, "/v1/summaries/{area}",
		"Báo cáo tổng hợp của tỉnh (Phụ lục XIV, XV) / Province's summary (Annexes XIV, XV)",
		"Lập từ các báo cáo đã lưu: khu vực có hợp đồng (Phụ lục XII) và không có hợp đồng (xã) tách riêng, K_TNLĐ và K_chết, chênh lệch với các vụ đã khai báo. Kỳ 6 tháng và kỳ năm không cộng với nhau. Chỉ khu vực trong phạm vi của người dùng. JSON, CSV hoặc bảng tính theo biểu mẫu. / "+
			"Derived from stored reports: with contract (Annex XII) and without (communes) apart, K_TNLĐ and K_chết, the differences to declared cases. A half-year and a year are never summed. Only an area within the caller's scope. JSON, CSV or a spreadsheet laid out like the form.",
		tagFigures, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable)
	offered(&op, func() bool { return s.Summaries != nil })
	op.Responses = withSheet("Office Open XML, laid out like the form")
	huma.Register(s.api, op, s.summary)
}

type summaryInput struct {
	Area   string `path:"area" maxLength:"20" doc:"Province as list:code, as in 34:01 or 63:01; VN or nation for the nation. Codes: /v1/codelists/provinces"`
	Period string `query:"period" required:"true" maxLength:"6" doc:"Year or first half-year, as in 2025 or 2025H1"`
	Factor int64  `query:"factor" minimum:"1" maximum:"1000000" default:"1000" doc:"Multiplier of K_TNLĐ and K_chết"`
}

type summaryOutput struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	Body        summary.Summary
}

func (s *Server) summary(ctx context.Context, in *summaryInput) (*summaryOutput, error) {
	area, ok := readArea(in.Area)
	if !ok {
		f := ruleArea.parameter("area")
		f.Value = valueText(in.Area)
		return nil, problemParameters.new(f)
	}
	got, err := s.Summaries.Summary(ctx, summary.Request{Area: area, Period: in.Period, Factor: in.Factor})
	switch {
	case errors.Is(err, summary.ErrPeriod):
		return nil, problemParameters.new(rulePeriod.parameter("period"))
	case errors.Is(err, summary.ErrArea):
		return nil, problemNotFound.new(ruleNoData.parameter("area"))
	case err != nil:
		return nil, s.storeProblem(ctx, err)
	}
	got.Demonstration = s.Demonstration
	return &summaryOutput{ContentType: sheetOr(ctx), Body: *got}, nil
}

func writeSummary(out *csv.Writer, s summary.Summary) {
	_ = out.Write(summary.Header())
	_ = out.WriteAll(s.Table())
}
