#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Puts database servers into a folder, without root: MariaDB, and PostgreSQL where this machine has
# none. Debian's packages and those libraries that the machine lacks (apt-get says which) are
# downloaded and unpacked. Can be run again; does nothing when they are there. On failure the file
# UNAVAILABLE in that folder says why; tests that need a server are then skipped with that reason.
#
# usage: databases.sh FOLDER
set -u -o pipefail

mkdir -p "${1:?usage: databases.sh FOLDER}" || exit 1
FOLDER=$(cd "$1" && pwd) || exit 1
readonly FOLDER
readonly MARIADB=usr/sbin/mariadbd
readonly POSTGRESQL=usr/lib/postgresql/15/bin/postgres

unavailable() {
  printf '%s\n' "$1" >"$FOLDER/UNAVAILABLE"
  printf 'databases.sh: %s\n' "$1" >&2
  exit 0
}

wanted() {
  [ -x "$FOLDER/$MARIADB" ] || echo mariadb-server-core
  [ -x "/$POSTGRESQL" ] || [ -x "$FOLDER/$POSTGRESQL" ] || echo postgresql-15
}

# libc belongs to the machine's loader: another one in LD_LIBRARY_PATH would break both.
lacking() {
  # shellcheck disable=SC2046 # a list of words
  apt-get -s install --no-install-recommends $(wanted) |
    awk '$1 == "Inst" && $2 !~ /^libc(6|-bin|-l10n)$/ { print $2 }'
}

unpack() {
  local scratch archive packages
  packages=$(lacking) && [ -n "$packages" ] || return 1
  scratch=$(mktemp -d "$FOLDER/download.XXXXXX") || return 1
  trap 'rm -rf "$scratch"' RETURN
  chmod 755 "$scratch"
  # shellcheck disable=SC2086 # a list of words
  (cd "$scratch" && apt-get -q download $packages) || return 1
  for archive in "$scratch"/*.deb; do
    dpkg -x "$archive" "$FOLDER" || return 1
  done
}

if [ -n "$(wanted)" ]; then
  command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
    unavailable "apt-get and dpkg are needed to fetch: $(wanted | tr '\n' ' ')"
  unpack >"$FOLDER/download.log" 2>&1 ||
    unavailable "could not download or unpack database servers ($(tail -n 1 "$FOLDER/download.log"))"
  [ -z "$(wanted)" ] || unavailable "the packages lack: $(wanted | tr '\n' ' ')"
fi
rm -f "$FOLDER/UNAVAILABLE"
