#!/usr/bin/env bash
# Makes a small Debian root file system with the given packages and prints the path of its tar, which is made once and kept.
#   debian-root.sh PACKAGE...
set -euo pipefail
suite=bookworm
mirror=${WARP_DEBIAN_MIRROR:-http://deb.debian.org/debian}
cache=${WARP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/warp}

key=$({ cat "$0"; echo "$suite" "$@"; } | sha256sum | cut -c1-12)
tar=$cache/roots/$key.tar
if [[ ! -f $tar ]]; then
  echo "making a Debian root with $* (once; about a minute)" >&2
  mkdir -p "$cache/roots" "$cache/debs"
  work=$(mktemp -d "$cache/roots/.new-XXXXXX")
  trap 'rm -rf --one-file-system "$work"' EXIT

  # Without a service manager: a package that starts a daemon on installation must not do it here.
  debootstrap --variant=minbase --cache-dir="$cache/debs" --include="$(IFS=,; echo "$*")" "$suite" "$work/root" "$mirror" > "$work/log" 2>&1 ||
    { tail -n 20 "$work/log" "$work/root/debootstrap/debootstrap.log" >&2; exit 1; }

  # What a container never reads: documentation, translations, package lists, databases made at the installation, and LLVM (PostgreSQL's JIT, which is off without it).
  cd "$work/root"
  rm -rf usr/share/{doc,man,info,locale,lintian,bug} var/cache/apt/* var/lib/apt/lists/* var/log/* var/lib/{mysql,postgresql}/* dev/* usr/lib/*/libLLVM-*.so.1 \
    usr/lib/postgresql/*/lib/{bitcode,llvmjit.so} usr/lib/*/perl/*/auto/Encode usr/include
  tar --numeric-owner --one-file-system --sort=name -cf "$work/root.tar" .
  mv "$work/root.tar" "$tar"
fi

echo "$tar"
