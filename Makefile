# Two commands: `make run` and `make test`. Both work from a bare checkout, and offline once they have run.
# `make help` lists the rest.

PORT ?= 8000

ENV := .venv
PY := $(ENV)/bin/python
WORKSHOP := TRACKER_DEBUG=1

.DEFAULT_GOAL := help
.PHONY: help run test lint env port chromium fresh pins
.SUFFIXES:

# Shell code that several recipes share, handed to them through the environment (`eval "$$FIND_PYTHON"`).

# Sets $python to an interpreter that the project runs on, the one of .python-version first; else leaves it empty.
# A pyenv version counts even where its shims point elsewhere, and even where HOME has been changed.
define FIND_PYTHON
set -eu
read -r wanted <.python-version
account=$$(eval echo "~$$(id -un)")
python= lame=
for candidate in "$${PYTHON:-}" "$$PWD/$(PY)" "python$$wanted" \
	"$${PYENV_ROOT:-/nowhere}"/versions/"$$wanted"*/bin/python "$$HOME"/.pyenv/versions/"$$wanted"*/bin/python \
	"$$account"/.pyenv/versions/"$$wanted"*/bin/python \
	python3 python3.14 python3.12 /usr/local/bin/python3 /opt/homebrew/bin/python3 \
	"$${PYENV_ROOT:-/nowhere}"/versions/3.1[2-9]*/bin/python "$$HOME"/.pyenv/versions/3.1[2-9]*/bin/python \
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
now="$$PWD $$(cksum <"$$pins")"
if test "$$(cat "$$stamp" 2>/dev/null)" = "$$now" && $(PY) -c '' 2>/dev/null; then exit 0; fi
rm -f "$$stamp"
eval "$$FIND_PYTHON"
if uv --version >/dev/null 2>&1; then uv=uv; else uv=; fi
fit='import pathlib, sys; sys.exit(sys.version_info < (3, 12) or pathlib.Path(sys.prefix) != pathlib.Path("$(ENV)").resolve())'
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

env: ## install the pinned packages into .venv, if they are not there yet
	@sh -c "$$MAKE_ENV"

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile | expand -t 16
