package store

// Text is in both languages.
type Text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// SafetyDefinition says what one of the figures of [Store.SafetyFigures] counts.
type SafetyDefinition struct {
	ID          string `json:"id"`
	Name        Text   `json:"name"`
	Numerator   Text   `json:"numerator_definition"`
	Denominator Text   `json:"denominator_definition"`
	// Place says which province a report counts in.
	Place Text `json:"place"`
	// Target is that of Resolution 19/NQ-CP which the figure serves, "" if none.
	Target string `json:"target,omitempty"`
	// Kind is the kind of report that is added up.
	Kind string `json:"kind"`
	// Source is the text that asks for the figure, Status how far that was verified.
	Source string `json:"source"`
	Status string `json:"status"`
}

const (
	resolution19 = "Resolution 19/NQ-CP I.2"
	lawOnSafety  = "Law 84/2015/QH13"
)

var (
	atHeadOffice = Text{"Tỉnh của cơ sở báo cáo; mọi báo cáo đều được tính, kể cả của chi nhánh đã có đơn vị cấp trên báo cáo thay", "Province of the reporting establishment; every report counts, also that of a branch whose parent reports for it"}
	atAuthority  = Text{"Tỉnh của cơ quan báo cáo", "Province of the reporting authority"}
	whereItIs    = Text{"Tỉnh nơi diễn ra", "Province where it takes place"}
)

// SafetyDefinitions returns the definitions of all safety figures, in their order.
func SafetyDefinitions() []SafetyDefinition {
	return []SafetyDefinition{
		{StrictJobsTrained, Text{"Người làm công việc có yêu cầu nghiêm ngặt đã được huấn luyện", "Workers in jobs with strict requirements who are trained"},
			Text{"Người làm công việc có yêu cầu nghiêm ngặt, giấy chứng nhận còn hiệu lực cuối năm", "Workers in such jobs with a certificate valid at the end of the year"},
			Text{"Người làm công việc có yêu cầu nghiêm ngặt cuối năm", "Workers in such jobs at the end of the year"},
			atHeadOffice, "N19-4a", "osh_report", resolution19, "V"},
		{StaffTrained, Text{"Người làm công tác an toàn, vệ sinh lao động đã được huấn luyện", "Safety and health staff who are trained"},
			Text{"Người làm công tác an toàn, vệ sinh lao động, giấy chứng nhận còn hiệu lực cuối năm", "Safety and health staff with a certificate valid at the end of the year"},
			Text{"Người làm công tác an toàn, vệ sinh lao động cuối năm", "Safety and health staff at the end of the year"},
			atHeadOffice, "N19-4b", "osh_report", resolution19, "V"},
		{HealthStaffTrained, Text{"Người làm công tác y tế tại cơ sở đã được huấn luyện", "Workplace health staff who are trained"},
			Text{"Người làm công tác y tế tại cơ sở, giấy chứng nhận còn hiệu lực cuối năm", "Workplace health staff with a certificate valid at the end of the year"},
			Text{"Người làm công tác y tế tại cơ sở cuối năm", "Workplace health staff at the end of the year"},
			atHeadOffice, "N19-5", "osh_report", resolution19, "V"},
		{OfficersTrained, Text{"Cán bộ quản lý an toàn, vệ sinh lao động ở địa phương đã được huấn luyện", "Local officers who manage safety and health and are trained"},
			Text{"Cán bộ cấp huyện (đến 30/6/2025), cấp xã và ban quản lý khu đã được huấn luyện", "Officers of districts (until 30 June 2025), communes and boards of zones who are trained"},
			Text{"Tổng số cán bộ đó", "All these officers"},
			atAuthority, "N19-3", "training_report", resolution19, "V"},
		{VictimsPaid, Text{"Người bị tai nạn lao động, bệnh nghề nghiệp được bảo hiểm chi trả", "Victims of accident or disease who were paid by the insurance"},
			Text{"Người đủ điều kiện trong năm đã được chi trả", "Victims who became entitled within the year and were paid"},
			Text{"Người đủ điều kiện trong năm (suy giảm từ 5 % hoặc chết)", "Victims who became entitled within the year (a loss of 5 % or more, or death)"},
			atAuthority, "N19-7", "insurance_report", resolution19, "S"},
		{VictimsPaidEmployer, Text{"Người bị tai nạn lao động, bệnh nghề nghiệp được cơ sở bồi thường, trợ cấp", "Victims of accident or disease who were compensated by their employer"},
			Text{"Người đủ điều kiện đã được cơ sở chi trả", "Victims entitled who were paid by the employer"},
			Text{"Người đủ điều kiện theo báo cáo của cơ sở; không cộng với D1", "Victims entitled as employers report; never added to D1"},
			atHeadOffice, "N19-7", "osh_report", lawOnSafety + " Art. 38", "V"},
		{EquipmentInspected, Text{"Thiết bị có yêu cầu nghiêm ngặt đã được kiểm định", "Equipment with strict requirements that was inspected"},
			Text{"Thiết bị đang sử dụng, kiểm định còn thời hạn", "Equipment in use with an inspection that is still valid"},
			Text{"Thiết bị đang sử dụng cuối năm", "Equipment in use at the end of the year"},
			atHeadOffice, "", "osh_report", lawOnSafety + " Art. 31", "UNVERIFIED"},
		{EquipmentFailed, Text{"Lượt kiểm định không đạt", "Inspections of equipment that failed"},
			Text{"Lượt kiểm định không đạt", "Inspections that failed"}, Text{"Lượt kiểm định", "Inspections"},
			whereItIs, "", "equipment_inspection_report", lawOnSafety + " Art. 31", "UNVERIFIED"},
		{TraineesCertified, Text{"Người học được cấp giấy chứng nhận", "Persons at courses who got a certificate"},
			Text{"Giấy chứng nhận, thẻ đã cấp", "Certificates issued"}, Text{"Lượt người được huấn luyện", "Persons trained, once for each course"},
			whereItIs, "", "training_report", lawOnSafety + " Art. 14", "V"},
		{SeriousCasesHandled, Text{"Vi phạm nghiêm trọng đã xử lý xong", "Inspections with a serious violation that was handled"},
			Text{"Cuộc thanh tra, kiểm tra có vi phạm nghiêm trọng đã thực hiện xong quyết định", "Inspections with a serious violation of which the decision was carried out"},
			Text{"Cuộc thanh tra, kiểm tra có vi phạm nghiêm trọng", "Inspections with a serious violation"},
			whereItIs, "", "inspection", "Resolution 209/NQ-CP", "UNVERIFIED"},
	}
}
