#!/usr/bin/env bash
# One step of a GitHub workflow: lints, annotates, and keeps SARIF where it is asked for. Inputs come from the
# environment, so that no text of a pull request is ever part of a command.
set -uo pipefail

fail() {
    echo "::error title=caveat::$1"
    exit 2
}

command -v caveat >/dev/null || fail "There is no caveat on the PATH: give the action a version, or install it in a step before."

case "${CAVEAT_EVIDENCE:-offline}" in
    offline) evidence=(--offline) ;;
    locked) evidence=(--locked) ;;
    ask) evidence=() ;;
    *) fail "evidence is offline, locked or ask, and not \"$CAVEAT_EVIDENCE\"." ;;
esac

read -r -d '' -a paths <<<"${CAVEAT_PATHS:-.}" || true
read -r -d '' -a arguments <<<"${CAVEAT_ARGUMENTS:-}" || true
fail_on="${CAVEAT_FAIL_ON:-error}"
threshold=(--fail-on "$fail_on")
[ "$fail_on" = never ] && threshold=()

lint() { caveat lint "${evidence[@]}" "${threshold[@]}" "${arguments[@]}" "$@" -- "${paths[@]}"; }

# Annotations at the words, and the table on the job's page.
lint --format github
exit=$?

if [ -n "${CAVEAT_SARIF:-}" ] && [ "$exit" -ne 2 ]; then
    lint --format sarif --quiet --output "$CAVEAT_SARIF" || true
    echo "sarif=$CAVEAT_SARIF" >>"${GITHUB_OUTPUT:-/dev/null}"
fi
echo "exit=$exit" >>"${GITHUB_OUTPUT:-/dev/null}"
[ "$fail_on" = never ] && [ "$exit" -eq 1 ] && exit 0
exit "$exit"
