package store

import (
	"context"
	"slices"

	"atvsld/analytics/access"
)

// actions says of every method that a caller of the interface can cause which action of the
// policy it is. A method that is not here and asks all the same is denied to everybody; one
// that does not ask must be listed as the platform's own in TestEveryMethodIsDecided.
var actions = map[string]access.Action{
	"Reports":  access.ReadReports,
	"Filings":  access.ReadReports,
	"Latest":   access.ReadReports,
	"Declared": access.ReadReports,
	// What became of reports in a figure.
	"FateReports": access.ReadReports,
	"Sealed":      access.ReadPersonal,
	// Whoever presents a receipt or a tracking number needs no right: see Presented.
	"Revisions": access.ReadStatus,

	"Cases":            access.ReadCases,
	"Investigations":   access.ReadCases,
	"InvestigationsOf": access.ReadCases,
	"IncidentsOf":      access.ReadCases,

	"Obliged": access.ReadObligations,

	"Yearly": access.FollowUp,

	"SafetyFigures":   access.ReadFigures,
	"TreatedVictims":  access.ReadFigures,
	"DiseaseFunnel":   access.ReadFigures,
	"SummaryReports":  access.ReadFigures,
	"SummaryRegister": access.ReadFigures,
	"SummaryRows":     access.ReadFigures,
	"SummaryCommunes": access.ReadFigures,

	// What is closed is public, and so are imported figures: they were published.
	"Figures/live":       access.ReadLive,
	"Figures/closed":     access.ReadPublic,
	"Cells/live":         access.ReadLive,
	"Cells/closed":       access.ReadPublic,
	"BaseFigures/live":   access.ReadLive,
	"BaseFigures/closed": access.ReadPublic,
	// Two closings differ by what came between them, which may be one report.
	"Figures/earlier":     access.ReadLive,
	"Cells/earlier":       access.ReadLive,
	"BaseFigures/earlier": access.ReadLive,
	"ClosedPeriods":       access.ReadPublic,
	"Closings":            access.ReadPublic,
	"AsOf":                access.ReadPublic,
	"ReportFates":         access.ReadLive,
	// Whether anything is published at all the rule of publication says.
	"Violations": access.ReadPublic,

	"DeadLetter":       access.HandleLetters,
	"DeadLetters":      access.HandleLetters,
	"CountDeadLetters": access.HandleLetters,
	"RecordLetterAct":  access.HandleLetters,

	"Grants":       access.Grant,
	"Grant":        access.Grant,
	"RecordGrants": access.Grant,

	"AccessKey":        access.ManageKeys,
	"AccessKeys":       access.ManageKeys,
	"LivingAccessKeys": access.ManageKeys,
	"RecordAccessKey":  access.ManageKeys,
	"Revocations":      access.RevokeTokens,
	"RevokedBefore":    access.RevokeTokens,
	"RevokeTokens":     access.RevokeTokens,

	"Audit":       access.ReadAudit,
	"ExportAudit": access.ReadAudit,
	"Erasures":    access.ReadAudit,
	"SealedKinds": access.ReadAudit,
	"SealedCount": access.ReadAudit,
	"Mentions":    access.ExportPerson,
}

// may finds out who asks and whether the policy lets him at all, for what has no scope but the
// caller himself or the whole. The error is access.ErrNoCaller or a *access.DeniedError.
func (s *Store) may(ctx context.Context, method string) (access.Caller, error) {
	caller, err := access.Of(ctx)
	if err == nil && !caller.May(actions[method]) {
		err = &access.DeniedError{Action: actions[method]}
	}
	return caller, err
}

// ask finds out who asks and how far he reaches with a method. The error is
// access.ErrNoCaller or a *access.DeniedError.
func (s *Store) ask(ctx context.Context, method string) (scope, error) {
	caller, err := access.Of(ctx)
	if err != nil {
		return scope{}, err
	}
	action := actions[method]
	reach, err := caller.Reach(action, s.config.Seeds)
	if err != nil {
		return scope{}, err
	}
	if !slices.Contains([]access.Action{access.ReadReports, access.ReadPersonal, access.ReadStatus}, action) {
		// Kinds limit which reports are read, and which are told of at all. A case and a
		// figure are made of reports of several kinds: they are given by action.
		reach.Kinds = nil
	}
	return scope{reach, action}, nil
}
