#!/usr/bin/env bash
# Runs the endurance tests in their long form, which test.sh runs in their short one; the exit code is 0 only if none failed.
#   ./soak.sh                  all parts, about four hours
#   ./soak.sh --only cycles    one part (may be given several times): relay, replacements, rollouts, drain, certificates, rude, upgrade, failures, cycles
#   ./soak.sh --seconds 60     another time than ten minutes for what goes on for a time
#   ./soak.sh --seed 7         the same streams again as a run that said so
#   ./soak.sh --earlier 1a2b3c the commit that the rolling upgrade begins with; without it the one before this
set -euo pipefail
cd "$(dirname "$0")"

seconds=600 earlier=HEAD^ parts=()
while (($#)); do
  case $1 in
    --only) parts+=("${2:?--only needs the name of a part}"); shift 2 ;;
    --seconds) seconds=${2:?--seconds needs a number}; shift 2 ;;
    --seed) export WARP_SOAK_SEED=${2:?--seed needs a number}; shift 2 ;;
    --earlier) earlier=${2:?--earlier needs a commit}; shift 2 ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
((${#parts[@]})) || parts=(relay replacements rollouts drain certificates rude upgrade failures cycles)

WARP_CALLER=$0 scripts/install-tools.sh
echo "== build"
dotnet build Warp.Actors.sln -c Release -v quiet -nologo

status=0
# soak PART PROJECT TESTS WHAT [VARIABLE=VALUE...]: the tests of a project whose names contain TESTS.
soak() {
  local part=$1 project=$2 tests=$3 what=$4
  shift 4
  echo "== soak: $what"
  env "$@" dotnet test "tests/$project" -c Release --no-build -nologo --results-directory TestResults/soak \
    --filter "FullyQualifiedName~$tests" --logger "trx;LogFileName=$part.trx" --logger "console;verbosity=detailed" || status=1
}

# The program of an earlier commit, whose nodes are upgraded to this one one after the other.
upgrade() {
  if ! git rev-parse --quiet --verify "$earlier^{commit}" > /dev/null; then
    echo "there is no commit $earlier in this clone (git fetch --unshallow brings it): the upgrade from another commit was not run" >&2
    status=1
    return
  fi
  local old
  old=$(mktemp -d)
  mkdir "$old/source"
  git archive "$earlier" | tar -x -C "$old/source"
  dotnet publish "$old/source/src/Warp.Node" -c Release -v quiet -nologo -p:Version=0.0.9 -o "$old/program"
  soak upgrade Warp.EndToEnd.Tests Upgrades "a rolling upgrade from an earlier commit ($earlier)" "WARP_EARLIER_PROGRAM=$old/program/warp.dll"
  rm -rf "$old"
}

for part in "${parts[@]}"; do
  case $part in
    relay) soak relay Warp.Node.Tests Relay.Soak "each test loads the relay for $seconds s" "WARP_SOAK_SECONDS=$seconds" ;;
    replacements) soak replacements Warp.EndToEnd.Tests Contract.ReplacementTests "a hundred restarts and moves of a target whose caller connects fifty times in a second" WARP_REPLACEMENTS=50 ;;
    rollouts) soak rollouts Warp.EndToEnd.Tests Rollouts.RolloutTests "fifty rollouts under load" WARP_ROLLOUTS=50 ;;
    drain) soak drain Warp.EndToEnd.Tests Rollouts.DrainedRunnerTests "a hundred services leave a drained runner" WARP_MOVABLE=100 ;;
    certificates) soak certificates Warp.EndToEnd.Tests Certificates "certificates that live for a minute, for $((seconds * 3 / 2)) s, then another CA" "WARP_SOAK_SECONDS=$((seconds * 3 / 2))" ;;
    rude) soak rude Warp.EndToEnd.Tests Contract.LeftoverTests "a hundred thousand clients without manners in a container, here and across" WARP_RUDE_CLIENTS=100000 ;;
    upgrade) upgrade ;;
    failures) soak failures Warp.EndToEnd.Tests Failure.Matrix "a runner cut off for a minute and for ten, and no control node for $((seconds / 10)) minutes" WARP_CUT_SECONDS=60,600 "WARP_SOAK_SECONDS=$((seconds * 6))" ;;
    cycles) soak cycles Warp.EndToEnd.Tests Deploying.CycleTests "500 times deployed, used and removed" WARP_CYCLES=500 ;;
    *) echo "there is no part '$part'" >&2; exit 2 ;;
  esac
done
((status == 0)) && echo "soak passed" || echo "soak FAILED: the output above says which stream or figure, and the seed" >&2
exit "$status"
