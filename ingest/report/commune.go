package report

import "atvsld/seeds"

// Commune is the commune's periodic report on accidents of workers without an
// employment relationship (Law 84/2015/QH13 Art. 34(1)(d), 36; Decree
// 39/2016/ND-CP Art. 24, Annexes XVI and XVII, whose printed content is
// UNVERIFIED; since 1 July 2025 sent to the Department of Home Affairs, Decree
// 129/2025/ND-CP).
type Commune struct {
	Reporter   Reporter   `json:"reporter" form:"required"`
	Period     Period     `json:"period" form:"required,max=6"`
	ReportDate seeds.Date `json:"report_date" form:"required"`
	// WorkersWithoutContract is nil when the commune does not know it.
	WorkersWithoutContract *uint32 `json:"workers_without_contract,omitzero"`
	// Total has no "outside" part: nobody manages these workers.
	Total   Measures    `json:"total"`
	Causes  []CauseRow  `json:"causes,omitzero" form:"items=20"`
	Sectors []SectorRow `json:"sectors,omitzero" form:"items=100"`
}

// CauseRow is the part of the total with one main cause.
type CauseRow struct {
	Code string `json:"code" form:"required,max=2"`
	Measures
}

// SectorRow is the part of the total in one industry.
type SectorRow struct {
	Industry Industry `json:"industry" form:"required"`
	Measures
}

// Identity implements [Content].
func (r *Commune) Identity() Identity {
	return Identity{StatYear: r.Period.Year(), Period: string(r.Period), Unit: r.Reporter.Unit(), Province: r.Reporter.Province}
}

func (r *Commune) header() header {
	return header{reporter: &r.Reporter, wants: CommuneReporter, period: &r.Period, reportDate: &r.ReportDate}
}

func communeColumns() []Column {
	of := func(name string, value func(*Commune) any) Column {
		return Column{Name: name, Value: func(c Content) any { return value(c.(*Commune)) }}
	}
	columns := concat(
		provinceColumns("province", func(c Content) seeds.ProvinceRef { return c.(*Commune).Reporter.Province }),
		industryColumns(func(Content) Industry { return Industry{} }),
		[]Column{of("workers_without_contract", func(r *Commune) any { return r.WorkersWithoutContract })},
		totalColumns("", func(c Content) Measures { return c.(*Commune).Total }),
		[]Column{of("causes.code", func(r *Commune) any { return list(r.Causes, func(c *CauseRow) string { return c.Code }) })},
	)
	for _, m := range measures {
		columns = append(columns, of("causes."+m.Name, func(r *Commune) any {
			return list(r.Causes, func(c *CauseRow) uint32 { return *m.Of(&c.Measures) })
		}))
	}
	sector := func(name string, value func(*Industry) string) Column {
		return of("sectors."+name, func(r *Commune) any {
			return list(r.Sectors, func(s *SectorRow) string { return value(&s.Industry) })
		})
	}
	columns = append(columns,
		sector("vsic_version", func(i *Industry) string { return i.Version }),
		sector("vsic_section", func(i *Industry) string { return i.Section() }),
		sector("vsic_code", func(i *Industry) string { return i.Code }))
	for _, m := range measures {
		columns = append(columns, of("sectors."+m.Name, func(r *Commune) any {
			return list(r.Sectors, func(s *SectorRow) uint32 { return *m.Of(&s.Measures) })
		}))
	}
	return columns
}

var communeDefinition = define(&Definition{
	Kind:     CommuneReport,
	NameVI:   "Báo cáo của xã về tai nạn của người lao động không theo hợp đồng lao động",
	NameEN:   "Commune's periodic report on workers without an employment relationship",
	LegalRef: "Law 84/2015/QH13 Art. 36; Decree 39/2016/ND-CP Art. 24, Annexes XVI-XVII (content UNVERIFIED); Decree 129/2025/ND-CP",
	Columns:  communeColumns(),
}, communeRules)
