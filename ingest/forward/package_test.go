package forward_test

import (
	"testing"

	"atvsld/analytics/store/storetest"
)

var shared storetest.Shared

func TestMain(m *testing.M) { storetest.Run(m, &shared) }
