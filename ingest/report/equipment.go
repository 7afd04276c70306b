package report

import "atvsld/seeds"

// EquipmentInspection is the yearly report of a service body that inspects machines,
// equipment and materials with strict safety requirements (Law 84/2015/QH13 Art. 31;
// Decree 44/2016/ND-CP).
type EquipmentInspection struct {
	Reporter   Reporter   `json:"reporter" form:"required" doc:"Tổ chức kiểm định / Inspection body"`
	Period     Period     `json:"period" form:"required,max=6" doc:"Năm báo cáo / Year of the report"`
	ReportDate seeds.Date `json:"report_date" form:"required" doc:"Ngày báo cáo / Date of the report"`
	Licence    string     `json:"licence,omitzero" form:"max=50" doc:"Số giấy chứng nhận đủ điều kiện hoạt động kiểm định / Number of the body's certificate of eligibility"`
	// Items may be empty: a body that inspected nothing says so.
	Items []InspectedEquipment `json:"items,omitzero" form:"items=1000" doc:"Thiết bị đã kiểm định theo tỉnh và loại / Equipment inspected by province and type"`
}

// InspectedEquipment counts inspections of one type of equipment in one province.
type InspectedEquipment struct {
	Province  seeds.ProvinceRef `json:"province" form:"required" doc:"Tỉnh nơi sử dụng thiết bị / Province where the equipment is used" list:"provinces"`
	Type      string            `json:"type" form:"required,max=40" doc:"Loại thiết bị / Type of equipment" list:"equipment-types" status:"UNVERIFIED"`
	Inspected uint32            `json:"inspected" form:"required" doc:"Số lượt kiểm định / Inspections"`
	Failed    uint32            `json:"failed,omitzero" doc:"Số không đạt / Of them failed"`
}

// Identity implements [Content].
func (e *EquipmentInspection) Identity() Identity {
	return Identity{StatYear: e.Period.Year(), Period: string(e.Period), Unit: e.Reporter.Unit(), Province: e.Reporter.Province}
}

func (e *EquipmentInspection) header() header {
	return header{reporter: &e.Reporter, wants: []ReporterType{ServiceBody}, period: &e.Period, yearly: true, reportDate: &e.ReportDate}
}

func equipmentColumns() []Column {
	items := func(e *EquipmentInspection) []InspectedEquipment { return e.Items }
	return concat(
		provinceColumns("province", func(e *EquipmentInspection) seeds.ProvinceRef { return e.Reporter.Province }),
		industryColumns(func(*EquipmentInspection) *Industry { return new(Industry) }),
		[]Column{
			textColumn("licence", func(e *EquipmentInspection) string { return e.Licence }),
			textsColumn("items.province_list", items, func(i *InspectedEquipment) string { return string(i.Province.List) }),
			textsColumn("items.province_code", items, func(i *InspectedEquipment) string { return i.Province.Code }),
			textsColumn("items.type", items, func(i *InspectedEquipment) string { return i.Type }),
			numbersColumn("items.inspected", items, func(i *InspectedEquipment) uint32 { return i.Inspected }),
			numbersColumn("items.failed", items, func(i *InspectedEquipment) uint32 { return i.Failed }),
		})
}

var equipmentDefinition = define(&Definition{
	Kind:     EquipmentReport,
	NameVI:   "Báo cáo kiểm định kỹ thuật an toàn lao động hằng năm",
	NameEN:   "Yearly report on equipment inspections",
	LegalRef: "Law 84/2015/QH13 Art. 31; Decree 44/2016/ND-CP",
	Status:   Unverified,
	Columns:  equipmentColumns(),
}, equipmentRules)
