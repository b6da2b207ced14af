#!/usr/bin/env bash
# The second step of the action: runs what its inputs ask for and writes reports, job summary and outputs. It never
# fails because of a finding: the last step does, after the reports are uploaded.
set -uo pipefail

reports=$RUNNER_TEMP/ringfence-reports
rm -rf -- "$reports"
mkdir -p -- "$reports/sarif"
comment=$reports/comment.md
: >"$comment"

# One target a line; blank lines do not count.
targets=()
while IFS= read -r line; do
  line=${line%$'\r'}
  if [[ -n ${line//[[:space:]]/} ]]; then targets+=("$line"); fi
done <<<"$INPUT_POLICIES"

options=()
if [[ -n $INPUT_CONFIG ]]; then options+=(--config "$INPUT_CONFIG"); fi
if [[ $INPUT_ALLOW_INCOMPLETE == true ]]; then options+=(--allow-incomplete); fi

code=0
# How grave an exit code is: the run failed, wrong usage, findings, incomplete.
rank() {
  case $1 in
    0) echo 0 ;;
    4) echo 1 ;;
    3) echo 2 ;;
    2) echo 3 ;;
    *) echo 4 ;;
  esac
}

# check NAME COMMAND… runs a command with all reports.
check() {
  local name=$1 own
  shift
  echo "::group::ringfence $name"
  ringfence "$@" ${options[@]+"${options[@]}"} --color never \
    --report "sarif=$reports/sarif/$name.sarif" --report "markdown=$reports/$name.md" \
    -- "${targets[@]}"
  own=$?
  echo "::endgroup::"
  if [[ -f $reports/$name.md ]]; then
    cat -- "$reports/$name.md" >>"$comment"
  else
    printf '### ringfence %s: did not run (exit code %s)\n' "$name" "$own" >>"$comment"
  fi
  printf '\n' >>"$comment"
  if (($(rank "$own") > $(rank "$code"))); then code=$own; fi
}

if ((${#targets[@]} == 0)); then
  echo "error: the input policies names nothing" >&2
  code=2
else
  validate=(validate)
  if [[ -n $INPUT_FAIL_ON ]]; then validate+=(--fail-on "$INPUT_FAIL_ON"); fi
  if [[ -n $INPUT_BASELINE ]]; then validate+=(--baseline "$INPUT_BASELINE"); fi
  check validate "${validate[@]}"
  if [[ -n $INPUT_REFERENCE ]]; then
    check no-new-access check no-new-access --reference "$INPUT_REFERENCE" \
      --without-reference "$INPUT_WITHOUT_REFERENCE"
  fi
  if [[ -n $INPUT_CRITICAL ]]; then
    check access-not-granted check access-not-granted --critical "$INPUT_CRITICAL"
  fi
  if [[ $INPUT_NO_PUBLIC_ACCESS == true ]]; then check no-public-access check no-public-access; fi
fi

cat -- "$comment" >>"$GITHUB_STEP_SUMMARY"
{
  echo "exit-code=$code"
  echo "comment=$comment"
  if compgen -G "$reports/sarif/*.sarif" >/dev/null; then echo "sarif=$reports/sarif"; fi
} >>"$GITHUB_OUTPUT"
