# Two commands: `make run` and `make test`. Both work from a bare checkout, and offline once they have run.
# `make help` lists the rest.

PORT ?= 8000

ENV := .venv
PY := $(ENV)/bin/python
DEMO := tracker/exchange/demo/gaza-2025.yaml

.DEFAULT_GOAL := help
.PHONY: help run port env test chromium checker shots lighthouse lint words fresh pins
.SUFFIXES:

# Shell code that several recipes share, handed to them through the environment (`eval "$$FIND_PYTHON"`).

# Sets $python to an interpreter that the project runs on, the one of .python-version first; else leaves it empty.
# A pyenv version counts even where its shims point elsewhere, and even where HOME has been changed.
define FIND_PYTHON
set -eu
read -r wanted <.python-version
account=$$(eval echo "~$$(id -un)")
python= lame=
for candidate in "$${PYTHON:-}" "python$$wanted" \
	"$${PYENV_ROOT:-/nowhere}"/versions/"$$wanted"*/bin/python "$${HOME:-/nowhere}"/.pyenv/versions/"$$wanted"*/bin/python \
	"$$account"/.pyenv/versions/"$$wanted"*/bin/python \
	python3 python3.14 python3.12 /usr/local/bin/python3 /opt/homebrew/bin/python3 \
	"$${PYENV_ROOT:-/nowhere}"/versions/3.1[2-9]*/bin/python "$${HOME:-/nowhere}"/.pyenv/versions/3.1[2-9]*/bin/python \
	"$$account"/.pyenv/versions/3.1[2-9]*/bin/python
do
	test -n "$$candidate" || continue
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 || continue
	if "$$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1
	then python=$$candidate; break
	else lame=$${lame:-$$candidate}
	fi
done
endef
export FIND_PYTHON

# Installs the pinned packages into .venv. A stamp spares the work, and the network, while the pins stay the same.
define MAKE_ENV
set -eu
pins=requirements-dev.txt stamp=$(ENV)/.installed
now="$$(cksum <"$$pins") $$PWD"
was=$$(cat "$$stamp" 2>/dev/null || true)
if test "$$was" = "$$now" && $(PY) -c '' 2>/dev/null; then exit 0; fi
case "$$was" in
	''|*" $$PWD") ;;
	*) rm -rf $(ENV) ;; # the checkout was moved, and the commands in .venv still name the old place
esac
rm -f "$$stamp"
eval "$$FIND_PYTHON"
if uv --version >/dev/null 2>&1; then uv=uv; else uv=; fi
fit='import pathlib, sys; sys.exit(sys.version_info < (3, 12) or pathlib.Path(sys.prefix).resolve() != pathlib.Path("$(ENV)").resolve())'
make_env() {
	if $(PY) -c "$$fit" 2>/dev/null; then return 0; fi
	rm -rf $(ENV)
	"$$@"
}
installed=
if test -n "$$uv"; then
	echo "Installing packages with uv ..." >&2
	if make_env uv venv -q --python "$${python:-$${lame:-$$wanted}}" $(ENV) &&
		uv pip sync -q --require-hashes --python $(PY) "$$pins"
	then installed=yes
	else echo "uv could not do it; trying with pip." >&2
	fi
fi
if test -z "$$installed"; then
	if test -z "$$python" && test -n "$$lame"; then
		echo "$$lame cannot make virtual environments: its venv or ensurepip module is missing." >&2
		echo "On Debian and Ubuntu: apt-get install python3-venv (or python$$wanted-venv)." >&2
		exit 1
	elif test -z "$$python"; then
		echo "Python 3.12 or newer is needed, and none was found (python3 here: $$(python3 --version 2>&1 || true))." >&2
		echo "Install python$$wanted, for example with your system's packages or with: pyenv install $$wanted" >&2
		echo "If there is one in an unusual place: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2
		exit 1
	fi
	$(PY) -c 'import pip' 2>/dev/null || rm -rf $(ENV)
	echo "Installing packages with pip ..." >&2
	make_env "$$python" -m venv $(ENV)
	PIP_USER=0 $(PY) -m pip install -q --disable-pip-version-check --no-input --require-hashes -r "$$pins" || {
		echo "The packages could not be installed; see above. The first run needs a package index; later runs work offline." >&2
		exit 1
	}
fi
# Lets the environment's own commands (pytest, mypy) import the project from wherever they are called.
$(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "project.pth").write_text(str(pathlib.Path().resolve()) + "\n")'
echo "$$now" >"$$stamp"
endef
export MAKE_ENV

# Sees that PORT is a number and free, before anything is installed or started.
define CHECK_PORT
set -eu
case "$(PORT)" in
	''|*[!0-9]*) echo "PORT must be a number, not '$(PORT)'." >&2; exit 1 ;;
esac
eval "$$FIND_PYTHON"
test -n "$$python" || exit 0 # the next step says what is missing
"$$python" - <<'END'
import socket
import sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", $(PORT)))
    except (OSError, OverflowError) as error:
        sys.exit(f"Port $(PORT) on 127.0.0.1 cannot be used ({error}). Choose another: make run PORT=8111")
