#!/bin/sh
# SPDX-License-Identifier: MIT
# Plays every script of a folder:  run.sh PLAYER FOLDER
exec "$1" "$2"/*.pkt
