package audit

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// PurposeCode says why somebody opens personal data.
type PurposeCode string

// Purpose is one code with its meaning.
type Purpose struct {
	Code           PurposeCode
	NameVI, NameEN string
}

// Purposes lists the codes.
func Purposes() []Purpose {
	return []Purpose{
		{"inspection", "Thanh tra, kiểm tra", "Inspection"},
		{"investigation", "Điều tra tai nạn, bệnh nghề nghiệp", "Investigation of an accident or a disease"},
		{"correction", "Đính chính báo cáo", "Correction of a report"},
		{"statistics", "Thống kê, tổng hợp", "Statistics"},
		{"request_of_person", "Theo yêu cầu của chính người đó", "Request of the person concerned"},
		{"operation", "Vận hành, theo dõi nghĩa vụ báo cáo", "Operation, following up reports"},
	}
}

// PurposeCodes lists the codes alone.
func PurposeCodes() []string {
	var codes []string
	for _, p := range Purposes() {
		codes = append(codes, string(p.Code))
	}
	return codes
}

// ErrPurpose says that a purpose is not written as it must be.
var ErrPurpose = errors.New("audit: not a purpose")

// reference is the number of a case or document: no sentence, and no name.
var reference = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z./_-]{0,79}$`)

// longNumber is a row of digits that may be a person's number, whatever parts its digits.
var longNumber = regexp.MustCompile(`(?:[0-9][._-]?){9,}`)

// ParsePurpose reads "code" or "code; reference". The reference is 1 to 80 of A–Z, a–z, 0–9 and
// ./_- without nine digits in a row, so that no number of a person comes in with it.
func ParsePurpose(text string) (PurposeCode, string, error) {
	code, ref, more := strings.Cut(text, ";")
	known := slices.ContainsFunc(Purposes(), func(p Purpose) bool { return string(p.Code) == code })
	if !known {
		return "", "", ErrPurpose
	}
	if !more {
		return PurposeCode(code), "", nil
	}
	ref = strings.TrimPrefix(ref, " ")
	if !reference.MatchString(ref) || longNumber.MatchString(ref) {
		return "", "", ErrPurpose
	}
	return PurposeCode(code), ref, nil
}

// WritePurpose writes what [ParsePurpose] reads.
func WritePurpose(code PurposeCode, ref string) string {
	if ref == "" {
		return string(code)
	}
	return string(code) + "; " + ref
}
