#!/usr/bin/env bash
# Every notebook runs from its first cell to its last on the demo's tables.
set -euo pipefail
work=$1
python3 -m venv "$work/notebooks"
"$work/notebooks/bin/pip" install -q --disable-pip-version-check -r notebooks/requirements.txt
MANYI_WAREHOUSE=$work/demo "$work/notebooks/bin/python" .ci/stages/notebooks.py notebooks
