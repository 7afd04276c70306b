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
	"strings"
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
	retention                                        []Retention
	regions                                          codeList[Region]
	workerClasses                                    codeList[WorkerClass]
	workers                                          map[workersKey]Workers
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

// LoadOver returns the embedded data with the tables of an operator's folder in the place
// of those of the same name: lists that this project does not hold, and parameters for
// which somebody has a source. They are checked like the embedded ones. A file in the
// folder that is no table is a mistake, too: nobody would notice a misspelt name.
func LoadOver(folder fs.FS) (*Data, error) {
	given, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("reference data: %w", err)
	}
	var errs []error
	for _, file := range given {
		if _, err := fs.Stat(embedded, "data/"+file.Name()); err != nil {
			errs = append(errs, fmt.Errorf("reference data: there is no table %q", file.Name()))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return load(over{folder})
}

// over reads a table from an operator's folder if it is there.
type over struct{ folder fs.FS }

// Open implements [fs.FS] for names below data/.
func (o over) Open(name string) (fs.File, error) {
	file, err := o.folder.Open(strings.TrimPrefix(name, "data/"))
	if errors.Is(err, fs.ErrNotExist) {
		return embedded.Open(name)
	}
	return file, err
}

func load(fsys fs.FS) (*Data, error) {
	l := &loader{fsys: fsys}
	d := &Data{
		provinces: l.provinces(), sections: l.sections(), causes: l.causes(), factors: l.factors(), injuries: l.injuries(),
		diseases: l.diseases(), harmfulFactors: l.harmfulFactors(), receivers: l.receivers(), plans: l.plans(), targets: l.targets(), statistics: l.statistics(),
	}
	d.trainingGroups, d.publication = l.trainingGroups(), l.publication()
	d.equipmentTypes, d.violationTypes, d.remedialMeasures = l.plainList("equipment_types.csv"), l.plainList("violation_types.csv"), l.plainList("remedial_measures.csv")
	d.obligations = l.obligations()
	d.retention = l.retention()
	d.regions, d.workerClasses = l.regions(), l.workerClasses()
	d.workers = indexWorkers(l.workers())
	d.statisticBy = indexStatistics(d.statistics)
	// References can only be judged on tables that were read whole.
	if len(l.errs) == 0 {
		l.errs = d.check()
	}
	if len(l.errs) == 0 {
		l.provincialPlans(d)
	}
	if err := errors.Join(l.errs...); err != nil {
		return nil, fmt.Errorf("load reference data: %w", err)
	}
	return d, nil
}
