# SPDX-License-Identifier: Apache-2.0
# Everything a person does with this tree. `make help` lists it.

SWIFT   ?= swift
PYTHON  ?= python3
PREFIX  ?= /usr
DESTDIR ?=
JOBS    ?= $(shell nproc)

# One scratch folder: .build/debug for the unit tests, .build/release for what runs. The release programs carry the Swift
# runtime; a release build with other flags wants a scratch folder of its own (BUILD_DIR), or all is compiled again.
# The last two lines of flags make the programs the same bytes in whatever folder they are built.
BUILD_DIR     ?= .build
BIN           := $(BUILD_DIR)/release
RELEASE_FLAGS := -c release --static-swift-stdlib --disable-local-rpath -Xswiftc -no-toolchain-stdlib-rpath \
                 -Xcc -ffile-prefix-map=$(abspath $(BUILD_DIR))=/usr/src/swarm \
                 -Xlinker --build-id=none
STRICT        := --explicit-target-dependency-import-check error

PROGRAMS := swarmd swarmctl swarm-trackerd
PLUGINS  := picker_rarest_first:rarest-first picker_sequential:sequential picker_deadline:deadline picker_random:random \
            choker_tit_for_tat:tit-for-tat choker_round_robin:round-robin choker_fastest:fastest \
            transport_tcp:tcp transport_mse:mse transport_utp:utp

# Debian 12 has its units in /lib, and finds them in /usr/lib all the same.
UNITDIR    ?= $(PREFIX)/lib/systemd/system
bindir      = $(DESTDIR)$(PREFIX)/bin
plugindir   = $(DESTDIR)$(PREFIX)/lib/swarm/plugins
includedir  = $(DESTDIR)$(PREFIX)/include
sharedir    = $(DESTDIR)$(PREFIX)/share
unitdir     = $(DESTDIR)$(UNITDIR)
confdir     = $(DESTDIR)/etc/swarm

SWIFT_BUILD = $(SWIFT) build --scratch-path $(BUILD_DIR) -j $(JOBS)

.PHONY: all build demo test lint check unit shake check-binaries interop bench man deb package-test install install-built \
        clean help

all: build

.NOTPARALLEL:

build: ## the programs and plugins, optimised, into .build/release
	@packaging/bootstrap.sh build
	$(SWIFT_BUILD) $(RELEASE_FLAGS)

demo: build ## share a folder with three peers and compare every byte; DEMO_PATH=... for a folder of yours
	@packaging/bootstrap.sh demo
	@$(PYTHON) packaging/demo/demo.py --bin $(BIN) $(if $(DEMO_PATH),--path "$(DEMO_PATH)")

test: lint check unit build check-binaries interop package-test ## all that must pass; as root also interop and packages
	@echo "make test: everything passed"

lint: ## formatting, with the toolchain's own formatter
	@packaging/bootstrap.sh build
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Plugins Tests

check: ## rules of the sources: borders, sizes, imports; the plugin headers with every compiler
	@packaging/bootstrap.sh demo
	@$(PYTHON) packaging/checks/sources.py
	@packaging/checks/plugins.sh

unit: ## unit tests (debug build), with imports held to the declared dependencies; UNIT="SwarmingTests" for some
	@packaging/bootstrap.sh build
	$(SWIFT_BUILD) --build-tests $(STRICT)
	@packaging/checks/unit.sh $(BUILD_DIR)/debug $(UNIT)

shake: ## unit tests while tasks and system calls wait at random, to find what counts on luck; UNIT="SwarmingTests" for some
	@packaging/bootstrap.sh build
	$(SWIFT_BUILD) --build-tests $(STRICT)
	@mkdir -p $(BUILD_DIR)/shake
	clang -std=c11 -O2 -Wall -Wextra -Werror -shared -fPIC -o $(BUILD_DIR)/shake/shake.so packaging/checks/shake.c
	@SWARM_PRELOAD=$(abspath $(BUILD_DIR))/shake/shake.so packaging/checks/unit.sh $(BUILD_DIR)/debug $(UNIT)

