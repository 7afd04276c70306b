package seeds

// Lists of occupational diseases and of monitored factors.
const (
	DiseaseList2016        = "2016" // Circulars 15/2016 and 02/2023/TT-BYT
	DiseaseList2026        = "2026" // Circular 60/2025/TT-BYT, from 15 Feb 2026
	HarmfulFactorListGroup = "monitoring_groups"
)

// Disease is an occupational disease covered by insurance. A case belongs to
// the list in force on the day of its diagnosis.
type Disease struct {
	Entry          // Code is the number in the list, "1" to "35"
	Group   string `json:"group"` // roman numeral
	GroupVI string `json:"group_vi"`
	GroupEN string `json:"group_en"`
	// ICD10 is our nearest WHO code, several separated by "|"; it is in none of
	// the circulars, so ICD10Status is UNVERIFIED wherever it is filled.
	ICD10       string `json:"icd10,omitempty"`
	ICD10Status Status `json:"icd10_status,omitempty"`
}

// HarmfulFactor is a group of factors measured in the working environment.
type HarmfulFactor struct {
	Entry
}

const diseaseColumns = "list code group group_vi group_en name_vi name_en icd10 icd10_status valid_from valid_to source status note"

func (l *loader) diseases() codeList[Disease] {
	return newCodeList(readTable(l, "occupational_diseases.csv", diseaseColumns, func(r *row) (string, Disease) {
		e := Disease{
			Entry: r.entry("list"), Group: r.text("group"), GroupVI: r.text("group_vi"), GroupEN: r.text("group_en"),
			ICD10: r.optional("icd10"), ICD10Status: Status(r.oneOf("icd10_status", "", string(StatusUnverified))),
		}
		r.oneOf("list", DiseaseList2016, DiseaseList2026)
		if (e.ICD10 == "") != (e.ICD10Status == "") {
			r.fail("icd10 and icd10_status go together")
		}
		return joinKey(e.List, e.Code), e
	}))
}

func (l *loader) harmfulFactors() codeList[HarmfulFactor] {
	return newCodeList(readTable(l, "harmful_factors.csv", factorColumns, func(r *row) (string, HarmfulFactor) {
		f := HarmfulFactor{Entry: r.entry("list")}
		return joinKey(f.List, f.Code), f
	}))
}

// Disease returns a disease by list ("2016", "2026") and number.
func (d *Data) Disease(list, code string) (Disease, bool) { return d.diseases.get(list, code) }

// DiseaseOn returns the disease that the number names on the given local day.
func (d *Data) DiseaseOn(code string, day Date) (Disease, bool) { return d.diseases.on(code, day) }

// Diseases returns the diseases of every list.
func (d *Data) Diseases() []Disease { return d.diseases.all() }

// DiseasesOn returns the diseases listed on the given local day.
func (d *Data) DiseasesOn(day Date) []Disease { return d.diseases.allOn(day) }

// HarmfulFactor returns a group of harmful factors by list and code.
func (d *Data) HarmfulFactor(list, code string) (HarmfulFactor, bool) {
	return d.harmfulFactors.get(list, code)
}

// HarmfulFactorOn returns the group that the code names on the given local day.
func (d *Data) HarmfulFactorOn(code string, day Date) (HarmfulFactor, bool) {
	return d.harmfulFactors.on(code, day)
}

// HarmfulFactors returns the groups in the order of the notice.
func (d *Data) HarmfulFactors() []HarmfulFactor { return d.harmfulFactors.all() }
