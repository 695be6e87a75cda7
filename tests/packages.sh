#!/usr/bin/env bash
# Installs what the tests talk to: PostgreSQL, Redis, Chromium, Docker Engine.
# Only as root on Debian or Ubuntu. Elsewhere the tests say what they miss and skip by name.
set -euo pipefail

packages=(chromium debootstrap docker.io fonts-noto-core poppler-utils postgresql-15 redis-server)

missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "Not installed, and only root on Debian or Ubuntu can have them installed here: ${missing[*]}."
    echo 'The tests that need them are skipped by name.'
    exit 0
fi

# A server that a package starts would hold a port and memory: the tests start their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
echo "Installing for the tests: ${missing[*]} …"
export DEBIAN_FRONTEND=noninteractive
quiet=(-qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold)
log=$(mktemp)
install() {
    apt-get update "${quiet[@]}" || return
    # Releases that have no PostgreSQL 15 have a newer one.
    apt-cache show postgresql-15 >/dev/null 2>&1 || missing=("${missing[@]/postgresql-15/postgresql}")
    apt-get install "${quiet[@]}" --yes --no-install-recommends "${missing[@]}"
}
if ! install >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log"
    echo "apt could not install: ${missing[*]}."
    exit 1
fi
rm -f "$log"
