package audit

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"atvsld/analytics/access"
)

// Act is something that is done to the platform beside HTTP: by a command, or by the platform
// itself. Who does it is the caller of the context, the platform itself if there is none.
type Act struct {
	// Operation names the command or job, as in "close-period".
	Operation string
	// Action is what it would be to the policy; empty where that knows nothing of the kind.
	Action access.Action
	// By is the name that was given for who decided it, Reason why.
	By, Reason string
	On         []Touch
}

// Do records that an act begins, does it, and records how it ended. If its beginning cannot be
// recorded nothing is done.
func (w *Writer) Do(ctx context.Context, a Act, do func(ctx context.Context) error) error {
	caller, err := access.Of(ctx)
	if err != nil {
		ctx = access.System(ctx)
		caller, _ = access.Of(ctx)
	}
	e := Entry{
		Kind: Action, Who: WhoOf(caller), Scope: ScopeOf(caller, a.Action), Operation: a.Operation, Action: a.Action,
		By: a.By, Reason: a.Reason, On: a.On, Outcome: Begun, RequestID: uuid.Must(uuid.NewV7()),
	}
	if err := w.Record(ctx, e); err != nil {
		return fmt.Errorf("%s: nothing was done: %w", a.Operation, err)
	}
	done := do(ctx)
	e.Outcome = Allowed
	if done != nil {
		e.Outcome = Failed
	}
	// What was done is on record even if its context has ended.
	return errors.Join(done, w.Record(context.WithoutCancel(ctx), e))
}
