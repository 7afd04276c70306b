package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/ingest/report"
	"atvsld/seeds"
)

var ruleKind = rule{"API-110", report.Error, "Không có loại báo cáo này; các loại: %s.", "There is no such kind of report; the kinds are: %s."}

// Dictionary is the data dictionary: every field of every report.
type Dictionary struct {
	Kinds  []DictionaryKind `json:"kinds"`
	Fields []report.Field   `json:"fields" doc:"Các mục chung của mọi báo cáo (không có kind), rồi các mục của từng loại. / The fields that all reports share (without kind), then those of every kind"`
	// CodeLists are the lists that the platform holds; others are loaded by the operator.
	CodeLists     map[string]string `json:"code_lists" doc:"Địa chỉ của các danh mục được nêu; danh mục không có ở đây do đơn vị vận hành nạp. / Where the code lists that fields name are; one that is not here is loaded by the operator"`
	Demonstration bool              `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// DictionaryKind is a kind of report.
type DictionaryKind struct {
	Kind     report.Kind `json:"kind"`
	NameVI   string      `json:"name_vi"`
	NameEN   string      `json:"name_en"`
	LegalRef string      `json:"legal_ref"`
	Status   string      `json:"status" enum:"V,S,UNVERIFIED" doc:"Mức độ kiểm chứng nội dung mẫu. / How far the content of the form was verified"`
	Event    bool        `json:"event" doc:"Báo cáo sự kiện, không theo kỳ. / About an event, not a period"`
	Table    string      `json:"table" doc:"Bảng lưu bản mới nhất. / Table of the newest revisions"`
}

func (s *Server) routeDictionary() {
	huma.Register(s.api, operation("get-dictionary", access.ReadPublic, http.MethodGet, "/v1/dictionary", "Từ điển dữ liệu / Data dictionary",
		"Mọi mục của mọi báo cáo: ý nghĩa, kiểu, giới hạn, danh mục, cột lưu trữ, nguồn. Bản để đọc: docs/DATA-DICTIONARY.md. / "+
			"Every field of every report: meaning, type, limits, code list, column of the store, source. To read: docs/DATA-DICTIONARY.md.",
		tagReference, http.StatusUnprocessableEntity), s.getDictionary)
}

type dictionaryInput struct {
	Kind string `query:"kind" maxLength:"40" doc:"Chỉ loại báo cáo này. / This kind of report only"`
}

type dictionaryOutput struct{ Body Dictionary }

func (s *Server) getDictionary(_ context.Context, in *dictionaryInput) (*dictionaryOutput, error) {
	all := DataDictionary(s.Seeds)
	all.Demonstration = s.Demonstration
	if in.Kind == "" {
		return &dictionaryOutput{all}, nil
	}
	if _, known := report.Lookup(report.Kind(in.Kind)); !known {
		kinds := kindNames()
		return nil, problemParameters.new(ruleKind.parameter("kind", kinds, kinds))
	}
	other := func(k report.Kind) bool { return k != "" && string(k) != in.Kind }
	all.Kinds = slices.DeleteFunc(all.Kinds, func(k DictionaryKind) bool { return other(k.Kind) })
	all.Fields = slices.DeleteFunc(all.Fields, func(f report.Field) bool { return other(f.Kind) })
	return &dictionaryOutput{all}, nil
}

func kindNames() string {
	var names []string
	for _, d := range report.Definitions() {
		names = append(names, string(d.Kind))
	}
	return strings.Join(names, ", ")
}

// DataDictionary returns the data dictionary.
func DataDictionary(d *seeds.Data) Dictionary {
	all := Dictionary{Fields: report.Dictionary(), CodeLists: map[string]string{}}
	for _, k := range report.Definitions() {
		all.Kinds = append(all.Kinds, DictionaryKind{k.Kind, k.NameVI, k.NameEN, k.LegalRef, k.Status, k.Event, k.Table})
	}
	addresses := codeListAddresses(d)
	for _, f := range all.Fields {
		for _, list := range f.Lists {
			if address, held := addresses[list]; held {
				all.CodeLists[list] = address
			}
		}
	}
	return all
}

// codeListAddresses tells where the code lists are that the platform holds. The rules
// are a list of codes as well.
func codeListAddresses(d *seeds.Data) map[string]string {
	all := map[string]string{"rules": "/v1/rules"}
	for _, list := range (&Server{Deps: Deps{Seeds: d}}).codeLists() {
		all[list.Name] = list.URL
	}
	return all
}
