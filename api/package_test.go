package api

import (
	"testing"

	"go.uber.org/goleak"

	"atvsld/analytics/store/storetest"
)

// engine is the store of all tests of this package.
var engine storetest.Shared

func TestMain(m *testing.M) {
	storetest.Run(m, &engine)
}

// noLeaks fails the test when goroutines that it started are left over.
func noLeaks(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}
