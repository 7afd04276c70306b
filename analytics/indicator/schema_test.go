package indicator

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// Answers fit the schema that the API describes them with: what may be null is said to be.
func TestAnswersFitTheirSchema(t *testing.T) {
	hanoi := ref("63", "01")
	e := newEngine(t, newMemory(
		event("fatal_accidents", 2020, hanoi, 3), event("declared_accidents", 2020, hanoi, 3),
		event("fatal_accidents", 2021, hanoi, 0), event("declared_accidents", 2021, hanoi, 3),
		yearly("workers_reporting", 2021, hanoi, 900), yearly("reports", 2021, hanoi, 1),
		yearly("establishments_due", 2020, hanoi, 4), yearly("reports_of_due", 2020, hanoi, 3),
		yearly("establishments_due", 2021, hanoi, 4), yearly("reports_of_due", 2021, hanoi, 2), yearly("reports_on_time", 2021, hanoi, 1)))
	for _, g := range []Geography{Geography34, Geography63, Reported} {
		attainment, err := e.Attainment(t.Context(), AttainmentRequest{Year: 2021, View: Live, Geography: g})
		require.NoError(t, err)
		requireSchema(t, attainment)
	}
	for _, d := range e.Catalogue().Indicators() {
		for nth := range Cuts() {
			series, err := e.Series(t.Context(), SeriesRequest{Indicator: d.ID, From: 2019, To: 2021, View: Live, By: together(d, nth)})
			require.NoError(t, err)
			requireSchema(t, series)
		}
	}
	closed, err := e.Series(t.Context(), SeriesRequest{Indicator: "A1", From: 2021, To: 2021, Area: seeds.ProvinceRef{List: "34", Code: "01"}})
	require.NoError(t, err)
	requireSchema(t, closed)
}

func requireSchema[T any](t *testing.T, answer T) {
	t.Helper()
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal(text, &value))
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schema := registry.Schema(reflect.TypeFor[T](), true, "")
	var result huma.ValidateResult
	huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, &result)
	require.Empty(t, result.Errors)
}
