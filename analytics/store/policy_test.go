package store_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"atvsld/analytics/access"
	"atvsld/analytics/store"
)

// platformsOwn are the methods that answer to nobody outside, and why.
var platformsOwn = map[string]string{
	"Ping": "tells nothing", "Close": "tells nothing",
	"Conn":    "the raw pool, for benches and the torture; the interface has no way to it",
	"Migrate": "start", "Init": "start", "Info": "start: whether the store is a demonstration, and its epoch",
	"NewEpoch": "operator's command", "Origin": "start: which cluster the log is of",
	"ClosePeriod": "operator's command", "ClosePeriods": "operator's command",

	"InsertCurrent": "sink", "InsertLog": "sink", "InsertDeadLetters": "sink", "KnownAt": "sink", "DeadRun": "sink", "Beginnings": "sink",
	"RecordBeginning": "sink", "RecordLoss": "sink", "LastLoss": "sink", "LogHas": "sink", "HasDeadLetter": "sink", "Top": "sink",

	"Known":        "intake: tells a repetition from a contradiction, and the gateway tells no more of it",
	"ByRequest":    "intake: what was filed under an Idempotency-Key, which only its filer can derive",
	"Filers":       "intake: whose a report is, to judge amendments and withdrawals by",
	"GrantedUnits": "identity: what a grantee may do, before it is known who asks",
	"AppendAudit":  "audit: the record itself", "AuditHeads": "audit: links between chains",
	"RecordErasure": "retention",
	"Fingerprints":  "intake: 63 bits of every id, for the filter of known ids",

	"Positions": "proof", "Gaps": "proof", "Holding": "proof", "Overlaps": "proof", "Drifting": "proof", "Slice": "proof", "Recent": "proof",
	"LogRows": "proof: rebuilds", "Portions": "proof", "StoredSince": "proof", "Scratch": "proof: rebuilds", "SetPresent": "rebuild: a copy of an earlier state", "Today": "tells the day", "RecordRepair": "repair",

	"MigrateFrom": "tests", "Freeze": "tests", "InColumns": "tests", "Exec": "tests", "Twin": "tests",
}

// Whoever adds a method has to decide: either it asks who asks, before anything else, or it
// is the platform's own.
func TestEveryMethodIsDecided(t *testing.T) {
	named := map[string]bool{}
	for key, action := range store.Actions {
		name, basis, _ := strings.Cut(key, "/")
		named[name] = true
		require.NotContains(t, platformsOwn, name)
		require.ErrorIs(t, called(t, name, basis, t.Context()), access.ErrNoCaller, "%s answers without knowing who asks", key)
		err := called(t, name, basis, access.With(t.Context(), access.Caller{ID: "stranger", Role: "stranger", Nation: true}))
		var denied *access.DeniedError
		require.ErrorAs(t, err, &denied, key)
		require.Equal(t, action, denied.Action, key)
	}
	for method := range reflect.TypeFor[*store.Store]().Methods() {
		name := method.Name
		require.NotEqual(t, named[name], platformsOwn[name] != "", "decide in actions, or in platformsOwn, what %s is", name)
		delete(named, name)
	}
	require.Empty(t, named, "there are no such methods")
}

// called calls a method with nothing but a context. The store has no connection: whoever
// asks it before asking who asks does not get far.
func called(t *testing.T, name, basis string, ctx context.Context) (err error) {
	t.Helper()
	defer func() {
		if fault := recover(); fault != nil {
			t.Fatalf("%s goes on without knowing who asks: %v", name, fault)
		}
	}()
	method := reflect.ValueOf(new(store.Store)).MethodByName(name)
	require.True(t, method.IsValid(), "there is no method %s", name)
	var args []reflect.Value
	for in := range method.Type().Ins() {
		arg := reflect.New(in).Elem()
		switch {
		case arg.Type() == reflect.TypeFor[context.Context]():
			arg.Set(reflect.ValueOf(ctx))
		case basis != "":
			arg.FieldByName("Basis").SetString(basis)
		}
		args = append(args, arg)
	}
	results := method.Call(args)
	err, _ = reflect.TypeAssert[error](results[len(results)-1])
	return err
}

// A method that nobody put into the table is denied to everybody, the operator included.
func TestUndecidedIsDenied(t *testing.T) {
	_, err := store.Ask(access.System(t.Context()), "Everything")
	require.ErrorIs(t, err, access.ErrDenied)
}
