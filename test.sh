#!/usr/bin/env bash
# Builds everything and runs every test; the last line counts them, and the exit code is 0 only if none failed.
#   ./test.sh                             all of it
#   ./test.sh --only Warp.Node.Tests      one test project (may be given several times)
#   ./test.sh --filter 'Name~Half'        a filter of dotnet test, in the projects that run
set -euo pipefail
cd "$(dirname "$0")"

projects=() filter=() problems=()
while (($#)); do
  case $1 in
    --only) projects+=("${2:?--only needs the name of a test project}"); shift 2 ;;
    --filter) filter=(--filter "${2:?--filter needs an expression}"); shift 2 ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
((${#projects[@]})) || projects=(Warp.Cluster.Tests Warp.Node.Tests Warp.MultiNode.Tests Warp.EndToEnd.Tests)
for project in "${projects[@]}"; do
  [[ -f tests/$project/$project.csproj ]] || { echo "there is no test project '$project' in tests/" >&2; exit 2; }
done

WARP_CALLER=$0 scripts/install-tools.sh
echo "== build"
dotnet build Warp.Actors.sln -c Release -v quiet -nologo
echo "== format"
dotnet format Warp.Actors.sln --no-restore --verify-no-changes || problems+=("the format differs: run 'dotnet format'")

results=$PWD/TestResults
rm -rf "$results" && mkdir -p "$results"
export WARP_TEST_LOGS=$results/logs

# The sum of some counters of a project, or of all: <Counters total= passed= failed= error= timeout= aborted= ...>, one line in each results file.
count() {
  local sum=0 name file value
  for file in "$results"/$1.trx; do
    for name in "${@:2}"; do
      value=$(grep -o '<Counters [^>]*' "$file" 2> /dev/null | grep -o " $name=\"[0-9]*" | grep -o '[0-9]*$' || true)
      sum=$((sum + ${value:-0}))
    done
  done
  echo "$sum"
}

for project in "${projects[@]}"; do
  echo "== $project"
  status=0
  timeout --kill-after=30 60m dotnet test "tests/$project" -c Release --no-build -nologo --results-directory "$results" \
    --logger "trx;LogFileName=$project.trx" --logger "console;verbosity=normal" "${filter[@]}" | tee "$results/$project.log" || status=$?
  if [[ ! -f $results/$project.trx ]]; then
    problems+=("$project ended without a result (exit code $status)")
  elif ((status != 0)) && (($(count "$project" failed error timeout aborted) == 0)); then
    problems+=("$project: what the tests share could not be made or cleared away; see the lines with 'Cleanup Failure' in it")
  fi
done
dotnet tests/Warp.Lab/bin/Release/net10.0/warp-lab.dll clean

# What failed once more, at the end, where it is looked for: the name, the message and where, at most 40 lines each.
awk '/^  (Passed|Skipped) |^\[xUnit/ { shown = 0 } /^  Failed / { shown = 40 } shown-- > 0' "$results"/*.log
grep -h -A 8 'Cleanup Failure' "$results"/*.log || true
((${#problems[@]} == 0)) || printf '%s\n' "${problems[@]}"

failed=$(($(count '*' failed error timeout aborted) + ${#problems[@]}))
skipped=$(($(count '*' total) - $(count '*' executed)))
echo "$(count '*' passed) passed, $failed failed, $skipped skipped"
((failed == 0))
