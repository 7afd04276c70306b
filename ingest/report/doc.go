// Package report is the model of every report the platform takes in: what a
// filer may send, which rules hold, what is personal in it and who it is about.
//
// It is pure: no I/O, no clock of its own, no state. A gateway uses it in this
// order, and so does everybody who wants the same answer without a network:
//
//	s, form, err := report.Decode(data)          // err: no JSON at all
//	found := report.Check(ctx, &s, form)          // every finding at once
//	if len(report.Blocking(found, s.Acknowledge)) > 0 { … refuse … }
//	private, err := s.Strip(pseudonyms)           // nothing personal is left in s
//	found = s.Identify()                          // report_id of a periodic report
//
// What a rule asks of numbers is data ([Arithmetic]): it is served with the catalogue, so
// that a form in a browser makes the very same check. Everything else is a small function.
//
// Adding a kind takes one file with its content type and Definition, one with
// its rules, and one line in the catalogue (catalogue.go). Every field has the tag
// doc:"nghĩa / meaning", from which, with the rest of the form, the data dictionary is
// made; make docs writes it and the rule book.
package report
