# make run | test | lint | bench | engine | build. Needs Go, Node.js with npm, make and git.

GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION   := v1.9.0

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

.PHONY: run build engine test lint vuln bench clean

run: build engine
	$(BIN) run --demonstration --data $(DATA) --listen 127.0.0.1:$(PORT)

build:
	CGO_ENABLED=0 go build -trimpath -o $(BIN) ./cmd/atvsld

# The ClickHouse engine as a library: pinned by version and integrity hash.
engine: $(ENGINE)
$(ENGINE): $(LIB)/package-lock.json
	npm ci --prefix $(LIB) --ignore-scripts --no-audit --no-fund
	@touch $@

test: engine
	@echo "tests run $(RACE_WORD)"
	CGO_ENABLED=$(TEST_CGO) go test $(RACE) -timeout 20m ./...

bin/golangci-lint-$(GOLANGCI_LINT_VERSION):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@mv bin/golangci-lint $@

lint: bin/golangci-lint-$(GOLANGCI_LINT_VERSION)
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "not gofmt-ed"; exit 1; }
	go vet ./...
	$< run --max-same-issues 0 --max-issues-per-linter 0 ./...

# Known vulnerabilities; needs the vulnerability database of the Go project.
vuln:
	go run golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION) ./...

bench: build engine
	$(BIN) bench

clean:
	rm -rf bin
