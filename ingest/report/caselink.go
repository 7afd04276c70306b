package report

import "atvsld/seeds"

// Link is an officer's finding that several declarations are of one accident (Law
// 84/2015/QH13 Art. 34(1), 36: employers, communes and witnesses declare apart, and the
// province counts the accident once). Withdrawn it says nothing any more.
type Link struct {
	Reporter  Reporter   `json:"reporter" form:"required" doc:"Sở Nội vụ của tỉnh / The department of home affairs of the province"`
	DecidedOn seeds.Date `json:"decided_on" form:"required" doc:"Ngày xác định / Day of the finding"`
	// Declarations are report_ids of declarations. All accidents that they belong to are one.
	Declarations []UUID `json:"declarations" form:"required,items=50" doc:"Các khai báo của cùng một vụ / Declarations of one accident"`
	// SameVictims are pairs of victims of the accident who are one person.
	SameVictims []SameVictim `json:"same_victims,omitzero" form:"items=500" doc:"Các cặp nạn nhân là cùng một người / Pairs of victims who are one person"`
	Grounds     Private      `json:"grounds,omitzero" form:"max=5000" private:"narrative" doc:"Căn cứ xác định / Grounds"`
}

// SameVictim says that two victims are one person. A victim is named by a pseudonym of the
// platform, as GET /v1/accidents/{accident_id} shows it; it means nothing outside the
// accident. Two victims whom one declaration lists apart stay two.
type SameVictim struct {
	Victim string `json:"victim" form:"required,max=32" doc:"Bí danh của nạn nhân / Pseudonym of a victim"`
	SameAs string `json:"same_as" form:"required,max=32" doc:"Bí danh của cùng người đó / Another pseudonym of the same person"`
}

// Identity implements [Content].
func (l *Link) Identity() Identity {
	return Identity{StatYear: l.DecidedOn.Year(), Unit: l.Reporter.Unit(), Province: l.Reporter.Province}
}

func (l *Link) header() header {
	return header{reporter: &l.Reporter, wants: byAuthority, eventDate: l.DecidedOn}
}

func linkColumns() []Column {
	pairs := func(l *Link) []SameVictim { return l.SameVictims }
	return concat(
		provinceColumns("province", func(l *Link) seeds.ProvinceRef { return l.Reporter.Province }),
		[]Column{
			column("decided_on", func(cells Cells, l *Link) { cells.Date(l.DecidedOn.Start()) }),
			idsColumn("declarations", func(l *Link) []UUID { return l.Declarations }),
			textsColumn("same.victim", pairs, func(p *SameVictim) string { return p.Victim }),
			textsColumn("same.same_as", pairs, func(p *SameVictim) string { return p.SameAs }),
		})
}

var linkDefinition = define(&Definition{
	Kind:     CaseLink,
	NameVI:   "Xác định các khai báo là cùng một vụ tai nạn lao động",
	NameEN:   "Finding that declarations are of one accident",
	LegalRef: sourceLink,
	Status:   Verified,
	Event:    true,
	Columns:  linkColumns(),
}, linkRules)
