/* nat_flows.h - flows of UDP that lead elsewhere than a published port does now */
#pragma once
#include <stddef.h>

#include "runtime/net/nat.h"
#include "runtime/net/nft.h"

/*
 * The table decides about the first packet of a flow, and for UDP a flow lasts as long as somebody
 * goes on sending, from the same port, with less than 30 seconds between. So a change of the table
 * ends those that it is about. Connections of TCP end with their container, and a new one has
 * another port.
 *
 * Ports of other protocols than UDP are passed over; a failure is a warning, as all else is done.
 */

/* After ports were published: flows to them that lead elsewhere, or to the host itself. */
void nat_flows_published(struct nft *nft, const struct nat_port *ports, size_t len);

/* After they were withdrawn: flows to them that lead to their targets. */
void nat_flows_withdrawn(struct nft *nft, const struct nat_port *ports, size_t len);
