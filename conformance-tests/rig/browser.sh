#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Puts a headless Chromium into a folder, without root: Debian's packages and those libraries that
# this machine lacks (apt-get says which) are downloaded and unpacked, some 85 MB and 280 MB. The
# file "browser" in that folder starts it. Can be run again; does nothing when it is there. On
# failure the file UNAVAILABLE in that folder says why; the test is then skipped with that reason.
#
# usage: browser.sh FOLDER
set -u -o pipefail

mkdir -p "${1:?usage: browser.sh FOLDER}" || exit 1
FOLDER=$(cd "$1" && pwd) || exit 1
readonly FOLDER
readonly PACKAGE=chromium-headless-shell
readonly SHELL_IN_PACKAGE=usr/lib/chromium/chromium-headless-shell

unavailable() {
  printf '%s\n' "$1" >"$FOLDER/UNAVAILABLE"
  printf 'browser.sh: %s\n' "$1" >&2
  exit 0
}

# libc belongs to the machine's loader: another one in LD_LIBRARY_PATH would break both.
lacking() {
  apt-get -s install --no-install-recommends "$PACKAGE" |
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

# Libraries of libraries lie in folders of their own.
libraries() {
  find "$FOLDER" -name 'lib*.so*' -printf '%h\n' | sort -u | paste -s -d :
}

write_launcher() {
  printf '#!/bin/sh\n%s exec %s --headless --no-sandbox "$@"\n' "$1" "$2" >"$FOLDER/browser" &&
    chmod 755 "$FOLDER/browser"
}

if "$FOLDER/browser" --version >/dev/null 2>&1; then
  rm -f "$FOLDER/UNAVAILABLE"
  exit 0
fi
if installed=$(command -v "$PACKAGE" || command -v chromium); then
  write_launcher "" "$installed" || exit 1
  exit 0
fi
command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
  unavailable "apt-get and dpkg are needed to fetch $PACKAGE"
unpack >"$FOLDER/download.log" 2>&1 ||
  unavailable "could not download or unpack $PACKAGE ($(tail -n 1 "$FOLDER/download.log"))"
write_launcher "LD_LIBRARY_PATH=$(libraries)" \
  "$FOLDER/$SHELL_IN_PACKAGE" || exit 1
timeout 60 "$FOLDER/browser" --dump-dom about:blank >>"$FOLDER/download.log" 2>&1 || {
  rm -f "$FOLDER/browser"
  unavailable "$PACKAGE does not start ($(tail -n 1 "$FOLDER/download.log"))"
}
rm -f "$FOLDER/UNAVAILABLE"
