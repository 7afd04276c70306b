package report

import "strconv"

// sourceLaw36 is on serious technical incidents and their reports.
const sourceLaw36 = "Law 84/2015/QH13 Art. 3(7), 36"

var incidentRules = []rule[Incident]{
	{must("TEC-001", arithmetic+sourceLaw36, Verified,
		"Thời điểm xảy ra sự cố ở sau thời điểm báo cáo.",
		"The incident lies after the time of its report."), incidentPast},
	{must("TEC-002", sourcePlatform, Verified,
		"Thời điểm xảy ra sự cố trước năm %d.",
		"The incident lies before %d."), incidentSince},
	{confirm("TEC-003", "Law 84/2015/QH13 Art. 3(7)", Secondary,
		"Sự cố không vượt khả năng ứng phó và không liên quan nhiều cơ sở, địa phương: chưa phải sự cố nghiêm trọng.",
		"Neither beyond control nor touching several establishments or localities: not a serious technical incident."), incidentSerious},
	{must("TEC-004", sourcePlatform, Verified,
		"Mã vụ tai nạn phải là report_id của một báo cáo (UUID phiên bản 5 hoặc 7).",
		"An accident is named by the report_id of a declaration (a UUID of version 5 or 7)."), incidentAccidentIDs},
	{must("TEC-005", sourcePlatform, Verified,
		"Vụ tai nạn thứ %d được nêu hai lần.",
		"Accident no. %d is named twice."), incidentAccidentOnce},
	{warn("TEC-006", sourceLaw34+"(b)", Verified,
		"Có người chết hoặc từ 2 người bị thương nhưng chưa nêu vụ tai nạn đã khai báo.",
		"There are dead, or two or more injured, but no declared accident is named."), incidentAccidentNamed},
	{must("TEC-007", sourceProvince, Secondary,
		"Mã xã nơi xảy ra sự cố phải gồm 5 chữ số.",
		"The code of the commune has 5 digits."), incidentCommune},
}

func incidentPast(c *check, n *Incident) {
	if n.OccurredAt.After(c.s.filedAt(c.ctx).Add(clockSkew)) {
		c.hit("/content/occurred_at")
	}
}

func incidentSince(c *check, n *Incident) {
	if !n.OccurredAt.IsZero() && n.OccurredAt.In(vietnam).Year() < firstEvent {
		c.hit("/content/occurred_at", ours{firstEvent})
	}
}

func incidentSerious(c *check, n *Incident) {
	if !n.BeyondControl && !n.SeveralUnits && !c.broken("/content/several_units") {
		c.hit("/content/beyond_control")
	}
}

func incidentAccidentAt(i int) string { return "/content/accidents/" + strconv.Itoa(i) }

func incidentAccidentIDs(c *check, n *Incident) {
	for i, id := range n.Accidents {
		if !ofReport(id) {
			c.hit(incidentAccidentAt(i))
		}
	}
}

func incidentAccidentOnce(c *check, n *Incident) {
	for i := range repeated(n.Accidents) {
		c.hit(incidentAccidentAt(i), ours{i + 1})
	}
}

// repeated yields the places of the ids that stand before as well.
func repeated(ids []UUID) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		seen := make(map[UUID]bool, len(ids))
		for i, id := range ids {
			if seen[id] && !yield(i) {
				return
			}
			seen[id] = true
		}
	}
}

func incidentAccidentNamed(c *check, n *Incident) {
	if (n.Dead > 0 || n.Injured > 1) && len(n.Accidents) == 0 {
		c.hit("/content/accidents")
	}
}

func incidentCommune(c *check, n *Incident) {
	if code := n.Place.CommuneCode; code != "" && !fiveDigits(code) {
		c.hit("/content/place/commune_code")
	}
}
