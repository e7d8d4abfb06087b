#!/usr/bin/env bash
# Measures the relay against other ways to carry TCP privately from host to host, in two network namespaces of this machine, and prints the tables.
#   ./bench.sh                                       everything; about half an hour
#   ./bench.sh --quick                               one round of short runs: does everything work?
#   ./bench.sh --peers plain,warp,haproxy --figures bulk,rtt_16 --rounds 7 --out result.json
#   ./bench.sh --report result.json                  the tables of an earlier run
set -euo pipefail
cd "$(dirname "$0")"

WARP_CALLER=$0 scripts/install-bench-peers.sh >&2
dotnet build tests/Warp.Bench -c Release -v quiet -nologo >&2
exec dotnet tests/Warp.Bench/bin/Release/net10.0/warp-bench.dll compare "$@"
