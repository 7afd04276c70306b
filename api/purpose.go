package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"atvsld/analytics/access"
	"atvsld/analytics/audit"
	"atvsld/ingest/report"
)

// PurposeHeader says why personal data are opened: a code, and after a semicolon the number of
// the case or document.
const PurposeHeader = "Access-Purpose"

// metaPersonal marks operations that open personal data.
const metaPersonal = "personal"

// opensPersonal marks an operation that opens personal data. Roles that have to say why must
// do so, and its document says how.
func opensPersonal(op *huma.Operation) {
	op.Metadata[metaPersonal] = true
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: PurposeHeader, In: "header",
		Description: "Lý do mở dữ liệu cá nhân: mã, và nếu có, số hồ sơ hoặc văn bản sau dấu chấm phẩy. Bắt buộc với một số vai trò. / " +
			"Why personal data are opened: a code and, after a semicolon, the number of the case or document. Some roles must say so. " + purposeList(),
		Schema:  &huma.Schema{Type: huma.TypeString, Pattern: `^(` + strings.Join(audit.PurposeCodes(), "|") + `)(; ?[0-9A-Za-z][0-9A-Za-z./_-]{0,79})?$`},
		Example: "inspection; QD-123/2025",
	})
}

func purposeList() string {
	var texts []string
	for _, p := range audit.Purposes() {
		texts = append(texts, string(p.Code)+" ("+p.NameVI+" / "+p.NameEN+")")
	}
	return strings.Join(texts, ", ")
}

// purpose reads why somebody asks, and refuses those who have to say so and do not.
func (s *Server) purpose(c *gin.Context, g gate) *Problem {
	one := callOf(c.Request.Context())
	values := c.Request.Header.Values(PurposeHeader)
	if len(values) == 0 {
		if info, _ := access.Info(one.by.Role); g.personal && info.Purpose {
			return withoutPurpose()
		}
		return nil
	}
	code, reference, err := audit.ParsePurpose(values[0])
	if len(values) > 1 || err != nil || report.HoldsPersonNumber(reference) {
		codes := strings.Join(audit.PurposeCodes(), ", ")
		return problemParameters.new(rulePurposeForm.parameter(PurposeHeader, codes, codes))
	}
	one.by.Purpose = audit.WritePurpose(code, reference)
	c.Request = c.Request.WithContext(access.With(c.Request.Context(), one.by))
	return nil
}

// withoutPurpose is the answer to who has to say why and does not.
func withoutPurpose() *Problem {
	codes := strings.Join(audit.PurposeCodes(), ", ")
	return problemForbidden.new(rulePurpose.parameter(PurposeHeader, codes, codes))
}

// needsPurpose writes into the document that some roles are refused without a purpose.
func needsPurpose(op *huma.Operation) {
	if personal, _ := op.Metadata[metaPersonal].(bool); personal {
		op.Extensions["x-purpose"] = purposeRoles()
	}
}

// purposeRoles are the roles that have to say why.
func purposeRoles() []access.Role {
	var roles []access.Role
	for _, info := range access.Roles() {
		if info.Purpose {
			roles = append(roles, info.Role)
		}
	}
	return roles
}
