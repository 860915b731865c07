#!/usr/bin/env bash
# The scheduled job: asks everything again, pins the new answers, and opens an issue about what has changed, or renews the
# one that is open. Inputs come from the environment, so that no text of a draft is ever part of a command.
set -euo pipefail

fail() {
    echo "::error title=caveat::$1"
    exit 2
}

command -v caveat >/dev/null || fail "There is no caveat on the PATH: install it in a step before."
command -v gh >/dev/null || fail "There is no gh on the PATH, which opens the issue."

read -r -d '' -a paths <<<"${CAVEAT_PATHS:-.}" || true
title="${CAVEAT_TITLE:-What our articles stand on has changed}"
body="${RUNNER_TEMP:-$(mktemp -d)}/caveat-changes.md"

# Findings are no news here: what fails the job is only that something could not be read.
caveat lint --refresh --changes "$body" --quiet --format concise --output /dev/null -- "${paths[@]}" || [ "$?" -eq 1 ]

# What was learned is kept first: an issue about it is opened once.
if [ "${CAVEAT_PUSH:-true}" = true ] && [ -n "$(git status --porcelain -- caveat.lock)" ]; then
    git add -- caveat.lock
    git -c user.name="caveat" -c user.email="caveat@users.noreply.github.com" commit --quiet -m "Refresh caveat.lock"
    git push --quiet
fi

if [ ! -s "$body" ]; then
    echo "Nothing has changed."
    exit 0
fi
{ cat "$body"; echo; } >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
open="$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number // empty')"
if [ -n "$open" ]; then
    gh issue comment "$open" --body-file "$body"
else
    gh issue create --title "$title" --body-file "$body"
fi
