package api

import (
	"cmp"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"atvsld/ingest/intake"
	"atvsld/ingest/report"
)

const problemType = "application/problem+json"

// Problem is an answer that says what went wrong (RFC 9457).
type Problem struct {
	Type     string           `json:"type" doc:"Kind of problem: a reference to its explanation in the documentation"`
	Title    string           `json:"title" doc:"Kind of problem in English"`
	TitleVI  string           `json:"title_vi" doc:"Kind of problem in Vietnamese"`
	Status   int              `json:"status" doc:"HTTP status"`
	Detail   string           `json:"detail,omitempty" doc:"What happened this time: the first finding, in English"`
	Instance string           `json:"instance,omitempty" doc:"The request, as in the header X-Request-Id"`
	Errors   []report.Finding `json:"errors" doc:"Every finding, all at once"`
	// ReportID and the revisions are known once the submission could be read.
	ReportID        *uuid.UUID `json:"report_id,omitzero"`
	Revision        uint32     `json:"revision,omitzero"`
	CurrentRevision uint32     `json:"current_revision,omitzero" doc:"Newest revision on file"`
	Demonstration   bool       `json:"demonstration" doc:"Whether the store holds demonstration data"`

	retryAfter time.Duration
	headers    http.Header
}

// Error implements error.
func (p *Problem) Error() string { return p.Title }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType tells huma the media type.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders tells huma the headers.
func (p *Problem) GetHeaders() http.Header {
	h := p.headers.Clone()
	if h == nil {
		h = http.Header{}
	}
	if p.retryAfter > 0 {
		h.Set("Retry-After", seconds(p.retryAfter))
	}
	return h
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// kindOfProblem is what all problems of one kind share.
type kindOfProblem struct {
	slug            string
	status          int
	title, titleVI  string
	needsRetryAfter bool
}

// The kinds of problems.
var (
	problemParameters = kindOfProblem{slug: "parameters", status: http.StatusUnprocessableEntity,
		title: "The request's parameters are wrong", titleVI: "Tham số của yêu cầu không đúng"}
	problemUnauthorized = kindOfProblem{slug: "unauthorized", status: http.StatusUnauthorized,
		title: "A valid token is needed", titleVI: "Cần mã truy cập hợp lệ"}
	problemForbidden = kindOfProblem{slug: "forbidden", status: http.StatusForbidden,
		title: "Not allowed", titleVI: "Không được phép"}
	problemNotForYou = kindOfProblem{slug: "out-of-scope", status: http.StatusForbidden,
		title: "The caller may not file for this reporter", titleVI: "Người nộp không được nộp thay đơn vị báo cáo này"}
	problemNotFound = kindOfProblem{slug: "not-found", status: http.StatusNotFound,
		title: "Not found", titleVI: "Không tìm thấy"}
	problemMethod = kindOfProblem{slug: "method", status: http.StatusMethodNotAllowed,
		title: "Method not allowed here", titleVI: "Phương thức không dùng được ở đây"}
	problemTimeout = kindOfProblem{slug: "timeout", status: http.StatusRequestTimeout,
		title: "The request did not arrive in time", titleVI: "Yêu cầu đến không kịp thời gian"}
	problemTooLarge = kindOfProblem{slug: "too-large", status: http.StatusRequestEntityTooLarge,
		title: "The submission is too large", titleVI: "Báo cáo quá lớn"}
	problemMediaType = kindOfProblem{slug: "media-type", status: http.StatusUnsupportedMediaType,
		title: "The body has another format than needed", titleVI: "Định dạng nội dung không đúng"}
	problemUnreadable = kindOfProblem{slug: "unreadable", status: http.StatusBadRequest,
		title: "The submission cannot be read", titleVI: "Không đọc được báo cáo"}
	problemRefused = kindOfProblem{slug: "refused", status: http.StatusUnprocessableEntity,
		title: "The submission is refused", titleVI: "Báo cáo không được tiếp nhận"}
	problemConflict = kindOfProblem{slug: "conflict", status: http.StatusConflict,
		title: "This revision was filed before with other content", titleVI: "Lần nộp này đã có với nội dung khác"}
	problemKeyReused = kindOfProblem{slug: "key-reused", status: http.StatusUnprocessableEntity,
		title: "The Idempotency-Key was used for other content", titleVI: "Idempotency-Key đã dùng cho nội dung khác"}
	problemStale = kindOfProblem{slug: "stale", status: http.StatusPreconditionFailed,
		title: "The revision does not follow the newest one", titleVI: "Lần nộp không nối tiếp lần mới nhất"}
	problemBusy = kindOfProblem{slug: "busy", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "Nothing was filed; please try again", titleVI: "Chưa nộp được; vui lòng thử lại"}
	problemUnconfirmed = kindOfProblem{slug: "unconfirmed", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "Not confirmed yet: file the very same again", titleVI: "Chưa xác nhận được: hãy nộp lại đúng nội dung này"}
	problemStopping = kindOfProblem{slug: "stopping", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "The platform is stopping; please file the rest again", titleVI: "Hệ thống đang dừng; vui lòng nộp lại phần còn lại"}
	problemUnavailable = kindOfProblem{slug: "unavailable", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "The store does not answer; please try again", titleVI: "Kho dữ liệu chưa trả lời; vui lòng thử lại"}
	problemListeners = kindOfProblem{slug: "listeners", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "Too many listen already; please try again later", titleVI: "Đang có quá nhiều người theo dõi; vui lòng thử lại sau"}
	problemPreparing = kindOfProblem{slug: "preparing", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "These figures are being made; please ask again", titleVI: "Số liệu này đang được dựng lại; vui lòng hỏi lại"}
	problemLimited = kindOfProblem{slug: "limited", status: http.StatusTooManyRequests, needsRetryAfter: true,
		title: "Too many requests; please try again later", titleVI: "Quá nhiều yêu cầu; vui lòng thử lại sau"}
	problemMisdirected = kindOfProblem{slug: "misdirected", status: http.StatusMisdirectedRequest,
		title: "This server is not known by that name", titleVI: "Máy chủ này không dùng tên đó"}
	problemDecided = kindOfProblem{slug: "decided", status: http.StatusConflict,
		title: "This cannot be done with the letter any more", titleVI: "Không thể làm như vậy với thông điệp này nữa"}
	problemKeyEnded = kindOfProblem{slug: "access-key", status: http.StatusConflict,
		title: "This cannot be done with the API key", titleVI: "Không thể làm như vậy với khóa API này"}
	problemIssuer = kindOfProblem{slug: "issuer", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "The token cannot be checked now; please try again", titleVI: "Chưa kiểm tra được mã truy cập; vui lòng thử lại"}
	problemReplay = kindOfProblem{slug: "replay", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "Not confirmed yet: replay the letter again", titleVI: "Chưa xác nhận được: hãy gửi lại thông điệp lần nữa"}
	problemUnrecorded = kindOfProblem{slug: "unrecorded", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "The request could not be put on record and is not answered", titleVI: "Không ghi được nhật ký truy cập nên không trả lời"}
	problemExports = kindOfProblem{slug: "exports", status: http.StatusServiceUnavailable, needsRetryAfter: true,
		title: "Other exports run already; please try again later", titleVI: "Đang có lượt xuất dữ liệu khác; vui lòng thử lại sau"}
	problemNotHere = kindOfProblem{slug: "not-here", status: http.StatusNotImplemented,
		title: "This process does not offer it", titleVI: "Tiến trình này không cung cấp chức năng này"}
	problemFailed = kindOfProblem{slug: "failed", status: http.StatusInternalServerError,
		title: "A fault of the platform", titleVI: "Lỗi của hệ thống"}
)

// problemOfState says how a submission's state is told over HTTP.
func problemOfState(state intake.State) kindOfProblem {
	switch state {
	case intake.Unreadable:
		return problemUnreadable
	case intake.Refused:
		return problemRefused
	case intake.Forbidden:
		return problemNotForYou
	case intake.Conflict:
		return problemConflict
	case intake.KeyReused:
		return problemKeyReused
	case intake.Stale:
		return problemStale
	case intake.Busy:
		return problemBusy
	case intake.Unconfirmed:
		return problemUnconfirmed
	}
	return problemFailed
}

func allProblems() []kindOfProblem {
	return []kindOfProblem{
		problemUnreadable, problemParameters, problemUnauthorized, problemForbidden, problemNotForYou, problemNotFound, problemMethod,
		problemTimeout, problemConflict, problemStale, problemTooLarge, problemMediaType, problemRefused,
		problemKeyReused, problemFailed, problemNotHere, problemBusy, problemUnconfirmed, problemUnavailable,
		problemStopping, problemDecided, problemReplay, problemKeyEnded, problemIssuer, problemUnrecorded, problemLimited, problemMisdirected,
		problemExports, problemPreparing, problemListeners,
	}
}

const defaultRetry = 2 * time.Second

// new makes a problem of the kind.
func (k kindOfProblem) new(findings ...report.Finding) *Problem {
	p := &Problem{
		Type: "/docs#problem-" + k.slug, Title: k.title, TitleVI: k.titleVI, Status: k.status,
		Errors: listed(findings),
	}
	worstFirst(p.Errors)
	if k.needsRetryAfter {
		p.retryAfter = defaultRetry
	}
	return p
}

// worstFirst puts what has to be mended before the rest.
func worstFirst(findings []report.Finding) {
	slices.SortStableFunc(findings, func(a, b report.Finding) int { return cmp.Compare(rank(a), rank(b)) })
}

func rank(f report.Finding) int {
	return slices.Index([]report.Severity{report.Error, report.Warning, report.Hint}, f.Severity)
}

func (p *Problem) after(d time.Duration) *Problem {
	p.retryAfter = d
	return p
}

func (p *Problem) header(name, value string) *Problem {
	if p.headers == nil {
		p.headers = http.Header{}
	}
	p.headers.Set(name, value)
	return p
}

// stamp adds what a problem says about the request and the store.
func (s *Server) stamp(p *Problem, requestID string) *Problem {
	p.Instance, p.Demonstration = "urn:uuid:"+requestID, s.Demonstration
	if p.Detail == "" && len(p.Errors) > 0 {
		p.Detail = p.Errors[0].Message
	}
	return p
}

// refuse writes a problem and ends the request.
func (s *Server) refuse(c *gin.Context, p *Problem) {
	maps.Copy(c.Writer.Header(), p.GetHeaders())
	s.write(c, p.Status, problemType, s.stamp(p, callOf(c.Request.Context()).id))
	c.Abort()
}

// write answers in JSON.
func (s *Server) write(c *gin.Context, status int, mediaType string, body any) {
	data, err := marshal(body)
	if err != nil {
		s.Log.Error("encoding an answer", "error", err, "request_id", callOf(c.Request.Context()).id)
		status, mediaType, data = http.StatusInternalServerError, problemType, []byte(`{"status":500}`)
	}
	h := c.Writer.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	c.Status(status)
	// A caller who is gone is no fault of ours.
	_, _ = c.Writer.Write(data)
}

func marshal(body any) ([]byte, error) { return json.Marshal(body, json.Deterministic(true)) }
