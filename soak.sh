#!/usr/bin/env bash
# Runs the endurance tests in their long form, which test.sh runs in their short one; the exit code is 0 only if none failed.
#   ./soak.sh                  ten minutes of load on the relay each; a hundred restarts and moves of a target under load; an hour without any control node; 500 cycles of deploying and removing
#   ./soak.sh --seconds 60     another time
#   ./soak.sh --seed 7         the same streams again as a run that said so
#   ./soak.sh --earlier 1a2b3c the commit that the rolling upgrade begins with; without it the one before this
set -euo pipefail
cd "$(dirname "$0")"

export WARP_SOAK_SECONDS=600
earlier=HEAD^
while (($#)); do
  case $1 in
    --seconds) WARP_SOAK_SECONDS=${2:?--seconds needs a number}; shift 2 ;;
    --seed) export WARP_SOAK_SEED=${2:?--seed needs a number}; shift 2 ;;
    --earlier) earlier=${2:?--earlier needs a commit}; shift 2 ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

WARP_CALLER=$0 scripts/install-tools.sh
echo "== build"
dotnet build tests/Warp.Node.Tests -c Release -v quiet -nologo
echo "== soak: each test loads the relay for $WARP_SOAK_SECONDS s"
status=0
dotnet test tests/Warp.Node.Tests -c Release --no-build -nologo --results-directory TestResults/soak \
  --filter 'FullyQualifiedName~Relay.Soak' --logger "trx;LogFileName=soak.trx" --logger "console;verbosity=detailed" || status=1
echo "== soak: restarts and moves of a target whose caller connects fifty times in a second"
dotnet build tests/Warp.EndToEnd.Tests -c Release -v quiet -nologo
WARP_REPLACEMENTS=50 dotnet test tests/Warp.EndToEnd.Tests -c Release --no-build -nologo --results-directory TestResults/soak \
  --filter 'FullyQualifiedName~Contract.ReplacementTests' --logger "trx;LogFileName=replacements.trx" --logger "console;verbosity=detailed" || status=1
echo "== soak: certificates that live for a minute, for $((WARP_SOAK_SECONDS * 3 / 2)) s, then another CA"
WARP_SOAK_SECONDS=$((WARP_SOAK_SECONDS * 3 / 2)) dotnet test tests/Warp.EndToEnd.Tests -c Release --no-build -nologo --results-directory TestResults/soak \
  --filter 'FullyQualifiedName~Certificates' --logger "trx;LogFileName=certificates.trx" --logger "console;verbosity=detailed" || status=1
echo "== soak: a hundred thousand clients without manners in a container, here and across"
WARP_RUDE_CLIENTS=100000 dotnet test tests/Warp.EndToEnd.Tests -c Release --no-build -nologo --results-directory TestResults/soak \
  --filter 'FullyQualifiedName~Contract.LeftoverTests' --logger "trx;LogFileName=leftovers.trx" --logger "console;verbosity=detailed" || status=1
echo "== soak: a rolling upgrade from an earlier commit ($earlier)"
if git rev-parse --quiet --verify "$earlier^{commit}" > /dev/null; then
  old=$(mktemp -d)
  mkdir "$old/source"
  git archive "$earlier" | tar -x -C "$old/source"
  dotnet publish "$old/source/src/Warp.Node" -c Release -v quiet -nologo -p:Version=0.0.9 -o "$old/program"
  WARP_EARLIER_PROGRAM=$old/program/warp.dll dotnet test tests/Warp.EndToEnd.Tests -c Release --no-build -nologo --results-directory TestResults/soak \
    --filter 'FullyQualifiedName~Upgrades' --logger "trx;LogFileName=upgrades.trx" --logger "console;verbosity=detailed" || status=1
  rm -rf "$old"
else
  echo "there is no commit $earlier in this clone (git fetch --unshallow brings it): the upgrade from another commit was not run" >&2
  status=1
fi
echo "== soak: a runner cut off for a minute and for ten, and no control node for $((WARP_SOAK_SECONDS / 10)) minutes"
WARP_CUT_SECONDS=60,600 WARP_SOAK_SECONDS=$((WARP_SOAK_SECONDS * 6)) dotnet test tests/Warp.EndToEnd.Tests -c Release --no-build -nologo --results-directory TestResults/soak \
  --filter 'FullyQualifiedName~Failure.Matrix' --logger "trx;LogFileName=failures.trx" --logger "console;verbosity=detailed" || status=1
echo "== soak: 500 times deployed, used and removed"
WARP_CYCLES=500 dotnet test tests/Warp.EndToEnd.Tests -c Release --no-build -nologo --results-directory TestResults/soak \
  --filter 'FullyQualifiedName~Deploying.CycleTests' --logger "trx;LogFileName=cycles.trx" --logger "console;verbosity=detailed" || status=1
((status == 0)) && echo "soak passed" || echo "soak FAILED: the output above says which stream or figure, and the seed" >&2
exit "$status"
