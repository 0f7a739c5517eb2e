/* nat.h - the table "inet gocker": masquerading, published ports, what containers may not reach */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"
#include "spec/network.h"

/*
 * One table of nftables with sets and maps: a container adds and removes elements only. Whatever
 * adds something makes the table where it is missing, in the same transaction, as somebody may
 * remove all tables at any time.
 *
 * Beside what is masqueraded and published: what comes from our links has no address of loopback
 * and begins no connection with an address that is not behind that link; and from outside of our
 * links nothing begins a connection to a masqueraded network but by a published port.
 *
 * With br_netfilter (net.bridge.bridge-nf-call-iptables) a container reaches its own published port
 * only where its port of the bridge is in hairpin mode (IFLA_BRPORT_MODE).
 */

/* Of a bridge, or of the host's end of a veth pair. */
struct nat_link {
	const char *name;
	struct ip_prefix network4, network6; /* masqueraded; family 0: not */
};

/* Where the ports of an interface lead; family 0: the container has none of that family. */
struct nat_target {
	struct ip ip4, ip6;
	struct ip host6; /* the host's own on that link; family 0: none, then ::1 has no ports */
};

/*
 * Adds a link: its networks are masqueraded, loopback of the host cannot be reached from it, and
 * what comes from it or goes to it is let through where docker's rules are. Again is no error.
 * Return: 0; -EOPNOTSUPP where the kernel has no nftables; -EPERM; -errno of netlink(7).
 */
int nat_add_link(const struct nat_link *link, struct error *err);

/*
 * Adds a link that has been added before, for each container: somebody may have removed all rules
 * since, or docker has come. Return: 1: it was missing; 0: it was there; -errno as nat_add_link.
 */
int nat_restore_link(const struct nat_link *link, struct error *err);

/* Removes it. Return: 0 (also where it is not there) or -errno. */
int nat_remove_link(const struct nat_link *link, struct error *err);

/*
 * Publishes ports, all or none, in one transaction. A port of all addresses excludes that of a
 * single one. Who goes on sending to one of UDP reaches the target from then on.
 * Return: 0; -EADDRINUSE where another has one of them: *taken is its first, as nat_find takes it;
 * -EAFNOSUPPORT where the target has no address for it, or it is one of ::1 and the host has none;
 * -errno.
 */
int nat_publish(const struct spec_port *ports, size_t len, const struct nat_target *target,
		struct spec_port *taken, struct error *err);

/*
 * Removes those that lead to the target; others stay. Who goes on sending to one of UDP does not
 * reach the target any more. Return: 0 or -errno.
 */
int nat_withdraw(const struct spec_port *ports, size_t len, const struct nat_target *target,
		 struct error *err);

enum { NAT_PORT_TEXT_SIZE = IP_TEXT_SIZE + 16 };

/* Return: text, with "8080/tcp", "127.0.0.1:8080/tcp", "[fd00::1]:53/udp": its first. */
const char *nat_port_format(const struct spec_port *port, char text[NAT_PORT_TEXT_SIZE]);

/* Where a published port leads. Return: 0; -ENOENT: it is not published; -errno. */
int nat_find(const struct spec_port *port, struct nat_target *target, struct error *err);

/* A published port, or a range of them, of one family. */
struct nat_port {
	struct spec_port port; /* of nat_list: with the count 1 */
	struct ip target;
};

/* All of them, in the arena. Return: how many, 0 also where there is no table; -errno. */
int nat_list(struct arena *arena, struct nat_port **ports, struct error *err);

/* As nat_withdraw, each with its own target. Return: 0 or -errno. */
int nat_remove_ports(const struct nat_port *ports, size_t len, struct error *err);

/*
 * Remembers that these links did not forward to each other before forwarding of IPv4, or IPv6, was
 * switched on, and keeps it so; those that nat_add_link knows, earlier or later, are open all the
 * same. Return: 0 or -errno.
 */
int nat_close_links(const char *const *names, size_t len, bool v4, bool v6, struct error *err);

/* Removes the table, and what was added to docker's. Return: 0 (also where none is); -errno. */
int nat_remove(struct error *err);
