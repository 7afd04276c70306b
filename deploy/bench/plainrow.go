package bench

import (
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/segmentio/kafka-go"
)

const (
	plainHeadColumns = "report_id, revision, version, withdrawn, stat_year, period, unit, filed_at, received_at, epoch, kafka_partition, kafka_offset"
	plainLogColumns  = plainHeadColumns + ", kind, submitted_by, sha256, tracking, request_id, rules_version, warnings, payload, sealed, sealed_key"

	plainMeasures     = "accidents, accidents_fatal, accidents_multi, victims, victims_outside, women, women_outside, deaths, deaths_outside, serious, serious_outside"
	plainCommuting    = "commuting_accidents, commuting_accidents_fatal, commuting_accidents_multi, commuting_victims, commuting_victims_outside, commuting_women, commuting_women_outside, commuting_deaths, commuting_deaths_outside, commuting_serious, commuting_serious_outside"
	plainRows         = "rows.block, rows.code, rows.accidents, rows.accidents_fatal, rows.accidents_multi, rows.victims, rows.victims_outside, rows.women, rows.women_outside, rows.deaths, rows.deaths_outside, rows.serious, rows.serious_outside"
	plainAnnexColumns = plainHeadColumns + ", province_list, province_code, vsic_version, vsic_section, vsic_code, workers, workers_women, payroll_million_vnd, covers_branches, " +
		plainMeasures + ", " + plainCommuting + ", " + plainRows + ", days_off, cost_total, cost_medical, cost_wages, cost_compensation, property"
)

// plainCounts are the eleven columns of table I.
type plainCounts struct {
	Accidents      uint32 `json:"accidents"`
	AccidentsFatal uint32 `json:"accidents_fatal"`
	AccidentsMulti uint32 `json:"accidents_multi"`
	Victims        uint32 `json:"victims"`
	VictimsOutside uint32 `json:"victims_outside"`
	Women          uint32 `json:"women"`
	WomenOutside   uint32 `json:"women_outside"`
	Deaths         uint32 `json:"deaths"`
	DeathsOutside  uint32 `json:"deaths_outside"`
	Serious        uint32 `json:"serious"`
	SeriousOutside uint32 `json:"serious_outside"`
}

func (c plainCounts) list() [11]uint32 {
	return [...]uint32{c.Accidents, c.AccidentsFatal, c.AccidentsMulti, c.Victims, c.VictimsOutside, c.Women, c.WomenOutside,
		c.Deaths, c.DeathsOutside, c.Serious, c.SeriousOutside}
}

type plainAnnex struct {
	Reporter struct {
		Province struct {
			List string `json:"list"`
			Code string `json:"code"`
		} `json:"province"`
	} `json:"reporter"`
	Industry struct {
		Version string `json:"version"`
		Code    string `json:"code"`
	} `json:"industry"`
	Workers struct {
		Total uint32 `json:"total"`
		Women uint32 `json:"women"`
	} `json:"workers"`
	Payroll  uint64   `json:"payroll_million_vnd"`
	Branches []string `json:"covers_branches"`
	Rows     []struct {
		Block string `json:"block"`
		Code  string `json:"code"`
		plainCounts
	} `json:"rows"`
	Damage struct {
		DaysOff      uint64 `json:"days_off"`
		Total        uint64 `json:"cost_total"`
		Medical      uint64 `json:"cost_medical"`
		Wages        uint64 `json:"cost_wages"`
		Compensation uint64 `json:"cost_compensation"`
		Property     uint64 `json:"property"`
	} `json:"damage"`
}

// values are those of the content columns of annex_xii.
func (a *plainAnnex) values() []any {
	values := []any{a.Reporter.Province.List, a.Reporter.Province.Code, a.Industry.Version, a.Industry.Code[:1], a.Industry.Code,
		a.Workers.Total, a.Workers.Women, a.Payroll, a.Branches}
	for _, block := range []string{"1", "2"} {
		for _, n := range a.total(block) {
			values = append(values, n)
		}
	}
	var (
		blocks, codes = make([]string, len(a.Rows)), make([]string, len(a.Rows))
		counts        [11][]uint32
	)
	for i, row := range a.Rows {
		blocks[i], codes[i] = row.Block, row.Code
		for j, n := range row.list() {
			counts[j] = append(counts[j], n)
		}
	}
	values = append(values, blocks, codes)
	for _, column := range counts {
		values = append(values, column)
	}
	d := a.Damage
	return append(values, d.DaysOff, d.Total, d.Medical, d.Wages, d.Compensation, d.Property)
}

func (a *plainAnnex) total(block string) [11]uint32 {
	for _, row := range a.Rows {
		if row.Block == block {
			return row.list()
		}
	}
	return [11]uint32{}
}

func plainNumber(id uuid.UUID) *big.Int { return new(big.Int).SetBytes(id[:]) }

// plainHead are the values of plainHeadColumns.
func plainHead(m kafka.Message, headers map[string]string) ([]any, error) {
	id, err := uuid.Parse(headers["ce_subject"])
	if err != nil {
		return nil, fmt.Errorf("read offset %d: %w", m.Offset, err)
	}
	revision, err := strconv.ParseUint(headers["ce_revision"], 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read offset %d: %w", m.Offset, err)
	}
	year, err := strconv.ParseUint(headers["ce_statyear"], 10, 16)
	if err != nil {
		return nil, fmt.Errorf("read offset %d: %w", m.Offset, err)
	}
	received, err := time.Parse(time.RFC3339, headers["ce_time"])
	if err != nil {
		return nil, fmt.Errorf("read offset %d: %w", m.Offset, err)
	}
	filed, err := time.Parse(time.RFC3339, headers["ce_filedat"])
	if err != nil {
		return nil, fmt.Errorf("read offset %d: %w", m.Offset, err)
	}
	return []any{plainNumber(id), uint32(revision), revision, false, uint16(year), headers["ce_period"], headers["ce_unit"],
		filed, received, uuid.Nil, uint16(m.Partition), uint64(m.Offset)}, nil
}
