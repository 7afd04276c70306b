package api

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"atvsld/analytics/access"
	"atvsld/seeds"
)

// geoJSONType is that of RFC 7946.
const geoJSONType = "application/geo+json"

// Bounds of a file of boundaries. A page draws it on a phone.
const (
	maxBoundaryBytes = 16 << 20
	maxPositions     = 200_000
)

// The rectangle that everything of Viet Nam lies in, Hoàng Sa and Trường Sa included, in degrees.
const (
	west, south, east, north = 101.0, 5.0, 119.0, 24.5
)

// Boundaries are the provinces of a list as GeoJSON (RFC 7946).
type Boundaries struct {
	Type     string           `json:"type" enum:"FeatureCollection"`
	Features []BoundaryOfUnit `json:"features" doc:"Every province of the list once, by code"`
}

// BoundaryOfUnit is a province.
type BoundaryOfUnit struct {
	Type       string             `json:"type" enum:"Feature"`
	Properties BoundaryProperties `json:"properties"`
	Geometry   BoundaryGeometry   `json:"geometry"`
}

// BoundaryProperties name a province.
type BoundaryProperties struct {
	List   string `json:"list" enum:"34,63"`
	Code   string `json:"code" doc:"Codes: /v1/codelists/provinces"`
	NameVI string `json:"name_vi"`
	NameEN string `json:"name_en"`
}

// BoundaryGeometry is where it lies.
type BoundaryGeometry struct {
	Type        string          `json:"type" enum:"MultiPolygon"`
	Coordinates [][][][]float64 `json:"coordinates" doc:"Polygons of rings of positions: longitude, latitude (WGS 84)"`
}

// BoundaryError says what is wrong with a file of boundaries. Codes are stable.
type BoundaryError struct{ Code, What string }

// Error implements error.
func (e *BoundaryError) Error() string { return e.Code + ": " + e.What }

func badBoundaries(code, what string, args ...any) error {
	return &BoundaryError{code, fmt.Sprintf(what, args...)}
}

// ReadBoundaries reads the provinces of a list from an operator's GeoJSON and returns them as
// they are served: code, name and polygons to the metre, and nothing else of the file. What is
// wrong with the file is a *BoundaryError.
func ReadBoundaries(from io.Reader, list seeds.ProvinceList, data *seeds.Data) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(from, maxBoundaryBytes+1))
	switch {
	case err != nil:
		return nil, badBoundaries("MAP-001", "the file cannot be read: %v", err)
	case len(raw) > maxBoundaryBytes:
		return nil, badBoundaries("MAP-001", "the file has more than %d MB; simplify its lines", maxBoundaryBytes>>20)
	}
	var file givenBoundaries
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, badBoundaries("MAP-002", "the file is no GeoJSON: %v", err)
	}
	if file.Type != "FeatureCollection" {
		return nil, badBoundaries("MAP-002", "the file is a %.40q, and a FeatureCollection is needed", file.Type)
	}
	units, err := file.units(list, data)
	if err != nil {
		return nil, err
	}
	return marshal(Boundaries{Type: "FeatureCollection", Features: units})
}

// givenBoundaries is as much of a file as is looked at.
type givenBoundaries struct {
	Type     string          `json:"type"`
	Features []givenBoundary `json:"features"`
}

type givenBoundary struct {
	Properties struct {
		Code any `json:"code"`
	} `json:"properties"`
	Geometry struct {
		Type        string         `json:"type"`
		Coordinates jsontext.Value `json:"coordinates"`
	} `json:"geometry"`
}

// units returns the provinces in the order of their codes, each of them once.
func (g *givenBoundaries) units(list seeds.ProvinceList, data *seeds.Data) ([]BoundaryOfUnit, error) {
	wanted := map[string]seeds.Province{}
	for _, p := range data.Provinces(list) {
		wanted[p.Code] = p
	}
	var units []BoundaryOfUnit
	room := maxPositions
	for i, f := range g.Features {
		code, _ := f.Properties.Code.(string)
		province, there := wanted[code]
		if !there {
			return nil, badBoundaries("MAP-003", "features[%d]: the property code is %.40q: two digits of list %s are needed, each of them once", i, fmt.Sprint(f.Properties.Code), list)
		}
		delete(wanted, code)
		polygons, err := f.polygons(&room)
		if err != nil {
			return nil, fmt.Errorf("features[%d], province %s: %w", i, code, err)
		}
		units = append(units, BoundaryOfUnit{
			Type: "Feature", Properties: BoundaryProperties{string(list), code, province.NameVI, province.NameEN},
			Geometry: BoundaryGeometry{"MultiPolygon", polygons},
		})
	}
	if len(wanted) > 0 {
		return nil, badBoundaries("MAP-004", "provinces of list %s are missing: %s", list, strings.Join(slices.Sorted(maps.Keys(wanted)), ", "))
	}
	slices.SortFunc(units, func(a, b BoundaryOfUnit) int { return strings.Compare(a.Properties.Code, b.Properties.Code) })
	return units, nil
}

