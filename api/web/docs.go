package web

// Docs is what the documentation page shows: the OpenAPI document, readable.
type Docs struct {
	Title, Version string
	Demonstration  bool
	Groups         []DocsGroup
	Problems       []DocsProblem
	Schemas        []DocsSchema
}

// LangCode is for the html element.
func (Docs) LangCode() string { return string(VI) }

// T writes the page's own words in both languages.
func (Docs) T(vi, en string) string { return vi + " / " + en }

// OtherLang is empty: the page is in both languages.
func (Docs) OtherLang() string { return "" }

// Visitor is nobody: the page is the same for everybody, and made once.
func (Docs) Visitor() Visitor { return Visitor{} }

// DocsGroup is a group of operations.
type DocsGroup struct {
	Name       string
	Operations []DocsOperation
}

// DocsOperation is one operation.
type DocsOperation struct {
	ID, Method, Path, Summary, Description string
	NeedsToken                             bool
	Parameters                             []DocsField
	Bodies, Answers                        []DocsBody
}

// DocsField is a parameter or a member of an object.
type DocsField struct {
	Name, Where string
	Type        DocsType
	Required    bool
	Text        string
}

// DocsBody is a body of a request or an answer.
type DocsBody struct {
	Status, MediaType string
	Type              DocsType
	Text              string
}

// DocsType is a type in a line; Link names a schema on the page.
type DocsType struct {
	Prefix, Text, Link, Suffix string
	Values                     []string
}

// DocsProblem is a kind of problem.
type DocsProblem struct {
	Slug   string
	Status int
	VI, EN string
}

// DocsSchema is a schema with its members, or the schemas it is one of.
type DocsSchema struct {
	Name, Title, Text string
	Fields            []DocsField
	Options           []DocsType
}

// DocsTable is a table of fields with its name for screen readers.
type DocsTable struct {
	Label  string
	Fields []DocsField
}

// ParameterTable is the table of the parameters.
func (o DocsOperation) ParameterTable() DocsTable {
	return DocsTable{"Tham số / Parameters: " + o.ID, o.Parameters}
}

// Table is the table of the members.
func (s DocsSchema) Table() DocsTable { return DocsTable{s.Name, s.Fields} }
