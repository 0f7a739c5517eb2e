/* bundle.h - a container's bundle: where it is, and its config.json */
#pragma once
#include "base/buf.h"
#include "base/error.h"
#include "runtime/container/container.h"

/*
 * Reads the config of the bundle in that directory, "" for the current one; config is its file name
 * there, NULL for config.json. Fills in config, state.bundle and state.rootfs, both absolute; text
 * gets the document as it is. A new user namespace without maps gets one of the caller.
 * Return: 0; -ENOENT where one of them is missing; -EINVAL with the JSON place of what is wrong;
 * -errno of realpath(3), read(2).
 */
int bundle_read(const char *bundle, const char *config, struct container *container,
		struct buf *text, struct error *err);
