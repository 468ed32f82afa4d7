#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Puts the real components that the conformance tests run against into a folder, without root:
# Debian packages are downloaded with apt-get and unpacked. Can be run again; does nothing for what
# is there. Where a component cannot be had, the file UNAVAILABLE.<component> in that folder says
# why; tests that need it are then skipped with that reason, and the others run.
#
# usage: components.sh FOLDER
set -u -o pipefail

readonly RIG=${1:?usage: components.sh FOLDER}

# component NAME FILES PACKAGES: unpacks packages, so that the files are in the folder.
component() {
  local name=$1 wanted=$2 packages=$3
  [ -n "$(missing "$wanted")" ] || {
    rm -f "$RIG/UNAVAILABLE.$name"
    return 0
  }
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
    unavailable "$name" "apt-get and dpkg are needed to fetch: $packages"
    return 0
  }
  unpack "$packages" >"$RIG/download.$name.log" 2>&1 || {
    unavailable "$name" \
      "could not download or unpack: $packages ($(tail -n 1 "$RIG/download.$name.log"))"
    return 0
  }
  [ -z "$(missing "$wanted")" ] || {
    unavailable "$name" "the packages lack: $(missing "$wanted")"
    return 0
  }
  rm -f "$RIG/UNAVAILABLE.$name"
}

missing() {
  local file
  for file in $1; do
    [ -n "$(find "$RIG/usr" -path "*/$file" ! -type d -print -quit 2>/dev/null)" ] || printf '%s ' "$file"
  done
}

# program NAME PACKAGE: the same for a program and its libraries, unless the machine has it itself.
program() {
  if command -v "$1" >/dev/null || [ -z "$(missing "bin/$1")" ]; then
    rm -f "$RIG/UNAVAILABLE.$1"
  else
    component "$1" "bin/$1" "$(with_libraries "$2")"
  fi
}

# The package and what apt-get would install besides, which is what the machine does not have.
with_libraries() {
  {
    printf '%s\n' "$1"
    # shellcheck disable=SC2086 # a list of words
    apt-get -q -s --no-install-recommends install $1 2>/dev/null |
      sed -n 's/^Inst \([^ ]*\) (.*/\1/p'
  } | sort -u | tr '\n' ' '
}

# In a subshell, whose end takes the downloads away.
unpack() (
  scratch=$(mktemp -d "$RIG/download.XXXXXX") || exit 1
  trap 'rm -rf "$scratch"' EXIT
  chmod 755 "$scratch"
  # shellcheck disable=SC2086 # a list of words
  (cd "$scratch" && apt-get -q download $1) || exit 1
  for archive in "$scratch"/*.deb; do
    dpkg -x "$archive" "$RIG" || exit 1
  done
)

unavailable() {
  printf '%s\n' "$2" >"$RIG/UNAVAILABLE.$1"
  printf 'components.sh: %s\n' "$2" >&2
}

mkdir -p "$RIG" || exit 1
component hsm "libsofthsm2.so libsoftokn3.so certutil softhsm2-util pkcs11-tool" \
  "softhsm2 softhsm2-common libsofthsm2 opensc opensc-pkcs11 libnss3 libnss3-tools libnspr4"
program openssl openssl
program osslsigncode osslsigncode
program pdfsig poppler-utils
