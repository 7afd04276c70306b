package seeds

import (
	"cmp"
	"slices"
)

// WorkerClass is a class of establishments by their workers.
type WorkerClass struct {
	Entry
	// Least is the smallest number of workers of the class; it ends where the next begins.
	Least int64 `json:"least"`
}

const workerClassColumns = "list code name_vi name_en least valid_from valid_to source status note"

func (l *loader) workerClasses() codeList[WorkerClass] {
	return newCodeList(readTable(l, "worker_classes.csv", workerClassColumns, func(r *row) (string, WorkerClass) {
		c := WorkerClass{Entry: r.entry("list"), Least: r.integer("least")}
		if c.Least < 1 || c.Least > 1<<32-1 {
			r.fail("least: %d workers", c.Least)
		}
		return c.Code, c
	}))
}

// WorkerClasses returns the classes of establishments, the smallest first.
func (d *Data) WorkerClasses() []WorkerClass {
	all := d.workerClasses.all()
	slices.SortFunc(all, func(a, b WorkerClass) int { return cmp.Compare(a.Least, b.Least) })
	return all
}

func (d *Data) checkWorkerClasses(fail func(string, ...any)) {
	all := d.WorkerClasses()
	for i := 1; i < len(all); i++ {
		if all[i].Least == all[i-1].Least {
			fail("%s and %s begin with the same number of workers", all[i-1].Code, all[i].Code)
		}
	}
}
