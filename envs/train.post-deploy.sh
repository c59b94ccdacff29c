#!/usr/bin/env bash
# The project itself, without its dependencies: they are in the environment already.
set -euo pipefail
pip install --no-deps --editable .
