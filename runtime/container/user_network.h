/* user_network.h - the way out of a plain user's network namespace: pasta(1) or slirp4netns(1) */
#pragma once
#include "base/error.h"
#include "runtime/container/container.h"

/* Return: whether an annotation asks for it. */
bool user_network_is_wanted(const struct spec_config *config);

/*
 * Refuses an annotation "run.gocker.network.user" that names none of them, and one where the
 * network namespace is not the container's own. Return: 0 or -EINVAL, -EPERM for root.
 */
int user_network_check(const struct spec_config *config, bool has_own_network, struct error *err);

/*
 * Where the annotation asks for it, starts the program for the container's process pid, and waits
 * until it is ready. Its pid is in state.json before it is executed. It lives until
 * user_network_stop.
 * Return: 0, also where nothing is asked for; -ENOENT where it is not installed; -ECHILD where it
 * ends, with what it said; -ETIMEDOUT.
 */
int user_network_start(struct container *container, pid_t pid, struct error *err);

/* Kills it, if there is one, and waits until it is gone. Return: 0; -ETIMEDOUT; -errno. */
int user_network_stop(const struct container *container, struct error *err);
