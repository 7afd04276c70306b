package demo

import (
	"errors"
	"fmt"
)

// The years that the generator knows.
const (
	FirstYear = 2016
	LastYear  = 2025
)

// Bounds of Config.
const (
	MinEstablishments = 500
	MaxEstablishments = 20_000_000
	MinCommunes       = 252 // four in each of the 63 provinces
	MaxCommunes       = 90_000
)

// Config says which demonstration data to make.
type Config struct {
	// Seed changes everything but the totals.
	Seed uint64
	// FromYear and ToYear bound the years reported on, inclusive. A year's
	// reports do not depend on which other years are made.
	FromYear, ToYear int
	// Establishments is the number of employers. Each files two Annex XII a
	// year; most have no accident to report, so that more of them add reports
	// but no accidents: totals do not depend on it.
	Establishments int
	// Communes is the number of communes before the reform of 1 July 2025; half
	// as many report after it.
	Communes int
}

// Default returns the set that `make run` loads.
func Default() Config {
	return Config{Seed: 31, FromYear: FirstYear, ToYear: LastYear, Establishments: 2400, Communes: 420}
}

// Sized returns the default with as many establishments as give about the given
// number of reports over all years, within the bounds of Config.
func Sized(reports int) Config {
	c := Default()
	// Measured: what does not grow; Annex XII over ten years for each employer;
	// the other reports for each employer with harmful factors.
	const fixed, annex, hazard = 40_300, 17.4, 16.0
	n := float64(reports-fixed) / (annex + hazard/3)
	if n > 3*hazardLimit {
		n = (float64(reports-fixed) - hazard*hazardLimit) / annex
	}
	c.Establishments = min(max(int(n), MinEstablishments), MaxEstablishments)
	return c
}

// Validate returns everything that is wrong with the configuration.
func (c Config) Validate() error {
	var errs []error
	if c.FromYear < FirstYear || c.ToYear > LastYear || c.FromYear > c.ToYear {
		errs = append(errs, fmt.Errorf("years %d to %d: want a range within %d to %d", c.FromYear, c.ToYear, FirstYear, LastYear))
	}
	if c.Establishments < MinEstablishments || c.Establishments > MaxEstablishments {
		errs = append(errs, fmt.Errorf("establishments %d: want %d to %d", c.Establishments, MinEstablishments, MaxEstablishments))
	}
	if c.Communes < MinCommunes || c.Communes > MaxCommunes {
		errs = append(errs, fmt.Errorf("communes %d: want %d to %d", c.Communes, MinCommunes, MaxCommunes))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("demonstration data: %w", err)
	}
	return nil
}