// polygons returns the geometry as that of a MultiPolygon. room is how many positions may come.
func (f *givenBoundary) polygons(room *int) (polygons [][][][]float64, err error) {
	switch f.Geometry.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
	default:
		return nil, badBoundaries("MAP-005", "its geometry is a %.40q, and a Polygon or MultiPolygon is needed", f.Geometry.Type)
	}
	if err != nil {
		return nil, badBoundaries("MAP-005", "its coordinates are none of a %s", f.Geometry.Type)
	}
	if len(polygons) == 0 || slices.ContainsFunc(polygons, func(rings [][][]float64) bool { return len(rings) == 0 }) {
		return nil, badBoundaries("MAP-005", "a polygon has no ring")
	}
	for _, rings := range polygons {
		for _, ring := range rings {
			if *room -= len(ring); *room < 0 {
				return nil, badBoundaries("MAP-001", "the file has more than %d positions; simplify its lines", maxPositions)
			}
			if err := tidyRing(ring); err != nil {
				return nil, err
			}
		}
	}
	return polygons, nil
}

// tidyRing checks a ring and rounds its positions to the metre. Heights are left out.
func tidyRing(ring [][]float64) error {
	for i, p := range ring {
		switch {
		case len(p) < 2 || len(p) > 3:
			return badBoundaries("MAP-006", "a position has %d numbers: longitude and latitude are needed", len(p))
		case p[0] < west || p[0] > east || p[1] < south || p[1] > north:
			return badBoundaries("MAP-006", "the position %v lies outside of Viet Nam: longitude %v to %v, then latitude %v to %v, in degrees (WGS 84)", p, west, east, south, north)
		}
		ring[i] = []float64{round(p[0]), round(p[1])}
	}
	if n := len(ring); n < 4 || !slices.Equal(ring[0], ring[n-1]) {
		return badBoundaries("MAP-006", "a ring has to end where it begins and to have 4 positions or more")
	}
	return nil
}

// round leaves five decimals of a degree.
func round(degrees float64) float64 { return math.Round(degrees*1e5) / 1e5 }

func (s *Server) routeBoundaries() {
	op := operation("get-boundaries", access.ReadPublic, http.MethodGet, "/v1/boundaries/{list}", "Ranh giới các tỉnh / Boundaries of the provinces",
		"GeoJSON (RFC 7946) do người vận hành cung cấp; 404 nếu không có, khi đó dùng bản đồ ô. / GeoJSON (RFC 7946) that the operator supplied; 404 where there is none, and a tile map does.",
		tagReference, http.StatusNotFound, http.StatusUnprocessableEntity)
	op.Responses = map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{geoJSONType: {Schema: s.api.OpenAPI().Components.Schemas.Schema(typeOf[Boundaries](), true, "")}},
	}}
	huma.Register(s.api, op, s.getBoundaries)
}

type boundariesInput struct {
	List string `path:"list" enum:"34,63" doc:"List of provinces: in force since 1 July 2025, or before it"`
}

type boundariesOutput struct{ Body func(huma.Context) }

func (s *Server) getBoundaries(_ context.Context, in *boundariesInput) (*boundariesOutput, error) {
	data, supplied := s.Boundaries[seeds.ProvinceList(in.List)]
	if !supplied {
		return nil, problemNotFound.new(ruleNoBoundaries.parameter("list"))
	}
	return &boundariesOutput{func(c huma.Context) {
		c.SetHeader("Content-Type", geoJSONType)
		_, _ = c.BodyWriter().Write(data) // a caller who is gone is no fault of ours
	}}, nil
}
