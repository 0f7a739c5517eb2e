/* network.h - our annotations that describe the container's network, gocker-config(5) */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"
#include "base/table.h"
#include "spec/config.h"

enum spec_interface_type {
	SPEC_INTERFACE_BRIDGE,      /* a veth pair whose other end is a port of a bridge */
	SPEC_INTERFACE_VETH,        /* a veth pair whose other end has the gateway's address */
	SPEC_INTERFACE_MACVLAN,     /* on a device of the host */
	SPEC_INTERFACE_HOST_DEVICE, /* a device of the host, moved */
	SPEC_INTERFACE_NONE,        /* only loopback */
};

extern const struct name_value spec_interface_types[]; /* "bridge": SPEC_INTERFACE_BRIDGE ... */

/* "127.0.0.1:9000-9010:80-90/tcp": count ports from host on, each to one from container on. */
struct spec_port {
	/* Of the host; family 0: all of its addresses; 0.0.0.0 or ::: all of that family. */
	struct ip ip;
	uint8_t protocol; /* IPPROTO_TCP, IPPROTO_UDP */
	uint16_t host, container, count;
};

struct spec_route {
	struct ip_prefix to; /* never the default one */
	struct ip via;       /* family 0: the gateway of that family, or the link itself */
};

/*
 * What holds of each that was read:
 * - Each of bridge and veth has an address of at least one family. has_auto* is of a bridge only,
 *   and then there is none of that family in addresses; all others of a family are in one network.
 * - A gateway has an address of its family in the container beside it: one that is chosen, or one
 *   in whose network it is; a link-local one of IPv6 may be on the link of another device.
 * - A port has an address of its family in the container to lead to.
 */
struct spec_interface {
	unsigned int number; /* N of org.gocker.net.N */
	int type;            /* enum spec_interface_type */
	char *bridge;        /* its name; only of SPEC_INTERFACE_BRIDGE */
	char *device;        /* on the host: macvlan's parent, the one that is moved */
	char *name;          /* in the container; NULL of SPEC_INTERFACE_NONE */
	bool has_auto4, has_auto6;   /* an address of that family is to be chosen */
	struct ip_prefix *addresses; /* those that are asked for, with their network's length */
	size_t addresses_len;
	/* Family 0: not said; of a veth never where it has an address of that family. */
	struct ip gateway4, gateway6;
	bool has_mac;
	uint8_t mac[6];
	uint32_t mtu; /* 0: not said */
	bool nat;     /* of bridge and veth, true where it is not said */
	struct spec_port *ports;
	size_t ports_len;
	struct ip *dns; /* of one interface only */
	size_t dns_len;
	bool has_host_dns; /* "host": the servers of the host's resolv.conf(5) */
	struct spec_route *routes;
	size_t routes_len;
};

struct spec_network {
	struct spec_interface *interfaces; /* ordered by number */
	size_t len;
};

extern const char spec_network_prefix[]; /* "org.gocker.net.": how each of the annotations begins */

enum {
	SPEC_NETWORK_INTERFACES_MAX = 64,
	SPEC_NETWORK_LIST_MAX = 64, /* addresses, routes of an interface */
	SPEC_NETWORK_DNS_MAX = 3,
	SPEC_NETWORK_PORTS_MAX = 65535, /* of all interfaces, each of a range counted */
};

/*
 * Reads them; len is 0 where there are none. All that can be known from the text alone is checked:
 * what belongs to which type, addresses in their networks, names taken twice, ports published twice
 * by the container itself.
 * Return: 0; -EINVAL with "config.json: /annotations/org.gocker.net.N.key: what is wrong".
 */
int spec_network_read(const struct spec_config *config, struct arena *arena,
		      struct spec_network *network, struct error *err);

/* For a message about one of its keys: "config.json: /annotations/org.gocker.net.N.key". */
const char *spec_interface_place(const struct spec_interface *interface, const char *key,
				 struct arena *arena);

/* Whether the container has an address of that family there, chosen or asked for. */
bool spec_interface_has_family(const struct spec_interface *interface, uint8_t family);

/* "[IP:]HOST[-LAST]:CONTAINER[-LAST][/tcp|/udp]". Return: 0; -EINVAL with what is wrong with it. */
int spec_port_parse(const char *text, struct spec_port *port, struct error *err);

/* Holds what spec_port_format writes. */
enum { SPEC_PORT_TEXT_SIZE = IP_TEXT_SIZE + 32 };

/* Return: text, with what spec_port_parse reads, the protocol said. */
const char *spec_port_format(const struct spec_port *port, char text[SPEC_PORT_TEXT_SIZE]);

/*
 * A name for a link: 1 to 15 bytes without "/", "%", ":", white space and control characters, not
 * "." and "..". Return: 0 or -EINVAL with why not.
 */
int spec_link_name_check(const char *name, struct error *err);
