// Package demo generates the demonstration data of the platform: reports of
// invented establishments and communes for 2016–2025, as a filer would send
// them, one JSON document each, in the order of receipt.
//
// It works from cases. The accidents of a year are made first; declarations,
// Annex XII and the communes' reports are all derived from the same accidents,
// so that every identity between them holds. National and provincial totals of
// 2016–2021 equal the published figures to the unit ([Targets]); what cannot be
// reproduced is listed by name ([Exceptions]). 2022–2025 are chosen to show
// every kind of verdict. README.md says what is printed, derived and chosen.
//
// The same [Config] gives the same bytes on every machine.
package demo
