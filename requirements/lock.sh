#!/usr/bin/env bash
# Writes the hashed lock files anew; they name no index, so any mirror serves.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet "$@"; }
lock pyproject.toml --extra street --group build --group web -o requirements/run.txt
# with tracing: in place of run.txt
lock pyproject.toml --extra street --extra trace --group build --group web -c requirements/run.txt -o requirements/trace.txt
lock pyproject.toml --extra street --extra trace --group build --group web --group dev -c requirements/run.txt -o requirements/dev.txt
# its own environment: what audits a program should not share its packages
lock --group pyproject.toml:audit -o requirements/audit.txt
