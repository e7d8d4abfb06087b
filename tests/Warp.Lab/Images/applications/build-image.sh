#!/usr/bin/env bash
# Packs well-known servers and their clients from Debian into one image archive and prints its path: every test of real programs runs one or the other in it.
# What was built is kept and used again. `serve NAME` in it becomes a server.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
scripts=$here/../../../../scripts
cache=${WARP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/warp}
mkdir -p "$cache/images"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$("$scripts/debian-root.sh" postgresql libdbd-pg-perl mariadb-server redis-server openssh-server openssh-client rsync nginx-light wrk iperf3 vsftpd opensmtpd curl tini)
key=$({ echo "$root"; find "$here" "$scripts/pack-image.sh" -type f -print0 | sort -z | xargs -0 cat; } | sha256sum | cut -c1-12)
archive=$cache/images/applications-$key.tar
if [[ ! -f $archive ]]; then
  echo "building the image warp-applications" >&2
  cp -r "$here/files" "$work/files"

  # Client and server are of the same image, so that the key is on both sides.
  mkdir -m 0700 "$work/files/root" "$work/files/root/.ssh"
  ssh-keygen -q -t ed25519 -N '' -C warp-applications -f "$work/files/root/.ssh/id_ed25519"
  cp "$work/files/root/.ssh/id_ed25519.pub" "$work/files/root/.ssh/authorized_keys"
  printf 'StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\n' > "$work/files/root/.ssh/config"
  tar --numeric-owner --owner=0 --group=0 --sort=name -C "$work/files" -cf "$work/files.tar" .
  "$scripts/pack-image.sh" warp-applications:latest '{"Cmd":["sleep","infinity"]}' "$root" "$work/files.tar" > "$archive.$$"
  mv "$archive.$$" "$archive"
fi

echo "$archive"
