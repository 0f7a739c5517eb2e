/* listeners.h - which process of the host has a port, sock_diag(7) */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "spec/network.h"

/*
 * Looks whether a socket of this network namespace listens at (TCP) or is bound to (UDP) one of the
 * ports, at their address or at all addresses.
 * Return: 0: none; -EADDRINUSE with the port and the process that has it ("port 8080/tcp is in use
 * by nginx (pid 712)"), as far as it can be seen; -errno of netlink(7).
 */
int listeners_check(const struct spec_port *ports, size_t len, struct error *err);
