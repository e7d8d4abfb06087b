#!/usr/bin/env bash
# Packs layers into an archive that `docker load` takes, without an engine and without a registry.
#   pack-image.sh NAME:TAG CONFIG LAYER.tar... > ARCHIVE
# CONFIG is the image's run configuration (OCI image spec, "config" object). The format is that of `docker save`:
# https://github.com/moby/docker-image-spec/blob/main/spec.md#combined-image-json--filesystem-changeset-format
set -euo pipefail
name=$1 config=$2
shift 2

architecture=$(uname -m)
case $architecture in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
layers= digests=
for layer in "$@"; do
  digest=$(sha256sum "$layer" | cut -d' ' -f1)
  ln -s "$(realpath "$layer")" "$work/$digest.tar"
  layers+="${layers:+,}\"$digest.tar\"" digests+="${digests:+,}\"sha256:$digest\""
done

printf '{"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]}}' "$architecture" "$config" "$digests" > "$work/config.json"
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":[%s]}]' "$name" "$layers" > "$work/manifest.json"
tar --dereference -C "$work" -cf - manifest.json config.json $(cd "$work" && ls -- *.tar)
