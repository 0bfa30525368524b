# make run   builds Waarborg and checks the example workspace; needs Go and nothing else
# make test  does all set-up and runs all tests
# make lint  formatting, vet, staticcheck, govulncheck, opa check, import arrows
# make bench the benchmarks, with ratios against a baseline in the same run

SHELL := /bin/bash
export GOTOOLCHAIN = auto
export CGO_ENABLED ?= 1

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
TOOLS   := $(CURDIR)/.tools
OPA_VERSION         := v1.22.2
STATICCHECK_VERSION := v0.8.2
GOVULNCHECK_VERSION := v1.9.0

.PHONY: build run test test-go test-versions setup lint bench fuzz docs clean

build: bin/waarborg

bin/waarborg: $(shell find . -name '*.go' -not -name '*_test.go' -not -path './internal/testvault/server/*') $(shell find policies dpa internal reports -not -path '*/testdata/*' \( -name '*.rego' -o -name '*.json' -o -name '*.yaml' -o -name '*.schema' -o -name '*.tmpl' -o -name '*.css' -o -name '*.js' -o -name '*.ttf' \) 2>/dev/null) go.mod go.sum
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/waarborg

# The main job on the example. Exit status 1 means that something is not met, which the example is made to show.
run: build
	@bin/waarborg check -w examples/embrace || [ $$? -eq 1 ]

test: setup lint
	go test -race -timeout 45m ./...
	@# What is too slow with -race runs here without it: scripts that derive many keys, and every changed byte of a signed file.
	go test -timeout 30m ./cmd/waarborg ./internal/verify ./internal/sign/pades

# What the tests need of the machine; on Debian it is installed, elsewhere the script says what is missing.
setup:
	@scripts/setup-tests

lint: $(TOOLS)/opa $(TOOLS)/staticcheck $(TOOLS)/govulncheck
	@scripts/lint $(TOOLS)

$(TOOLS)/opa:
	GOBIN=$(TOOLS) go install github.com/open-policy-agent/opa@$(OPA_VERSION)

$(TOOLS)/staticcheck:
	GOBIN=$(TOOLS) go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)

$(TOOLS)/govulncheck:
	GOBIN=$(TOOLS) go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)

# The PostgreSQL collector against versions 13 to 18, from npm's embedded binaries.
test-versions:
	@scripts/test-postgres-versions

bench: build
	go test -run '^$$' -bench . -benchmem ./internal/... ./reports/... ./cmd/...
	@scripts/bench-commands
	@scripts/bench-gate

# Each fuzz target for a while: make fuzz FUZZTIME=5m
FUZZTIME ?= 30s
fuzz:
	@scripts/fuzz $(FUZZTIME)

# Generated pages: the rule reference and the schemas.
docs: build
	bin/waarborg rules docs --lang en > docs/rules.md
	bin/waarborg rules docs --lang nl > docs/regels.md
	go test ./internal/inventory -run Schemas -update

clean:
	rm -rf bin .tools
