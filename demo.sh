#!/usr/bin/env bash
# Two runners on this machine, examples/shop with one service on each: shows what app reads from db, and what of it is on the wire between them.
#   ./demo.sh          goes on until Ctrl-C
#   ./demo.sh --once   ends after the check; the exit code tells
set -euo pipefail
cd "$(dirname "$0")"
WARP_CALLER=$0 scripts/install-tools.sh
echo "building Warp"
dotnet build tests/Warp.Lab -c Release -v quiet -nologo
exec dotnet tests/Warp.Lab/bin/Release/net10.0/warp-lab.dll demo "$@"
