/* address.c - the addresses of a network link */
#include "runtime/net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>

enum {
	DUMPS_MAX = 20, /* of a table that changes all the time */
	KEPT_FLAGS = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR |
		     IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN,
};

struct reader {
	int index;
	struct arena *arena;
	struct address **end;
};

static void read_bytes(const struct nlattr *attribute, struct address_bytes *bytes)
{
	uint16_t len = mnl_attr_get_payload_len(attribute);

	if (len > sizeof(bytes->data))
		return;
	bytes->len = (uint8_t)len;
	memcpy(bytes->data, mnl_attr_get_payload(attribute), len);
}

static void read_number(const struct nlattr *attribute, uint32_t *number)
{
	if (mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
		*number = mnl_attr_get_u32(attribute);
}

static void read_attribute(const struct nlattr *attribute, struct address *address)
{
	switch (mnl_attr_get_type(attribute)) {
	case IFA_LOCAL:
		read_bytes(attribute, &address->local);
		break;
	case IFA_ADDRESS:
		read_bytes(attribute, &address->address);
		break;
	case IFA_BROADCAST:
		read_bytes(attribute, &address->broadcast);
		break;
	case IFA_FLAGS:
		read_number(attribute, &address->flags);
		break;
	case IFA_RT_PRIORITY:
		read_number(attribute, &address->metric);
		break;
	}
}

/* The kernel sends the addresses of all links. */
static int read_address(const struct nlmsghdr *header, void *data)
{
	const struct ifaddrmsg *message = mnl_nlmsg_get_payload(header);
	struct reader *reader = data;
	struct address address = { 0 };
	const struct nlattr *attribute;

	if (header->nlmsg_type != RTM_NEWADDR ||
	    mnl_nlmsg_get_payload_len(header) < sizeof(*message) ||
	    (int)message->ifa_index != reader->index ||
	    message->ifa_scope != RT_SCOPE_UNIVERSE)
		return MNL_CB_OK;
	address.family = message->ifa_family;
	address.prefix = message->ifa_prefixlen;
	address.flags = message->ifa_flags;
	mnl_attr_for_each(attribute, header, sizeof(*message))
		read_attribute(attribute, &address);
	if (!(address.flags & IFA_F_PERMANENT))
		return MNL_CB_OK;
	address.flags &= KEPT_FLAGS;
	*reader->end = arena_alloc(reader->arena, sizeof(address));
	**reader->end = address;
	reader->end = &(*reader->end)->next;
	return MNL_CB_OK;
}

int address_list(struct rtnl *rtnl, int index, struct arena *arena, struct address **list,
		 struct error *err)
{
	union rtnl_request request;
	int r = -EINTR;

	for (int i = 0; i < DUMPS_MAX && r == -EINTR; i++) {
		struct reader reader = { .index = index, .arena = arena, .end = list };

		*list = NULL;
		rtnl_begin(&request, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg));
		r = rtnl_ask(rtnl, &request, read_address, &reader, err);
	}
	return r < 0 ? error_context(err, "read its addresses") : 0;
}

static void put_bytes(union rtnl_request *request, uint16_t type, const struct address_bytes *bytes)
{
	if (bytes->len)
		mnl_attr_put(&request->header, type, bytes->len, bytes->data);
}

static int add(struct rtnl *rtnl, int index, const struct address *address, struct error *err)
{
	union rtnl_request request;
	struct ifaddrmsg *message =
		rtnl_begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*message));

	message->ifa_family = address->family;
	message->ifa_prefixlen = address->prefix;
	message->ifa_index = (unsigned int)index;
	put_bytes(&request, IFA_LOCAL, &address->local);
	put_bytes(&request, IFA_ADDRESS, &address->address);
	put_bytes(&request, IFA_BROADCAST, &address->broadcast);
	mnl_attr_put_u32(&request.header, IFA_FLAGS, address->flags);
	if (address->metric)
		mnl_attr_put_u32(&request.header, IFA_RT_PRIORITY, address->metric);
	return rtnl_talk(rtnl, &request, err);
}

static int tell_address(const struct address *address, struct error *err)
{
	const struct address_bytes *own = address->local.len ? &address->local : &address->address;
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(address->family, own->data, text, sizeof(text));
	return error_context(err, "give it the address %s/%u", text, address->prefix);
}

int address_add_all(struct rtnl *rtnl, int index, const struct address *list, struct error *err)
{
	for (; list; list = list->next)
		if (add(rtnl, index, list, err) < 0)
			return tell_address(list, err);
	return 0;
}
