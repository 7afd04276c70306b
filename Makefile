# make run | test | test-page | test-kafka | torture | torture-flaws | fuzz | lint | bench | page-speed | docs | engine | page
#    | kafka | kafka-run | build | pictures | licences | sbom | vuln.
# test-page: the page in a real browser, against the real program; part of test where there is a Chromium.
# page-speed: largest paint and sizes of the page, on the profile of a slow phone.
# pictures: the README's pictures of the page, of the real program.
# licences: every licence of what is linked in is on the list of .ci/licences.
# sbom:     what the program is made of, as CycloneDX in sbom/, compared with the binary.
# vuln:     known vulnerabilities, where the database can be reached.
# Needs Go, Node.js with npm, make and git; Apache Kafka needs Java 17 and Maven.

GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION   := v1.9.0
CYCLONEDX_VERSION     := v1.10.0
GO_LICENSES_VERSION   := v1.6.0

DATA ?= data
PORT ?= 8080
BIN  := bin/atvsld
LIB  := deploy/embedded/engine/lib
ENGINE := $(LIB)/node_modules/.package-lock.json

# The race detector needs a C compiler; the product itself never does.
CC_FOUND := $(shell command -v $(or $(CC),cc) 2>/dev/null || command -v gcc 2>/dev/null)
ifeq ($(CC_FOUND),)
  RACE :=
  RACE_WORD := without the race detector (no C compiler found)
  TEST_CGO := 0
else
  RACE := -race
  RACE_WORD := with the race detector
  TEST_CGO := 1
endif

# Each test that needs a broker leaves a line here on what it ran on.
RAN_ON := $(CURDIR)/.cache/ran-on
# Those that take longest begin first; each is tested once, though ./... names it again.
LONGEST := ./api ./cmd/atvsld ./analytics/store ./ingest/proof ./deploy/bench
# One package more at a time than there are cores: some wait for brokers and clocks.
PACKAGES := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
GO_TEST := CGO_ENABLED=$(TEST_CGO) ATVSLD_TEST_RAN_ON=$(RAN_ON) .ci/in-memory go test $(RACE)

# For program and linters alike, so that nothing is compiled twice: only the race detector needs cgo.
export CGO_ENABLED := 0

.PHONY: run build page test-page page-speed pictures engine kafka kafka-run test test-kafka torture torture-flaws fuzz lint vuln bench docs clean

run: build engine
	$(BIN) run --demonstration --data $(DATA) --listen 127.0.0.1:$(PORT)

# The page is built before the program that holds it: its typed client is made of the OpenAPI
# document that the program prints.
PAGE  := api/web/app
BUILT := api/web/dist/index.html
# What was deleted and is not committed yet is named by git, but is no source.
PAGE_SOURCES := $(wildcard $(shell git ls-files -co --exclude-standard $(PAGE)))

page: $(BUILT)
$(PAGE)/node_modules/.package-lock.json: $(PAGE)/package-lock.json
	npm ci --prefix $(PAGE) --ignore-scripts --no-audit --no-fund
	@touch $@
$(PAGE)/openapi.json: $(wildcard $(shell git ls-files -co --exclude-standard '*.go' ':!*_test.go' seeds/data))
	go run ./cmd/atvsld openapi > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
	@touch $@
$(BUILT): $(PAGE)/node_modules/.package-lock.json $(PAGE)/openapi.json $(PAGE_SOURCES)
	npm run --prefix $(PAGE) --silent types
	npm run --prefix $(PAGE) --silent build

build: page
	go build -trimpath -o $(BIN) ./cmd/atvsld

# The ClickHouse engine as a library: pinned by version and integrity hash.
engine: $(ENGINE)
$(ENGINE): $(LIB)/package-lock.json
	npm ci --prefix $(LIB) --ignore-scripts --no-audit --no-fund
	@touch $@

# Without vet: lint has all of it.
test: engine page
	@echo "tests run $(RACE_WORD)"
	$(GO_TEST) -vet=off -p $(PACKAGES) -timeout 60m $(LONGEST) ./...
	npm test --prefix $(PAGE) --silent
	$(if $(CHROMIUM),$(MAKE) test-page,@echo "the page was not tested in a browser: no Chromium was found")
	@printf 'tests ran on: %s\n' "$$(cat $(RAN_ON)/TestEmbedded)" "$$(cat $(RAN_ON)/TestApacheKafka)"
	@printf 'examples for integrators: %s\n' "$$(cat $(RAN_ON)/ExampleGo)" "$$(cat $(RAN_ON)/ExampleJava)"

