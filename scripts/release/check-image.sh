#!/usr/bin/env bash
# usage: check-image.sh IMAGE
# What docs promise of the container image, asked of the built one.
set -euo pipefail
image=$1
limit=200000000

refuse() {
  printf '%s\n' "$1" >&2
  exit 1
}

size=$(docker image inspect --format '{{.Size}}' "$image")
[ "$size" -lt "$limit" ] || refuse "$image has $size bytes, the limit is $limit"
[ "$(docker run --rm --entrypoint id "$image" -u)" != 0 ] || refuse "$image runs as root"
docker run --rm --entrypoint git "$image" --version
docker run --rm --entrypoint node "$image" --version | grep '^v24\.' || refuse "$image is not on Node 24"
docker run --rm --network none "$image" demo > /dev/null || refuse "the demonstration fails in $image"
printf '%s: %s bytes\n' "$image" "$size"
