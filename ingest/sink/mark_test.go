package sink

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var epochA, epochB = uuid.MustParse("0b0b6a3c-2f0e-4f7a-9c1d-3d6a3c1f2e01"), uuid.MustParse("1c1c6a3c-2f0e-4f7a-9c1d-3d6a3c1f2e02")

func TestMarksAreReadBack(t *testing.T) {
	for _, m := range []mark{
		{Epoch: epochA},
		{Epoch: epochB, Intent: &intent{Low: 0, High: 0, Schema: "v1"}},
		{Epoch: epochA, Intent: &intent{Low: 12, High: 1 << 39, Schema: "v22"}},
	} {
		again, err := parseMark(m.String())
		require.NoError(t, err)
		require.Equal(t, m, again)
		require.Less(t, len(m.String()), 200, "far below what a broker keeps")
	}
}

func TestOfEpoch(t *testing.T) {
	f := func(offset int64, text string, committed int64, in *intent, wrong bool) {
		t.Helper()
		gotOffset, gotIntent, err := ofEpoch(offset, text, epochA)
		require.Equal(t, wrong, err != nil, "%v", err)
		if !wrong {
			require.Equal(t, committed, gotOffset)
			require.Equal(t, in, gotIntent)
		}
	}
	f(-1, "", none, nil, false)
	f(7, "", 7, nil, false) // a tool's, or from before there were marks
	f(7, mark{Epoch: epochA}.String(), 7, nil, false)
	f(7, mark{Epoch: epochB}.String(), none, nil, false) // of a log that is gone
	f(7, mark{Epoch: epochA, Intent: &intent{7, 9, "v1"}}.String(), 7, &intent{7, 9, "v1"}, false)
	f(7, mark{Epoch: epochB, Intent: &intent{7, 9, "v1"}}.String(), none, nil, false)
	f(8, mark{Epoch: epochA, Intent: &intent{7, 9, "v1"}}.String(), 0, nil, true)
	f(7, "somebody else's", 0, nil, true)
}

// Whatever stands in a group's metadata is understood exactly or refused.
func FuzzParseMark(f *testing.F) {
	f.Add(mark{Epoch: epochA}.String())
	f.Add(mark{Epoch: epochA, Intent: &intent{3, 5, "v1"}}.String())
	f.Add("atvsld1 " + epochA.String() + " 5-3 v1")
	f.Add("atvsld1 " + epochA.String() + " +3-5 v1")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMark(text)
		if err != nil {
			return
		}
		require.Equal(t, text, m.String())
		if m.Intent != nil {
			require.LessOrEqual(t, m.Intent.Low, m.Intent.High)
		}
	})
}
