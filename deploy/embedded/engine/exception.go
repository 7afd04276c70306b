package engine

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

// exception is an error of the engine, or one that the HTTP interface reports
// as ClickHouse does.
type exception struct {
	code int
	text string // "Code: N. DB::Exception: … (NAME)"
}

func (e *exception) Error() string { return e.text }

// Codes of ClickHouse that the interface itself raises.
const (
	codeBadArguments        = 36
	codeNotImplemented      = 48
	codeSyntaxError         = 62
	codeUnknownDatabase     = 81
	codeUnknownSetting      = 115
	codeReadonly            = 164
	codeTooManyQueries      = 202
	codeDuplicateQueryID    = 216
	codeQueryTooLarge       = 307
	codeQueryCancelled      = 394
	codeAccessDenied        = 497
	codeAuthenticationFails = 516
	codeUnknown             = 1002
)

// codeNames are the symbolic names that ClickHouse writes behind the message.
var codeNames = map[int]string{
	codeBadArguments:        "BAD_ARGUMENTS",
	codeNotImplemented:      "NOT_IMPLEMENTED",
	codeSyntaxError:         "SYNTAX_ERROR",
	codeUnknownDatabase:     "UNKNOWN_DATABASE",
	codeUnknownSetting:      "UNKNOWN_SETTING",
	codeReadonly:            "READONLY",
	codeTooManyQueries:      "TOO_MANY_SIMULTANEOUS_QUERIES",
	codeDuplicateQueryID:    "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
	codeQueryTooLarge:       "TOO_MANY_BYTES",
	codeQueryCancelled:      "QUERY_WAS_CANCELLED",
	codeAccessDenied:        "ACCESS_DENIED",
	codeAuthenticationFails: "AUTHENTICATION_FAILED",
	codeUnknown:             "UNKNOWN_EXCEPTION",
}

func newExceptionf(code int, format string, args ...any) *exception {
	return &exception{code, fmt.Sprintf("Code: %d. DB::Exception: %s. (%s)", code, fmt.Sprintf(format, args...), codeNames[code])}
}

var codePattern = regexp.MustCompile(`^Code: (\d+)\. `)

// newException takes the library's text. Its own complaints, about a connection
// in the wrong state, carry no code.
func newException(text string) *exception {
	match := codePattern.FindStringSubmatch(text)
	if match == nil {
		return newExceptionf(codeUnknown, "%s", text)
	}
	code, err := strconv.Atoi(match[1])
	if err != nil {
		return newExceptionf(codeUnknown, "%s", text)
	}
	return &exception{code, text}
}

// statusCodes is ClickHouse's own mapping from exception code to HTTP status
// (src/Server/HTTP/exceptionCodeToHTTPStatus.cpp); what is not listed is 500.
var statusCodes = map[int][]int{
	http.StatusForbidden:             {192, 193, 497, 512, 516},
	http.StatusUnauthorized:          {194},
	http.StatusBadRequest:            {6, 8, 15, 25, 26, 27, 36, 38, 41, 44, 53, 62, 69, 72, 117, 130, 167, 168, 286, 321, 376, 427, 440, 441, 675, 676},
	http.StatusNotFound:              {46, 47, 50, 56, 60, 63, 73, 78, 81, 105, 115, 336, 511},
	http.StatusNotImplemented:        {48},
	http.StatusRequestTimeout:        {159},
	http.StatusRequestEntityTooLarge: {307, 317},
	http.StatusServiceUnavailable:    {76, 209, 439},
	http.StatusLengthRequired:        {381},
}

func (e *exception) status() int {
	for status, codes := range statusCodes {
		if slices.Contains(codes, e.code) {
			return status
		}
	}
	return http.StatusInternalServerError
}