END
endef
export CHECK_PORT

# Sets $CHROMIUM to a browser for the browser tests, installing Debian's where that is possible.
define FIND_CHROMIUM
set -eu
find_chromium() {
	for candidate in "$${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium
	do
		test -n "$$candidate" || continue
		if found=$$(command -v "$$candidate") && "$$found" --version >/dev/null 2>&1
		then CHROMIUM=$$found; return 0
		fi
	done
	return 1
}
if ! find_chromium && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then
	echo "Installing Chromium for the browser tests ..." >&2
	export DEBIAN_FRONTEND=noninteractive
	{ apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium; } >/dev/null || true
fi
if ! find_chromium; then
	echo "*** NOT TESTED: the browser tests need Chromium, and there is none to be found or installed here." >&2
	echo "*** Install it (Debian: apt-get install chromium), or say where it is: make test CHROMIUM=/path/to/chromium" >&2
	exit 1
fi
export CHROMIUM
endef
export FIND_CHROMIUM

# Installs the HTML checker that tools/package.json names, where there are npm and Java for it; a stamp spares the work
# later. Without it one test is skipped, and says so; only in CI that is a failure.
define GET_CHECKER
set -eu
java -version >/dev/null 2>&1 || { echo "*** NOT TESTED: the HTML checker needs Java, and there is none here." >&2; test -z "$${CI:-}"; exit; }
cd tools
if cmp -s package-lock.json node_modules/.installed; then exit 0; fi
echo "Installing the HTML checker ..." >&2
if npm ci >/dev/null && cp package-lock.json node_modules/.installed; then exit 0; fi
echo "*** NOT TESTED: the HTML checker could not be installed; it comes with npm." >&2
test -z "$${CI:-}"
endef
export GET_CHECKER

# What `make run` does once the database answers. The case is loaded only where it is absent: what researchers did stays.
define SERVE
set -eu
$(PY) manage.py migrate --verbosity 0
if ! $(PY) manage.py shell --no-imports -c "$$CASE_IS_LOADED"; then
	$(PY) manage.py load_case $(DEMO)
fi
$(PY) manage.py demo_people
echo
echo "The site is at http://127.0.0.1:$(PORT)/ - Ctrl-C stops it."
# Reads feeds and checks links, and ends by itself when the server does, however that comes about.
$(PY) manage.py work --with-parent &
DJANGO_RUNSERVER_HIDE_WARNING=true exec $(PY) manage.py runserver 127.0.0.1:$(PORT)
endef
export SERVE
define CASE_IS_LOADED
import sys
from tracker.models import Agreement
sys.exit(not Agreement.objects.filter(slug="gaza-2025").exists())
endef
export CASE_IS_LOADED

run: port env ## the site with the Gaza case at 127.0.0.1:8000 (PORT=8111 changes that)
	@TRACKER_DEBUG=1 exec $(PY) -m tracker.database.embedded sh -c "$$SERVE"

port:
	@sh -c "$$CHECK_PORT"

env: ## install the pinned packages into .venv, if they are not there yet
	@sh -c "$$MAKE_ENV"

test: env chromium checker ## everything: lint, then the tests with the browser tests among them
	@$(MAKE) --no-print-directory lint
	@sh -c 'eval "$$FIND_CHROMIUM"; exec $(PY) -m pytest -n logical $(ARGS)'

chromium:
	@sh -c "$$FIND_CHROMIUM"

checker:
	@sh -c "$$GET_CHECKER"

shots: env chromium ## pictures of the main pages for docs/, and all of them in .data/screens/
	@sh -c 'eval "$$FIND_CHROMIUM"; exec $(PY) -m tools.screenshots'

lighthouse: env chromium ## what Lighthouse says of the main pages on a phone (needs npm)
	@sh -c 'eval "$$FIND_CHROMIUM"; exec $(PY) -m tools.lighthouse'

lint: env ## ruff, mypy, import-linter, and that no migration is missing
	$(PY) -m ruff check
	$(PY) -m ruff format --check --quiet
	TRACKER_DEBUG=1 $(PY) -m mypy
	$(ENV)/bin/lint-imports --no-logo --no-cache
	TRACKER_DEBUG=1 $(PY) manage.py makemigrations --check --dry-run

words: env ## bring the translations in locale/ in line with what the pages say
	@TRACKER_DEBUG=1 $(PY) manage.py words $(ARGS)

fresh: env ## delete the embedded database and all that was entered into it (asks for CONFIRM=1)
	@test "$(CONFIRM)" = 1 || { echo "This deletes the embedded database and all that was entered. If so: make fresh CONFIRM=1" >&2; exit 1; }
	@$(PY) -m tracker.database.embedded --delete

# For whoever changes the dependencies in pyproject.toml; the only recipe that needs uv.
PIN := uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --custom-compile-command 'make pins' \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)
pins: ## write the requirements files anew from pyproject.toml (UPGRADE=--upgrade for the newest versions)
	$(PIN) pyproject.toml --output-file requirements.txt
	$(PIN) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile | expand -t 16
