#!/usr/bin/env bash
# Installs a release of Ringfence into a folder and prints its version.
#
# The archive RELEASES/vVERSION/ringfence-VERSION-TARGET.tar.gz is fetched and its SHA-256 compared: with
# RINGFENCE_SHA256 where that is set, else with the archive's line in SHA256SUMS of the same release. The latter finds
# damaged downloads only; whoever can change a release can change both. Nothing is unpacked before it is compared.
#
#   RINGFENCE_VERSION    the release, such as 0.1.0
#   RINGFENCE_RELEASES   where releases are, such as https://github.com/OWNER/ringfence/releases/download
#   RINGFENCE_SHA256     the SHA-256 of the archive (optional)
#   RINGFENCE_BIN        the folder to install into
set -euo pipefail

fail() {
  echo "error: $*" >&2
  exit 1
}

version=${RINGFENCE_VERSION:?the release to install, such as 0.1.0}
releases=${RINGFENCE_RELEASES:?where releases are}
bin=${RINGFENCE_BIN:?the folder to install into}
version=${version#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "$version is no version; write one such as 0.1.0"

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-gnu ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-gnu ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  *) fail "there is no release for $(uname -s) on $(uname -m); build it from source" ;;
esac

fetch() {
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --retry 3 --output "$2" -- "$1"
  else
    python3 -c 'import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as source, open(sys.argv[2], "wb") as target:
    shutil.copyfileobj(source, target)' "$1" "$2"
  fi
}

sha256_of() {
  if command -v sha256sum >/dev/null; then
    sha256sum -- "$1" | cut -d ' ' -f 1
  else
    shasum -a 256 -- "$1" | cut -d ' ' -f 1
  fi
}

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
archive=ringfence-$version-$target.tar.gz
from=${releases%/}/v$version
fetch "$from/$archive" "$work/$archive" || fail "$from/$archive cannot be fetched"

expected=${RINGFENCE_SHA256:-}
if [[ -z $expected ]]; then
  fetch "$from/SHA256SUMS" "$work/SHA256SUMS" || fail "$from/SHA256SUMS cannot be fetched"
  while read -r sum name; do
    if [[ ${name#\*} == "$archive" ]]; then expected=$sum; fi
  done <"$work/SHA256SUMS"
  [[ -n $expected ]] || fail "SHA256SUMS does not list $archive"
fi
actual=$(sha256_of "$work/$archive")
[[ $actual == "$expected" ]] || fail "$archive has the SHA-256 $actual, not $expected"

mkdir -p -- "$bin"
tar -xzf "$work/$archive" -C "$work" ringfence
mv -f -- "$work/ringfence" "$bin/ringfence"
chmod +x -- "$bin/ringfence"
"$bin/ringfence" --version
