#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Puts the real components that the conformance tests run against into a folder, without root:
# Debian packages are downloaded with apt-get and unpacked. Can be run again; does nothing when the
# components are there. On failure the file UNAVAILABLE in that folder says why; tests that need a
# component are then skipped with that reason.
#
# usage: components.sh FOLDER
set -u -o pipefail

readonly RIG=${1:?usage: components.sh FOLDER}
readonly PACKAGES="softhsm2 softhsm2-common libsofthsm2 opensc opensc-pkcs11 libnss3 libnss3-tools libnspr4"
readonly WANTED="libsofthsm2.so libsoftokn3.so certutil softhsm2-util pkcs11-tool"

unavailable() {
  mkdir -p "$RIG"
  printf '%s\n' "$1" >"$RIG/UNAVAILABLE"
  printf 'components.sh: %s\n' "$1" >&2
  exit 0
}

missing() {
  local name
  for name in $WANTED; do
    [ -n "$(find "$RIG/usr" -name "$name" -print -quit 2>/dev/null)" ] || printf '%s ' "$name"
  done
}

unpack() {
  local scratch archive
  scratch=$(mktemp -d "$RIG/download.XXXXXX") || return 1
  trap 'rm -rf "$scratch"' RETURN
  chmod 755 "$scratch"
  # shellcheck disable=SC2086 # a list of words
  (cd "$scratch" && apt-get -q download $PACKAGES) || return 1
  for archive in "$scratch"/*.deb; do
    dpkg -x "$archive" "$RIG" || return 1
  done
}

mkdir -p "$RIG" || exit 1
if [ -z "$(missing)" ]; then
  rm -f "$RIG/UNAVAILABLE"
  exit 0
fi
command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
  unavailable "apt-get and dpkg are needed to fetch: $PACKAGES"
unpack >"$RIG/download.log" 2>&1 ||
  unavailable "could not download or unpack: $PACKAGES ($(tail -n 1 "$RIG/download.log"))"
[ -z "$(missing)" ] || unavailable "the packages lack: $(missing)"
rm -f "$RIG/UNAVAILABLE"
