/* copy_up.h - fills a new tmpfs with what was at its mount point (option tmpcopyup) */
#pragma once
#include "base/error.h"

/*
 * Copies what is in the directory source into the directory target: directories, files, symlinks,
 * nodes, with owner, mode, extended attributes (those that tmpfs takes) and times. Nothing is
 * followed, mounts below source are left out, a hard link becomes a copy. target keeps its mode,
 * and its owner unless that is root. Both may be O_PATH descriptors. What changes meanwhile may be
 * missing.
 * Return: 0; -EOVERFLOW beyond 128 levels; -errno, with the name in the message.
 */
int copy_up_tree(int source, int target, struct error *err);
