# Every target sets itself up. Set-up speaks on stderr: stdout belongs to the command, so it can be piped.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
# Containers tend to forbid byte code; then each of the many processes that the tests start compiles the house again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo sandbox test stories mutations amended drills drill-restore drill-failover drill-citus contract lint lock bench growth bundle advisories browser chromium examples openapi clean

demo: $(READY)
	@exec $(BIN)/tongjian demo $(ARGS)

# A second deployment for portals to try everything in: its own servers, keys and clock under var/sandbox.
sandbox: $(READY)
	@exec $(BIN)/tongjian sandbox $(ARGS)

# What is marked long belongs to the drills (walks); plain pytest runs both. Compiled first: the workers would each do it.
test: $(READY)
	@$(BIN)/python -m compileall -q -j 0 service migrations
	@exec $(BIN)/pytest -q -n 3 --dist loadscope -m "not long" $(ARGS)

# Six whole lives told as tables, then random ones; how many is TONGJIAN_LIVES_HTTP (over HTTP) and
# TONGJIAN_LIVES (pure). Decisions that race: TONGJIAN_RACES.
stories: $(READY)
	@export TONGJIAN_LIVES_HTTP=$${TONGJIAN_LIVES_HTTP:-200} TONGJIAN_LIVES=$${TONGJIAN_LIVES:-2000} TONGJIAN_RACES=$${TONGJIAN_RACES:-200}; \
	exec $(BIN)/pytest -q -s tests/stories tests/measures/test_random_lives.py $(ARGS)

# Rules switched off one at a time: the test named for each must fail. ARGS=mends: those tried over HTTP.
mutations: $(READY)
	@exec $(BIN)/python -m tests.mutations $(ARGS)

# The suite under an amended rule book: two lines of data, or (FORM=api) two deeds of two people. ARGS: pytest's own.
amended: $(READY)
	@exec $(BIN)/python -m tests.amended $(or $(FORM),file) $(ARGS)

# Storms, hanging receivers, hostile input against the real processes; a small form: make drills ARGS=--short
drills: $(READY)
	@exec $(BIN)/python -m tests.drills $(ARGS)

# PostgreSQL killed under load, a new place made of the backup alone: what is lost, whether chain and cases verify.
drill-restore: $(READY)
	@exec $(BIN)/python -m tests.drills restore $(ARGS)

# Two PostgreSQL under Patroni, the leader killed five times under filings (ARGS=--short: once). Root installs Debian's
# etcd-server; exits with 2 where something is missing.
drill-failover: $(READY)
	@exec $(BIN)/python -m tests.drills failover $(ARGS)

# The product on Citus, built from CITUS_SOURCE (a directory, not ours to ship); exits with 2, "not run", without it.
drill-citus: $(READY)
	@CITUS_SOURCE="$(CITUS_SOURCE)" exec $(BIN)/python -m tests.drills citus $(ARGS)

# The document as others use it: linted, clients generated, compiled and played on real servers; ARGS=--short for less.
contract: $(READY)
	@exec $(BIN)/python -m tests.contract_tools $(ARGS)

lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --strict service
	@$(BIN)/lint-imports
	@$(BIN)/tongjian openapi --check

# The console in Chromium, on servers of its own (BASE: beside a running demo): every page × checks, a story per audience
# in three ways, print; ARGS=--resume goes on where a run was cut off, ARGS=--short: some pages of each audience.
browser: $(READY) $(if $(TRIED),,chromium)
	@exec $(BIN)/python -m tests.browser $(BASE) $(ARGS)

# Debian's Chromium and letters for Chinese where one is missing and root may install it; five minutes at most. Whoever
# needs it says what is missing.
chromium:
	@{ command -v chromium || command -v google-chrome; } > /dev/null && [ -n "$$(fc-list :lang=zh 2> /dev/null)" ] || \
		[ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null || DEBIAN_FRONTEND=noninteractive timeout -k 10 300 sh -c \
		'apt-get -qq -o Acquire::Retries=1 update && apt-get -qq -y --no-install-recommends install chromium fontconfig fonts-noto-cjk' >&2 || true

# The product against a bare handler and the usual way, in one run; ARGS=--quick, --servers (under other servers of HTTP).
bench: $(READY)
	@exec $(BIN)/python -m tests.bench $(ARGS)

# Pages and rows each operation reads at 10,000 and 100,000 projects; 1 where one grows. ARGS=--known: but for what is known
# to (tests/bench/growth_known.py). --short (1,000 and 10,000) shows plans, and grows more: small tenants are sorted whole.
# A million (24 GB, an hour): --lean --keep DIR --sizes 10000 100000 1000000; what stays in DIR is migrated and gone on with.
growth: $(READY)
	@exec $(BIN)/python -m tests.bench.growth $(ARGS)

# Wheels for two machines, sums, bill of materials; ARGS=--prove installs it where nothing can be fetched, and plays
# (ARGS="--root DIR": in the system of another machine, which debootstrap made there and an emulator runs).
bundle: $(READY)
	@exec $(BIN)/python -m tests.bundle $(ARGS)

# Whether a known vulnerability touches the lock: 1 found, 2 nobody could be asked (then: ARGS="--file all.zip" of osv.dev)
advisories: $(READY)
	@exec $(BIN)/python -m tests.advisories $(ARGS)

# Plays every operation once and records the answers that the document shows (minutes); then the document. Of what
# changed alone: make examples ONLY="documents_upload offices_read"
examples: $(READY)
	@ONLY="$(ONLY)" $(BIN)/pytest -q -n 0 tests/contract/record_examples.py && $(BIN)/tongjian openapi

openapi: $(READY)
	@exec $(BIN)/tongjian openapi

# No index is named in the lock: the hashes vouch for the files, wherever they are fetched. Pins are kept
# unless asked: make lock ARGS=--upgrade
lock:
	@$(PYTHON) -m venv var/uv >&2 && var/uv/bin/pip install -q uv >&2
	@var/uv/bin/uv pip compile -q --universal --python-version 3.11 --all-extras --generate-hashes --no-header \
		--no-emit-index-url -o requirements.lock $(ARGS) pyproject.toml

# Servers whose owner was killed are stopped first; a running demo keeps its lock and its servers.
clean:
	@for dir in var/*/servers.json; do [ ! -e "$$dir" ] || [ ! -x $(BIN)/python ] || \
		$(BIN)/python -m service.embedded "$${dir%/*}" < /dev/null; done
	rm -rf var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis

# Debian splits ensurepip off into python3-venv. Without it the system's pip fills the environment from outside;
# without that too, root installs the package and anybody else is told which one.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tongjian needs Python 3.11 or later as '$(PYTHON)'; try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@rm -rf $(VENV); has() { $(PYTHON) "$$@" > /dev/null 2>&1; }; \
	if ! has -c 'import ensurepip' && ! has -m pip --version && [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing python3-venv ..." >&2; \
		{ apt-get -qq update && apt-get -qq install -y --no-install-recommends python3-venv; } >&2; \
	fi; \
	if has -c 'import ensurepip'; then $(PYTHON) -m venv $(VENV) >&2; \
	elif has -m pip --version; then $(PYTHON) -m venv --without-pip $(VENV) >&2; \
	else echo "Python's venv lacks pip: install the package python3-venv (apt install python3-venv)" >&2; exit 1; fi

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Tongjian's requirements into $(VENV) (once, a minute or two) ..." >&2
	@if [ -x $(BIN)/pip ]; then pip="$(BIN)/python -m pip"; else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; \
	$$pip install -q --disable-pip-version-check --require-hashes -r requirements.lock >&2 && \
	$$pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
	@touch $@