check-binaries: build man ## rules of what is shipped: sizes, libraries, symbols; man pages against the programs
	@packaging/checks/binaries.sh $(BIN)
	@$(PYTHON) packaging/checks/documents.py --bin $(BIN) --man $(BUILD_DIR)/man
	@packaging/checks/plugins.sh $(BIN)

interop: build ## real clients against swarmd, in network namespaces (needs root; says what it skips)
	@packaging/bootstrap.sh interop
	@$(PYTHON) Tests/Interop/run.py --bin $(BIN) $(INTEROP)

bench: build ## strategies in simulation, cost of a pick, speed beside libtorrent, idle cost, caps, control, piece map; SIMULATE="--peers 50" BENCH="--runs 5"
	@packaging/bootstrap.sh interop
	SWARM_BENCH=1 $(SWIFT_BUILD) $(RELEASE_FLAGS) --product swarm-bench
	@$(BIN)/swarm-bench $(SIMULATE)
	@$(BIN)/swarm-bench --piece-map
	@packaging/bench/pickers.sh $(BIN)
	@$(PYTHON) packaging/bench/bench.py --bin $(BIN) $(BENCH)
	@$(PYTHON) packaging/bench/caps.py --bin $(BIN)
	@$(PYTHON) packaging/bench/mixed.py --bin $(BIN)
	@$(PYTHON) packaging/bench/control.py --bin $(BIN)
	@$(PYTHON) packaging/bench/slow_disk.py --bin $(BIN)
	@$(PYTHON) packaging/bench/ranking.py --bin $(BIN)

package-test: deb ## the packages in booted machines of their own: install, share, kill, upgrade, purge (needs root)
	@if [ "$$(id -u)" = 0 ]; then packaging/bootstrap.sh box; fi
	@$(PYTHON) Tests/Package/run.py --build $(BUILD_DIR) $(PACKAGE)

man: build ## the manual pages, into .build/man
	@packaging/man/pages.sh $(BIN) $(BUILD_DIR)/man

deb: build man ## the Debian packages, into .build/deb; SWARM_DEB_VERSION=... for another version than the changelog's
	@packaging/bootstrap.sh package
	@packaging/deb.sh $(BUILD_DIR)

install: build man install-built ## into DESTDIR and PREFIX (default /usr); keeps a configuration that is there

install-built:
	install -d "$(bindir)" "$(plugindir)" "$(includedir)" "$(confdir)/conf.d"
	@for program in $(PROGRAMS); do \
	    echo "install $(bindir)/$$program"; \
	    install -m 0755 --strip "$(BIN)/$$program" "$(bindir)/$$program" || exit 1; \
	done
	@for plugin in $(PLUGINS); do \
	    echo "install $(plugindir)/$${plugin#*:}.so"; \
	    install -m 0644 --strip "$(BIN)/libswarm_$${plugin%:*}.so" "$(plugindir)/$${plugin#*:}.so" || exit 1; \
	done
	install -m 0644 Sources/CSwarmPlugin/include/swarm_*.h "$(includedir)"
	@packaging/default-config.sh "$(BIN)/swarmd" "$(confdir)/swarmd.toml"
	@packaging/default-config.sh "$(BIN)/swarm-trackerd" "$(confdir)/trackerd.toml"
	@PREFIX="$(PREFIX)" packaging/install-service.sh "$(BIN)" "$(DESTDIR)$(PREFIX)" "$(unitdir)"
	@packaging/install-documents.sh "$(BIN)" "$(BUILD_DIR)/man" "$(sharedir)"
	@packaging/plugin-kit/install.sh "$(sharedir)/swarm/plugin-kit"

clean: ## everything that was built
	rm -rf "$(BUILD_DIR)"
	find Tests packaging -name __pycache__ -type d -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
