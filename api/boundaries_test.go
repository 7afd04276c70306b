package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"atvsld/seeds"
)

// square is a ring around a place.
func square(longitude, latitude float64) string {
	return fmt.Sprintf("[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]", longitude, latitude, longitude+0.5, latitude+0.5)
}

// squares is a file that has every province of a list, one beside the other.
func squares(list seeds.ProvinceList) string {
	var features []string
	for i, p := range seeds.Default().Provinces(list) {
		geometry := fmt.Sprintf(`{"type":"Polygon","coordinates":[%s]}`, square(102+float64(i%10), 8+float64(i/10)))
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"owner":"somebody"},"geometry":%s}`, p.Code, geometry))
	}
	return `{"type":"FeatureCollection","name":"x","features":[` + strings.Join(features, ",") + `]}`
}

// supplied are boundaries as the server has them.
func supplied(t *testing.T, list seeds.ProvinceList) map[seeds.ProvinceList][]byte {
	t.Helper()
	data, err := ReadBoundaries(strings.NewReader(squares(list)), list, seeds.Default())
	require.NoError(t, err)
	return map[seeds.ProvinceList][]byte{list: data}
}

func TestBoundaries(t *testing.T) {
	for _, list := range []seeds.ProvinceList{seeds.List34, seeds.List63} {
		p := newSmall(t, func(d *Deps, _ *Config) { d.Boundaries = supplied(t, list) })
		a := p.get("/v1/boundaries/" + string(list)).ok()
		a.is(geoJSONType)
		require.NotContains(t, string(a.body), "somebody", "nothing else of the file is given away")
		got := read[Boundaries](a)
		require.Len(t, got.Features, len(seeds.Default().Provinces(list)))
		require.Equal(t, BoundaryProperties{string(list), "01", "Hà Nội", "Ha Noi"}, got.Features[0].Properties)
		again := p.get("/v1/boundaries/"+string(list), "If-None-Match", a.header.Get("Etag"))
		require.Equal(t, http.StatusNotModified, again.status)
		require.Equal(t, publicFor, a.header.Get("Cache-Control"))
		p.document().keeps("get /v1/boundaries/{list}", a)
	}
	p := newSmall(t)
	p.get("/v1/boundaries/34").problem(http.StatusNotFound, "API-182")
	p.get("/v1/boundaries/35").problem(http.StatusUnprocessableEntity, "API-006")
}

// Heights go, positions are to the metre, and one polygon is as good as several.
func TestBoundariesAreTidied(t *testing.T) {
	ring := "[[105.123456789,21.1,30],[105.6,21.1,30],[105.6,21.6,30],[105.123456789,21.1,30]]"
	text := strings.Replace(squares(seeds.List34), `{"type":"Polygon","coordinates":[`+square(102, 8)+`]}`, `{"type":"MultiPolygon","coordinates":[[`+ring+`],[`+square(105, 20)+`]]}`, 1)
	data, err := ReadBoundaries(strings.NewReader(text), seeds.List34, seeds.Default())
	require.NoError(t, err)
	var got Boundaries
	require.NoError(t, json.Unmarshal(data, &got))
	require.Len(t, got.Features[0].Geometry.Coordinates, 2)
	require.Equal(t, []float64{105.12346, 21.1}, got.Features[0].Geometry.Coordinates[0][0][0])
}

func TestBoundariesAreChecked(t *testing.T) {
	whole, first := squares(seeds.List34), square(102, 8)
	f := func(code, text string) {
		t.Helper()
		_, err := ReadBoundaries(strings.NewReader(text), seeds.List34, seeds.Default())
		var wrong *BoundaryError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, code, wrong.Code, err)
	}
	with := func(old, other string) string {
		t.Helper()
		require.Contains(t, whole, old)
		return strings.Replace(whole, old, other, 1)
	}
	f("MAP-001", strings.Repeat(" ", maxBoundaryBytes+1))
	f("MAP-001", with(first, "["+strings.Repeat("[102,8],", maxPositions)+"[102,8]]"))
	f("MAP-002", "")
	f("MAP-002", "<kml/>")
	f("MAP-002", `{"type":"FeatureCollection","features":{}}`)
	f("MAP-002", `{"type":"Topology"}`)
	f("MAP-002", strings.Repeat(`{"features":[`, 20_000))
	f("MAP-003", with(`"code":"01"`, `"code":"99"`))
	f("MAP-003", with(`"code":"01"`, `"code":1`))
	f("MAP-003", with(`"code":"01"`, `"name":"Hà Nội"`))
	f("MAP-003", with(`"code":"04"`, `"code":"01"`))
	f("MAP-004", `{"type":"FeatureCollection","features":[]}`)
	f("MAP-005", with(`"type":"Polygon"`, `"type":"Point"`))
	f("MAP-005", with(`"type":"Polygon"`, `"type":"MultiPolygon"`))
	f("MAP-005", with(first, `"x"`))
	f("MAP-005", with("["+first+"]", "[]"))
	f("MAP-005", with("["+first+"]", "null"))
	f("MAP-006", with("[102,8],", "[8,102],")) // latitude first
	f("MAP-006", with("[102,8],", "[585000,2320000],"))
	f("MAP-006", with("[102,8],", "[102],"))
	f("MAP-006", with(first, "[]"))
	f("MAP-006", with(first, "[[102,8],[103,8],[102,8]]"))
	f("MAP-006", with(first, "[[102,8],[103,8],[103,9],[102,9]]"))
}

func FuzzBoundaries(f *testing.F) {
	f.Add(squares(seeds.List34))
	f.Add(`{"type":"FeatureCollection","features":[{"properties":{"code":"01"},"geometry":{"type":"Polygon","coordinates":[[[105,21]]]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		data, err := ReadBoundaries(strings.NewReader(text), seeds.List34, seeds.Default())
		if err != nil {
			var wrong *BoundaryError
			require.ErrorAs(t, err, &wrong)
			return
		}
		var got Boundaries
		require.NoError(t, json.Unmarshal(data, &got))
		require.Len(t, got.Features, 34)
	})
}
