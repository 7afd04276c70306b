package report

import "strconv"

var equipmentRules = []rule[EquipmentInspection]{
	{must("EQU-001", arithmetic+sourceStrict, Verified,
		"Số không đạt (%d) nhiều hơn số lượt kiểm định (%d).",
		"More inspections failed (%d) than made (%d)."), failedInspections},
	{must("EQU-002", sourceStrict, Secondary,
		"Loại thiết bị “%s” ở cùng một tỉnh được nêu hai lần.",
		"Equipment “%s” in the same province is given twice."), equipmentOnce},
	{must("EQU-003", sourceProvince, Verified,
		"Danh mục tỉnh “%s” không có hiệu lực ngày %s; cần danh mục “%s”.",
		"The list of provinces “%s” was not in force on %s; list “%s” is wanted."), equipmentProvinceList},
	{must("EQU-004", sourceProvince, Verified,
		"Danh mục %s tỉnh không có mã “%s”.",
		"The list of %s provinces has no code “%s”."), equipmentProvinceCode},
	{must("EQU-005", sourcePlatform, Verified,
		"Dòng không có lượt kiểm định nào thì không nêu.",
		"A row without an inspection is left out."), someInspections},
	{must("EQU-006", sourcePlatform, Verified,
		"Mã loại thiết bị chỉ gồm chữ cái, chữ số, dấu chấm, gạch nối và gạch dưới.",
		"A code of equipment has letters, digits, dots, hyphens and underscores only."), equipmentCodeForm},
	{warn("EQU-007", "List of the operator; Law 84/2015/QH13 Art. 31", Unverified,
		"Danh mục thiết bị có yêu cầu nghiêm ngặt không có mã “%s”.",
		"The list of equipment with strict requirements has no code “%s”."), equipmentKnown},
	{must("EQU-008", sourcePlatform, Verified,
		"Số giấy chứng nhận đủ điều kiện chỉ gồm chữ cái, chữ số và các dấu / . -",
		"The number of the certificate of eligibility has letters, digits and / . - only."), equipmentLicenceForm},
	{suggest("EQU-009", "Decree 44/2016/ND-CP", Unverified,
		"Chưa nêu số giấy chứng nhận đủ điều kiện của tổ chức kiểm định.",
		"The number of the body's certificate of eligibility is missing."), equipmentLicence},
}

func itemAt(i int) string { return "/content/items/" + strconv.Itoa(i) }

func failedInspections(c *check, e *EquipmentInspection) {
	for i := range e.Items {
		c.more(itemAt(i)+"/failed", e.Items[i].Failed, itemAt(i)+"/inspected", e.Items[i].Inspected)
	}
}

func equipmentOnce(c *check, e *EquipmentInspection) {
	for i := range e.Items {
		for j := range i {
			if e.Items[j].Province == e.Items[i].Province && e.Items[j].Type == e.Items[i].Type {
				c.hit(itemAt(i)+"/type", e.Items[i].Type)
				break
			}
		}
	}
}

func equipmentProvinceList(c *check, e *EquipmentInspection) {
	for i := range e.Items {
		c.rowProvinceList(itemAt(i)+"/province", e.Items[i].Province)
	}
}

func equipmentProvinceCode(c *check, e *EquipmentInspection) {
	for i := range e.Items {
		c.rowProvinceCode(itemAt(i)+"/province", e.Items[i].Province)
	}
}

func someInspections(c *check, e *EquipmentInspection) {
	for i := range e.Items {
		if e.Items[i].Inspected == 0 {
			c.hit(itemAt(i) + "/inspected")
		}
	}
}

func equipmentCodeForm(c *check, e *EquipmentInspection) {
	for i := range e.Items {
		if !only(e.Items[i].Type, "._-") {
			c.hit(itemAt(i) + "/type")
		}
	}
}

func equipmentKnown(c *check, e *EquipmentInspection) {
	if c.day.IsZero() {
		return
	}
	for i := range e.Items {
		if _, known := c.ctx.Seeds.EquipmentTypeOn(e.Items[i].Type, c.day); !known {
			c.hit(itemAt(i)+"/type", e.Items[i].Type)
		}
	}
}

func equipmentLicenceForm(c *check, e *EquipmentInspection) {
	if !plainNumber(e.Licence) {
		c.hit("/content/licence")
	}
}

func equipmentLicence(c *check, e *EquipmentInspection) {
	if e.Licence == "" {
		c.hit("/content/licence")
	}
}
