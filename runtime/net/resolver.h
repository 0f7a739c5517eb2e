/* resolver.h - the resolv.conf(5) of a container */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/ip.h"

/*
 * Adds its lines: the servers, and with host those and the options of the host's file, of which
 * servers on the host's loopback are left out, as nobody can reach them from a network namespace of
 * his own. Where systemd-resolved is the only one, the servers that it asks are taken.
 * Return: 0 or -errno of open(2), read(2).
 */
int resolver_write(const struct ip *servers, size_t len, bool host, struct buf *out,
		   struct error *err);

/* Adds those lines of a resolv.conf(5) that are of use in a container. Return: how many servers. */
size_t resolver_filter(const char *text, struct buf *out);
