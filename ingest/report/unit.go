package report

import (
	"strings"

	"atvsld/seeds"
)

// UnitRef names somebody who reports, in a report about him that another files.
type UnitRef struct {
	Type ReporterType `json:"type" form:"required,enum=establishment|commune|clinic|service_body|authority" doc:"Loại đơn vị / Type of unit"`
	// TaxCode and Site as in [Reporter].
	TaxCode TaxCode `json:"tax_code,omitzero" form:"max=40" doc:"Mã số thuế / Tax code"`
	Site    string  `json:"site,omitzero" form:"max=10" doc:"Số hiệu địa điểm; để trống là chính đơn vị mang mã số thuế / Site number; none is the place of the tax code itself"`
	// Commune names a commune.
	Commune *CommuneRef `json:"commune,omitzero" doc:"Xã, phường / Commune"`
	// Authority and Governs name a state body and its province.
	Authority string             `json:"authority,omitzero" form:"enum=labour|health|insurance|inspection" doc:"Ngành của cơ quan nhà nước / Branch of a state body"`
	Governs   *seeds.ProvinceRef `json:"governs,omitzero" doc:"Tỉnh mà cơ quan nhà nước quản lý / Province that a state body governs" list:"provinces"`
}

// Unit returns what [Reporter.Unit] returns for the one who is named.
func (u *UnitRef) Unit() string {
	r := Reporter{Type: u.Type, TaxCode: u.TaxCode, Site: u.Site, Commune: u.Commune, Authority: u.Authority}
	if u.Governs != nil {
		r.Province = *u.Governs
	}
	return r.Unit()
}

// unitRules are the rules on a unit that a report is about; of says which and where.
func unitRules[T any](prefix string, of func(*T) (*UnitRef, string)) []rule[T] {
	on := func(number, status, source, vi, en string, find func(c *check, u *UnitRef, at string)) rule[T] {
		return rule[T]{must(prefix+"-"+number, source, status, vi, en), func(c *check, r *T) {
			u, at := of(r)
			find(c, u, at)
		}}
	}
	return []rule[T]{
		on("001", Verified, sourceTaxCode,
			"Cơ sở, cơ sở y tế và tổ chức dịch vụ phải có mã số thuế.",
			"An establishment, a clinic and a service body need their tax code.", unitTaxCodeThere),
		on("002", Verified, sourceTaxCode,
			"Mã số thuế không hợp lệ: cần 10 chữ số đúng số kiểm tra, 10 chữ số kèm chi nhánh -001 đến -999, hoặc 12 chữ số (hộ kinh doanh).",
			"Not a valid tax code: 10 digits with the right check digit, the same with a branch -001 to -999, or 12 digits (household business).", unitTaxCode),
		on("003", Verified, sourcePlatform,
			"Số hiệu địa điểm phải gồm 1 đến 10 chữ cái, chữ số hoặc gạch nối, bắt đầu bằng chữ cái hoặc chữ số.",
			"A site number has 1 to 10 letters, digits or hyphens and starts with a letter or digit.", unitSite),
		on("004", Secondary, sourceCommune,
			"Phải nêu xã, phường bằng mã 5 chữ số và ngày hiệu lực của mã.",
			"A commune is named by its code of 5 digits and the first day of the code.", unitCommune),
		on("005", Verified, sourcePlatform,
			"Cơ quan nhà nước phải nêu ngành (authority) và tỉnh quản lý (governs) theo một danh mục tỉnh.",
			"A state body is named by its branch (authority) and the province that it governs (governs), of a list of provinces.", unitAuthority),
		on("006", Verified, sourcePlatform,
			"Mục này không dành cho đơn vị loại “%s”.",
			"This member is not for a unit of type “%s”.", unitOnlyOwn),
	}
}

func unitTaxCodeThere(c *check, u *UnitRef, at string) {
	if u.Type.taxpayer() && u.TaxCode == "" {
		c.hit(at + "/tax_code")
	}
}

func unitTaxCode(c *check, u *UnitRef, at string) {
	if u.TaxCode != "" && u.TaxCode.Valid() != nil {
		c.hit(at + "/tax_code")
	}
}

func unitSite(c *check, u *UnitRef, at string) {
	if u.Site != "" && !siteForm(u.Site) {
		c.hit(at + "/site")
	}
}

func siteForm(site string) bool { return only(site, "-") && !strings.HasPrefix(site, "-") }

func unitCommune(c *check, u *UnitRef, at string) {
	switch {
	case u.Type == CommuneReporter && u.Commune == nil:
		c.hit(at + "/commune")
	case u.Commune != nil && !fiveDigits(u.Commune.Code):
		c.hit(at + "/commune/code")
	}
}

func unitAuthority(c *check, u *UnitRef, at string) {
	if u.Type != AuthorityReporter {
		return
	}
	if u.Authority == "" {
		c.hit(at + "/authority")
	}
	if u.Governs == nil {
		c.hit(at + "/governs")
	} else if _, known := c.ctx.Seeds.Province(*u.Governs); !known {
		c.hit(at + "/governs/code")
	}
}

func unitOnlyOwn(c *check, u *UnitRef, at string) {
	if u.Type == "" {
		return
	}
	stray := map[string]bool{
		"/tax_code":  !u.Type.taxpayer() && u.TaxCode != "",
		"/site":      !u.Type.taxpayer() && u.Site != "",
		"/commune":   u.Type != CommuneReporter && u.Commune != nil,
		"/authority": u.Type != AuthorityReporter && u.Authority != "",
		"/governs":   u.Type != AuthorityReporter && u.Governs != nil,
	}
	// The findings are sorted by place later.
	for member, there := range stray {
		if there {
			c.hit(at+member, u.Type)
		}
	}
}
