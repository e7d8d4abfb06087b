#!/usr/bin/env bash
# Builds the two images of this example as archives for `docker load` and prints their paths: shop-app, then shop-db.
# No image registry is involved: the Debian packages come from Debian, the npm packages from npm. What was built is kept and used again.
set -euo pipefail
cd "$(dirname "$0")"
scripts=../../scripts
cache=${WARP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/warp}
mkdir -p "$cache/images"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# image NAME ROOT CONFIG: the root's layer with the files of $work/NAME over it.
image() {
  local name=$1 root=$2 config=$3 archive
  archive=$cache/images/$name-$({ cat build.sh $scripts/*.sh; find "$name" -path '*/node_modules' -prune -o -type f -print0 | sort -z | xargs -0 cat; } | sha256sum | cut -c1-12).tar
  if [[ ! -f $archive ]]; then
    echo "building the image shop-$name" >&2
    mkdir "$work/$name"
    "files_of_$name" "$work/$name"
    tar --numeric-owner --owner=0 --group=0 --sort=name -C "$work/$name" -cf "$work/$name.tar" .
    $scripts/pack-image.sh "shop-$name:latest" "$config" "$root" "$work/$name.tar" > "$archive.$$"
    mv "$archive.$$" "$archive"
  fi
  echo "$archive"
}

files_of_app() {
  mkdir "$1/app"
  cp app/package.json app/package-lock.json app/index.js "$1/app"
  npm ci --prefix "$1/app" --no-audit --no-fund --cache "$cache/npm" >&2
}

files_of_db() {
  cp db/start.sh db/products.sql "$1"
  chmod 0755 "$1/start.sh"
}

node=$($scripts/debian-root.sh nodejs)
postgresql=$($scripts/debian-root.sh postgresql)
image app "$node" '{"Cmd":["node","/app/index.js"],"ExposedPorts":{"8080/tcp":{}}}'
image db "$postgresql" '{"Cmd":["/start.sh"],"User":"postgres","StopSignal":"SIGINT","ExposedPorts":{"3211/tcp":{}}}'