# Debian's packages have it as chromium; CHROMIUM names another one.
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))
export CHROMIUM

test-page: build engine
	npm run browser --prefix $(PAGE) --silent

page-speed: build engine
	npm run speed --prefix $(PAGE) --silent

pictures: build engine
	npm run pictures --prefix $(PAGE) --silent

# The same suite on one Apache Kafka and on three brokers, which are then killed
# one after the other, N times (3), and a campaign of N faults on three brokers.
test-kafka: engine kafka bin/atvsld-torture bin/torture
	ATVSLD_TEST_KAFKA=3 ATVSLD_TEST_FAULTS=$(or $(N),3) $(GO_TEST) -count=1 -timeout 60m -v \
	  -run 'TestApacheKafka|TestThreeBrokers|TestABroker' ./deploy/local ./ingest/queue/conformance
	bin/torture -kafka 3 -n $(or $(N),3) -seed '$(SEED)'

# The platform as separate processes under load, and N faults: processes killed, stopped
# and started, networks cut and slowed, brokers that answer with errors, full disks. The
# last line says what was lost and what is there twice. SEED repeats a campaign.
torture: engine bin/atvsld-torture bin/torture
	bin/torture -n $(or $(N),20) -seed '$(SEED)'

# Sinks with known mistakes, each of which has to be found out.
torture-flaws: engine bin/atvsld-torture bin/torture
	bin/torture -flaws -seed '$(SEED)'

# The program with the points and mistakes of ingest/fault, and what tortures it.
.PHONY: bin/atvsld-torture bin/torture
bin/atvsld-torture:
	go build -trimpath -tags torture -o $@ ./cmd/atvsld
bin/torture:
	go build -trimpath -o $@ ./deploy/torture/cmd

# Apache Kafka, pinned by version and by the hash of every file.
kafka:
	go run ./deploy/local/kafka -brokers 0

# One broker, or three with N=3, until interrupted.
kafka-run:
	go run ./deploy/local/kafka -brokers $(or $(N),1) -data $(DATA)/apache-kafka-$(or $(N),1)

bin/golangci-lint-$(GOLANGCI_LINT_VERSION):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@mv bin/golangci-lint $@

lint: bin/golangci-lint-$(GOLANGCI_LINT_VERSION) page
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "not gofmt-ed"; exit 1; }
	go vet ./...
	$< run --max-same-issues 0 --max-issues-per-linter 0 ./...
	npm run check --prefix $(PAGE) --silent

# Every fuzz target of the module, for so long each.
fuzz: export CGO_ENABLED := $(TEST_CGO)
fuzz:
	.ci/fuzz $(or $(FUZZTIME),60s)

# Tools by version, each installed once.
bin/govulncheck-$(GOVULNCHECK_VERSION):
	GOBIN=$(CURDIR)/bin go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	@mv bin/govulncheck $@
bin/cyclonedx-gomod-$(CYCLONEDX_VERSION):
	GOBIN=$(CURDIR)/bin go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX_VERSION)
	@mv bin/cyclonedx-gomod $@
bin/go-licenses-$(GO_LICENSES_VERSION):
	GOBIN=$(CURDIR)/bin go install github.com/google/go-licenses@$(GO_LICENSES_VERSION)
	@mv bin/go-licenses $@

.PHONY: licences sbom
licences: bin/go-licenses-$(GO_LICENSES_VERSION)
	.ci/licences $<

sbom: bin/cyclonedx-gomod-$(CYCLONEDX_VERSION)
	.ci/sbom $<

vuln: bin/govulncheck-$(GOVULNCHECK_VERSION)
	.ci/vuln $<

# The rule book, the data dictionary and the contract with integrators, from the program.
docs:
	go run ./cmd/atvsld docs
	go test ./api -run TestAsyncAPIDocumentIsWrittenDown -update

bench: build engine
	$(BIN) bench

clean:
	rm -rf bin sbom
