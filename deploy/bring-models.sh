#!/bin/sh
# What a container does first: bring each of the image's models that the folder of models lacks,
# and then become the program that is named.
#
# The folder is shared and outlives images. A model appears in it whole or not at all: it is copied
# under a name of its own, and takes its place when it is complete.
set -eu

shipped=shipped-models
models=${AMENDS_MODELS_DIR:-models}

find "$models" -maxdepth 1 -name '.coming-*' -mmin +60 -delete  # of containers that were killed
for file in "$shipped"/*; do
    place=$models/$(basename "$file")
    [ ! -e "$place" ] || continue
    coming=$(mktemp "$models/.coming-XXXXXX")
    cp "$file" "$coming"
    chmod 644 "$coming"
    sync "$coming"
    mv -f "$coming" "$place"  # where another was quicker, the same takes the place of the same
done

exec "$@"
