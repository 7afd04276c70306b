// Package seeds holds the reference data of the field: provinces, industry
// sections, code lists of the forms, targets and published figures. Every row
// carries its validity, its source and how far it was verified; README.md lists
// the tables.
package seeds

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed data/*.csv
var embedded embed.FS

// Data is the reference data. It is immutable: every method may be called by
// many goroutines at once, and returned slices belong to the caller.
type Data struct {
	provinces                                        provinces
	sections                                         codeList[Section]
	causes                                           codeList[Cause]
	factors                                          codeList[Factor]
	injuries                                         codeList[SeriousInjury]
	diseases                                         codeList[Disease]
	harmfulFactors                                   codeList[HarmfulFactor]
	trainingGroups                                   codeList[TrainingGroup]
	equipmentTypes, violationTypes, remedialMeasures codeList[Entry]
	publication                                      []PublicationRule
	plans                                            []Plan
	targets                                          []Target
	statistics                                       []Statistic
	statisticBy                                      map[statisticKey]Statistic
	receivers                                        codeList[Receiver]
	obligations                                      codeList[Obligation]
}

// Load reads and checks the embedded tables. The error holds every mistake
// found, each with file and line.
func Load() (*Data, error) { return load(embedded) }

var defaultData = sync.OnceValue(func() *Data {
	d, err := Load()
	if err != nil {
		panic(err)
	}
	return d
})

// Default returns the embedded data, loaded once. It panics only if the build
// itself is broken, which the tests of this package exclude.
func Default() *Data { return defaultData() }

func load(fsys fs.FS) (*Data, error) {
	l := &loader{fsys: fsys}
	d := &Data{
		provinces: l.provinces(), sections: l.sections(), causes: l.causes(), factors: l.factors(), injuries: l.injuries(),
		diseases: l.diseases(), harmfulFactors: l.harmfulFactors(), receivers: l.receivers(), plans: l.plans(), targets: l.targets(), statistics: l.statistics(),
	}
	d.trainingGroups, d.publication = l.trainingGroups(), l.publication()
	d.equipmentTypes, d.violationTypes, d.remedialMeasures = l.plainList("equipment_types.csv"), l.plainList("violation_types.csv"), l.plainList("remedial_measures.csv")
	d.obligations = l.obligations()
	d.statisticBy = indexStatistics(d.statistics)
	// References can only be judged on tables that were read whole.
	if len(l.errs) == 0 {
		l.errs = d.check()
	}
	if err := errors.Join(l.errs...); err != nil {
		return nil, fmt.Errorf("load reference data: %w", err)
	}
	return d, nil
}
