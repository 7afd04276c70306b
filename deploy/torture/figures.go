package torture

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

// checked are the figures that the filed reports make.
func checked() []figure {
	var all []figure
	for year := 2023; year <= 2024; year++ {
		all = append(all, figure{"N4", year, false}, figure{"N5", year, false})
	}
	for _, indicator := range []string{"N1", "N2", "N3", "B1", "B2"} {
		all = append(all, figure{indicator, periodicYear, false})
	}
	return append(all, figure{"A1", periodicYear, true})
}

// checkFigures: the figures that the platform tells are those of what was accepted.
func (p *platform) checkFigures(ctx context.Context, v *verdict, want expectation) error {
	for _, f := range checked() {
		have, err := p.figure(ctx, f)
		if err != nil {
			return err
		}
		p.compare(v, f.String(), have, want.figures[f])
	}
	return nil
}

// figure asks the interface for a live figure of the nation.
func (p *platform) figure(ctx context.Context, f figure) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	address := fmt.Sprintf("http://%s/v1/indicators/%s/series?from=%d&to=%d&view=live", p.roles[apiRole].address, f.indicator, f.year, f.year)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+p.token)
	response, err := p.web.Do(request)
	if err != nil {
		return 0, fmt.Errorf("ask for %s: %w", f, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, fmt.Errorf("ask for %s: %w", f, err)
	}
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("ask for %s: %s: %.500s", f, response.Status, body)
	}
	var answer struct {
		Values []struct {
			Numerator   *int64 `json:"numerator"`
			Denominator *int64 `json:"denominator"`
		} `json:"values"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return 0, fmt.Errorf("ask for %s: %w", f, err)
	}
	if len(answer.Values) != 1 {
		return 0, fmt.Errorf("ask for %s: %d values", f, len(answer.Values))
	}
	value := answer.Values[0].Numerator
	if f.denominator {
		value = answer.Values[0].Denominator
	}
	if value == nil {
		return 0, nil // nothing was reported
	}
	return *value, nil
}
