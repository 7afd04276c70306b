package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// CodeListIndex names the code lists.
type CodeListIndex struct {
	CodeLists     []CodeListLink `json:"codelists"`
	Demonstration bool           `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// CodeListLink names one code list.
type CodeListLink struct {
	Name   string `json:"name"`
	NameVI string `json:"name_vi"`
	NameEN string `json:"name_en"`
	Size   int    `json:"size"`
	URL    string `json:"url"`
}

// CodeList is one code list. A code means something only together with its list.
type CodeList struct {
	CodeListLink
	Codes         []Code `json:"codes"`
	Demonstration bool   `json:"demonstration" doc:"Whether the store holds demonstration data"`
}

// Code is one code with its validity, source and how far that was verified.
type Code struct {
	List      string       `json:"list" doc:"List or version the code belongs to"`
	Code      string       `json:"code"`
	NameVI    string       `json:"name_vi"`
	NameEN    string       `json:"name_en"`
	Parent    string       `json:"parent,omitempty" doc:"Group, successor of a former province, or kind of report of an obligation"`
	ValidFrom seeds.Date   `json:"valid_from,omitzero" format:"date"`
	ValidTo   seeds.Date   `json:"valid_to,omitzero" format:"date"`
	Source    string       `json:"source"`
	Status    seeds.Status `json:"status" enum:"V,S,D,OWN,UNVERIFIED" doc:"V verified, S secondary, D derived, OWN made by this project, UNVERIFIED no source found"`
	Note      string       `json:"note,omitempty"`
	Members   []string     `json:"members,omitempty" doc:"Of a region: codes of its provinces in the same list"`
}

func (s *Server) routeCodeLists() {
	huma.Register(s.api, operation("list-codelists", access.ReadPublic, http.MethodGet, "/v1/codelists", "Các danh mục / Code lists", "", tagReference), s.listCodeLists)
	huma.Register(s.api, operation("get-codelist", access.ReadPublic, http.MethodGet, "/v1/codelists/{name}", "Một danh mục / One code list",
		"Mã, tên, hiệu lực, nguồn. / Codes, names, validity, source.", tagReference, http.StatusNotFound, http.StatusUnprocessableEntity), s.getCodeList)
}

type codeListsOutput struct{ Body CodeListIndex }

func (s *Server) listCodeLists(context.Context, *struct{}) (*codeListsOutput, error) {
	index := CodeListIndex{CodeLists: []CodeListLink{}, Demonstration: s.Demonstration}
	for _, list := range s.codeLists() {
		index.CodeLists = append(index.CodeLists, list.CodeListLink)
	}
	return &codeListsOutput{Body: index}, nil
}

type codeListInput struct {
	Name string `path:"name" maxLength:"40" doc:"Name of the list, as in provinces"`
}

type codeListOutput struct{ Body CodeList }

func (s *Server) getCodeList(_ context.Context, in *codeListInput) (*codeListOutput, error) {
	for _, list := range s.codeLists() {
		if list.Name == in.Name {
			return &codeListOutput{Body: list}, nil
		}
	}
	return nil, problemNotFound.new(ruleNoData.parameter("name"))
}

func (s *Server) codeLists() []CodeList {
	d := s.Seeds
	return []CodeList{
		s.codeList("provinces", "Tỉnh, thành phố", "Provinces and cities", provinceCodes(d)),
		s.codeList("regions", "Vùng kinh tế - xã hội", "Socio-economic regions", regionCodes(d)),
		s.codeList("vsic", "Ngành kinh tế (cấp 1)", "Industry sections (VSIC)", sectionCodes(d)),
		s.codeList("causes", "Nguyên nhân tai nạn", "Causes of accidents", codesOf(d.Causes(), func(c seeds.Cause) (seeds.Entry, string) { return c.Entry, c.Group })),
		s.codeList("factors", "Yếu tố gây chấn thương", "Injury factors", codesOf(d.Factors(), func(f seeds.Factor) (seeds.Entry, string) { return f.Entry, "" })),
		s.codeList("worker-classes", "Quy mô lao động của cơ sở báo cáo", "Classes of establishments by workers", codesOf(d.WorkerClasses(), func(c seeds.WorkerClass) (seeds.Entry, string) { return c.Entry, "" })),
		s.codeList("serious-injuries", "Chấn thương nặng", "Serious injuries", codesOf(d.SeriousInjuries(), func(i seeds.SeriousInjury) (seeds.Entry, string) { return i.Entry, i.Parent })),
		s.codeList("diseases", "Bệnh nghề nghiệp", "Occupational diseases", codesOf(d.Diseases(), func(e seeds.Disease) (seeds.Entry, string) { return e.Entry, e.Group })),
		s.codeList("harmful-factors", "Yếu tố có hại", "Harmful factors", codesOf(d.HarmfulFactors(), func(f seeds.HarmfulFactor) (seeds.Entry, string) { return f.Entry, "" })),
		s.codeList("training-groups", "Nhóm huấn luyện", "Training groups", codesOf(d.TrainingGroups(), func(g seeds.TrainingGroup) (seeds.Entry, string) { return g.Entry, "" })),
		s.codeList("equipment-types", "Thiết bị có yêu cầu nghiêm ngặt", "Equipment with strict requirements", codesOf(d.EquipmentTypes(), plainCode)),
		s.codeList("violation-types", "Vi phạm an toàn, vệ sinh lao động", "Violations found by inspections", codesOf(d.ViolationTypes(), plainCode)),
		s.codeList("remedial-measures", "Biện pháp khắc phục", "Remedial measures", codesOf(d.RemedialMeasures(), plainCode)),
		s.codeList("accident-receivers", "Nơi nhận khai báo tai nạn lao động", "Receivers of accident declarations", codesOf(d.AccidentReceivers(), func(r seeds.Receiver) (seeds.Entry, string) { return r.Entry, "" })),
		s.codeList("obligations", "Nghĩa vụ báo cáo", "Obligations to report", codesOf(d.Obligations(), func(o seeds.Obligation) (seeds.Entry, string) { return o.Entry, o.Kind })),
		s.codeList("targets", "Mục tiêu", "Targets", targetCodes(d)),
	}
}

func (s *Server) codeList(name, vi, en string, codes []Code) CodeList {
	return CodeList{CodeListLink{name, vi, en, len(codes), "/v1/codelists/" + name}, codes, s.Demonstration}
}

func codesOf[T any](rows []T, read func(T) (seeds.Entry, string)) []Code {
	codes := make([]Code, 0, len(rows))
	for _, row := range rows {
		e, parent := read(row)
		codes = append(codes, Code{e.List, e.Code, e.NameVI, e.NameEN, parent, e.ValidFrom, e.ValidTo, e.Source, e.Status, e.Note, nil})
	}
	return codes
}

func plainCode(e seeds.Entry) (seeds.Entry, string) { return e, "" }

func provinceCodes(d *seeds.Data) []Code {
	var codes []Code
	for _, p := range slices.Concat(d.Provinces(seeds.List34), d.Provinces(seeds.List63)) {
		successor := ""
		if p.Successor != "" {
			successor = string(seeds.List34) + ":" + p.Successor
		}
		codes = append(codes, Code{string(p.List), p.Code, p.NameVI, p.NameEN, successor, p.ValidFrom, p.ValidTo, p.Source, p.Status, p.Note, nil})
	}
	return codes
}

func regionCodes(d *seeds.Data) []Code {
	regions := slices.Concat(d.Regions(seeds.List34), d.Regions(seeds.List63))
	codes := codesOf(regions, func(r seeds.Region) (seeds.Entry, string) { return r.Entry, "" })
	for i := range codes {
		codes[i].Members = regions[i].Provinces
	}
	return codes
}

func sectionCodes(d *seeds.Data) []Code {
	var codes []Code
	for _, x := range slices.Concat(d.VSICSections(seeds.VSIC2025), d.VSICSections(seeds.VSIC2018)) {
		codes = append(codes, Code{x.Version, x.Code, x.NameVI, x.NameEN, "", x.ValidFrom, x.ValidTo, x.Source, x.Status, x.Note, nil})
	}
	return codes
}

func targetCodes(d *seeds.Data) []Code {
	var codes []Code
	for _, t := range d.Targets() {
		codes = append(codes, Code{t.Plan, t.ID, t.NameVI, t.NameEN, "", t.ValidFrom, t.ValidTo, t.Source, t.Status, strings.TrimSpace(t.Notes), nil})
	}
	return codes
}
