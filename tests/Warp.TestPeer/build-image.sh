#!/usr/bin/env bash
# Packs the test peer with this machine's .NET runtime into an image archive and prints its path.
#   build-image.sh FOLDER_OF_THE_BUILT_PEER
set -euo pipefail
built=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
cache=${WARP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/warp}
mkdir -p "$cache/images" "$cache/roots"
# The program on the path may be a link or a wrapper; it knows where its runtimes are.
runtime=$(dotnet --list-runtimes | sed -n 's|^Microsoft.NETCore.App \(10\.[^ ]*\) \[\(.*\)\]$|\2/\1|p' | sort -V | tail -n 1)
dotnet=$(realpath "$runtime/../../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The runtime with the system libraries it loads, and nothing else: no shell, no package manager.
root=$cache/roots/dotnet-$(basename "$runtime")-$(sha256sum "$0" | cut -c1-12).tar
if [[ ! -f $root ]]; then
  mkdir -p "$work/root/dotnet/shared/Microsoft.NETCore.App" "$work/root/tmp" "$work/root/etc"
  cp -a "$dotnet/dotnet" "$dotnet/host" "$work/root/dotnet"
  cp -a "$runtime" "$work/root/dotnet/shared/Microsoft.NETCore.App"
  ldd "$dotnet/dotnet" "$runtime"/libcoreclr.so "$runtime"/libSystem.Native.so | grep -o '/[^ ]*\.so[^ ]*' | sort -u |
    while read -r library; do if [[ $library != *: && $library != "$runtime"* ]]; then install -D "$(realpath "$library")" "$work/root$library"; fi; done
  printf 'hosts: files dns\n' > "$work/root/etc/nsswitch.conf"
  tar --numeric-owner --owner=0 --group=0 --sort=name -C "$work/root" -cf "$root.$$" .
  mv "$root.$$" "$root"
fi

key=$(cat "$built"/warp-test-peer.* "$0" "$here"/../../scripts/pack-image.sh | sha256sum | cut -c1-12)
archive=$cache/images/test-peer-$key.tar
if [[ ! -f $archive ]]; then
  mkdir -p "$work/peer/peer"
  cp "$built"/warp-test-peer.{dll,runtimeconfig.json,deps.json} "$work/peer/peer"
  tar --numeric-owner --owner=0 --group=0 --sort=name -C "$work/peer" -cf "$work/peer.tar" .
  "$here/../../scripts/pack-image.sh" warp-test-peer:latest '{"Entrypoint":["/dotnet/dotnet","/peer/warp-test-peer.dll"]}' "$root" "$work/peer.tar" > "$archive.$$"
  mv "$archive.$$" "$archive"
fi

echo "$archive"
