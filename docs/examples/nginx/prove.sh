#!/bin/sh
# The suite is green on this configuration, and red on each that breaks a promise: for what it is red is named.
set -eu
here=$(dirname "$0")
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# expect EXIT TEXT [ARGUMENT]...
expect() {
    wanted=$1 text=$2
    shift 2
    code=0
    "$here/run.sh" "$@" > "$out" 2>&1 || code=$?
    if [ "$code" != "$wanted" ] || ! grep -qF -- "$text" "$out"; then
        cat "$out"
        echo "nginx: exit $code and not $wanted, or nothing says: $text" >&2
        exit 1
    fi
    printf '%s  %s\n' "$code" "$(tail -n 1 "$out")"
}

sound='not nginx-deviates'
export BREAK=
expect 0 'MUST 23/23' --tag "$sound"
expect 1 'broken     WEB-COND-004 (MUST)' --tag nginx-deviates
BREAK='s/add_header Allow.*//'
expect 1 'broken     WEB-METH-003 (MUST)' --tag "$sound"
BREAK='s|location /cached/ |location /cached |'
expect 1 'broken     WEB-FILE-004 (MUST)' --tag "$sound"
BREAK='s/auth_basic "the.*/auth_basic off;/'
expect 1 'broken     WEB-AUTH-001 (MUST)' --tag "$sound"
