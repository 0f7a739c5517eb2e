/* nat_table.c - what the table "inet gocker" is made of */
#include "runtime/net/nat_table.h"

#include <libnftnl/chain.h>
#include <libnftnl/set.h>
#include <libnftnl/udata.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter_ipv4.h>
#include <linux/rtnetlink.h>

#include "runtime/net/nft_rule.h"

const char nat_table_name[] = "gocker";

/* nft(8)'s own numbers; a type that is put together has six bits for each of its parts. */
enum {
	TYPE_IPV4 = 7,
	TYPE_IPV6 = 8,
	TYPE_PROTOCOL = 12,
	TYPE_PORT = 13,
	TYPE_LINK = 41,
};
#define TYPE_2(a, b) ((a) << 6 | (b))
#define TYPE_3(a, b, c) (TYPE_2(a, b) << 6 | (c))

const struct nat_set nat_sets[NAT_SETS] = {
	[NAT_LINKS] = { "links", TYPE_LINK, 0, 16, 0, false },
	[NAT_HAIRPINS] = { "hairpins", TYPE_2(TYPE_LINK, TYPE_LINK), 0, 32, 0, false },
	[NAT_CLOSED4] = { "closed4", TYPE_LINK, 0, 16, 0, false },
	[NAT_CLOSED6] = { "closed6", TYPE_LINK, 0, 16, 0, false },
	[NAT_NETWORKS4] = { "networks4", TYPE_IPV4, 0, 4, 0, true },
	[NAT_NETWORKS6] = { "networks6", TYPE_IPV6, 0, 16, 0, true },
	[NAT_PORTS4] = { "ports4", TYPE_3(TYPE_IPV4, TYPE_PROTOCOL, TYPE_PORT),
			 TYPE_2(TYPE_IPV4, TYPE_PORT), 12, 8, false },
	[NAT_PORTS6] = { "ports6", TYPE_3(TYPE_IPV6, TYPE_PROTOCOL, TYPE_PORT),
			 TYPE_2(TYPE_IPV6, TYPE_PORT), 24, 20, false },
	[NAT_ANY4] = { "any4", TYPE_2(TYPE_PROTOCOL, TYPE_PORT), TYPE_2(TYPE_IPV4, TYPE_PORT), 8,
		       8, false },
	[NAT_ANY6] = { "any6", TYPE_2(TYPE_PROTOCOL, TYPE_PORT), TYPE_2(TYPE_IPV6, TYPE_PORT), 8,
		       20, false },
	[NAT_LOOPBACK6] = { "loopback6", TYPE_2(TYPE_PROTOCOL, TYPE_PORT), TYPE_IPV6, 8, 16,
			    false },
};

static const struct {
	const char *name, *type; /* type NULL: it is jumped to */
	uint32_t hook;
	int32_t priority;
} chains[] = {
	{ "unwanted", "filter", NF_INET_PRE_ROUTING, NF_IP_PRI_RAW },
	{ "loopback", "filter", NF_INET_LOCAL_OUT, NF_IP_PRI_RAW },
	{ "spoofed", "filter", NF_INET_PRE_ROUTING, NF_IP_PRI_MANGLE },
	{ "ports", NULL, 0, 0 },
	{ "prerouting", "nat", NF_INET_PRE_ROUTING, NF_IP_PRI_NAT_DST },
	{ "output", "nat", NF_INET_LOCAL_OUT, NF_IP_PRI_NAT_DST },
	{ "forward", "filter", NF_INET_FORWARD, NF_IP_PRI_FILTER },
	{ "postrouting", "nat", NF_INET_POST_ROUTING, NF_IP_PRI_NAT_SRC },
	{ "replies", "filter", NF_INET_LOCAL_IN, NF_IP_PRI_NAT_SRC + 1 },
};

/* Where in the headers of IPv4 and IPv6 the addresses are, in bytes. */
enum { SOURCE4 = 12, TARGET4 = 16, SOURCE6 = 8, TARGET6 = 24, PORT = 2, LOOPBACK4 = 127 };

#define META(which, r) { .kind = NFT_STEP_META, .what = NFT_META_##which, .reg = (r) }
#define HEADER(at, size, r) \
	{ .kind = NFT_STEP_PAYLOAD, .what = NFT_PAYLOAD_NETWORK_HEADER, .offset = (at), \
	  .len = (size), .reg = (r) }
#define WRITE_HEADER(at, size, r) \
	{ .kind = NFT_STEP_WRITE, .what = NFT_PAYLOAD_NETWORK_HEADER, .offset = (at), \
	  .len = (size), .reg = (r) }
#define TARGET_PORT(r) \
	{ .kind = NFT_STEP_PAYLOAD, .what = NFT_PAYLOAD_TRANSPORT_HEADER, .offset = PORT, \
	  .len = 2, .reg = (r) }
#define BYTES(operation, size, ...) \
	{ .kind = NFT_STEP_COMPARE, .flags = NFT_CMP_##operation, .len = (size), \
	  .data.bytes = { __VA_ARGS__ } }
#define NUMBER(operation, value) \
	{ .kind = NFT_STEP_COMPARE, .flags = NFT_CMP_##operation, .len = 4, .data.number = (value) }
#define CT(which) { .kind = NFT_STEP_CT, .what = NFT_CT_##which }
#define MASK(bits) { .kind = NFT_STEP_MASK, .data.number = (bits) }
#define IN(set) { .kind = NFT_STEP_LOOKUP, .name = (set) }
#define NOT_IN(set) { .kind = NFT_STEP_LOOKUP, .name = (set), .flags = NFT_LOOKUP_F_INV }
#define FIND(map) { .kind = NFT_STEP_LOOKUP, .name = (map), .is_map = true }
#define LEAD_TO(family, port) \
	{ .kind = NFT_STEP_NAT, .what = NFPROTO_##family, .to = (port) }
#define VERDICT(which) { .kind = NFT_STEP_VERDICT, .what = (which) }
#define JUMP(chain) { .kind = NFT_STEP_VERDICT, .what = NFT_JUMP, .name = (chain) }
#define MASQUERADE { .kind = NFT_STEP_MASQUERADE }

#define FROM_LINK META(IIFNAME, 0)
#define TO_LINK META(OIFNAME, 0)
#define IS_IPV4 META(NFPROTO, 0), BYTES(EQ, 1, NFPROTO_IPV4)
#define IS_IPV6 META(NFPROTO, 0), BYTES(EQ, 1, NFPROTO_IPV6)
#define IS_LOOPBACK6 BYTES(EQ, 16, [15] = 1)
#define TO_HOST \
	{ .kind = NFT_STEP_FIB, .what = NFT_FIB_RESULT_ADDRTYPE, .flags = NFTA_FIB_F_DADDR }, \
		NUMBER(EQ, RTN_LOCAL)
#define IS_NEW CT(STATE), MASK(NF_CT_STATE_BIT(IP_CT_NEW)), NUMBER(NEQ, 0)
#define IS_PUBLISHED CT(STATUS), MASK(IPS_DST_NAT), NUMBER(NEQ, 0)
#define IS_NOT_PUBLISHED CT(STATUS), MASK(IPS_DST_NAT), NUMBER(EQ, 0)

/*
 * The rules, each with its text for nft(8). Containers only add and remove elements of sets; no
 * rule is about one of them.
 */
static const struct nft_rule rules[] = {
	/*
	 * Loopback addresses of the host are for the host alone, though packets to them are routed
	 * on our links (route_localnet): those are replies to connections that went out of loopback
	 * to a published port, and get the loopback address back only later than here.
	 *	iifname @links ip daddr 127.0.0.0/8 drop
	 *	iifname @links ip saddr 127.0.0.0/8 drop
	 */
	{ "unwanted", { FROM_LINK, IN("links"), IS_IPV4, HEADER(TARGET4, 1, 0),
			BYTES(EQ, 1, LOOPBACK4), VERDICT(NF_DROP) } },
	{ "unwanted", { FROM_LINK, IN("links"), IS_IPV4, HEADER(SOURCE4, 1, 0),
			BYTES(EQ, 1, LOOPBACK4), VERDICT(NF_DROP) } },
	/*
	 * A container begins no connection in the name of somebody behind another link.
	 *	iifname @links ct state new fib saddr . iif oif missing drop
	 */
	{ "spoofed", { FROM_LINK, IN("links"), IS_NEW,
		       { .kind = NFT_STEP_FIB, .what = NFT_FIB_RESULT_OIF,
			 .flags = NFTA_FIB_F_SADDR | NFTA_FIB_F_IIF | NFTA_FIB_F_PRESENT },
		       NUMBER(EQ, 0), VERDICT(NF_DROP) } },
	/*
	 * A reply to ::1 would be dropped as soon as the host gets it (a packet from a link is
	 * never for ::1, RFC 4291), even where masquerading were to put ::1 back, as br_netfilter
	 * does that before. So what goes from ::1 to a published port takes the host's address on
	 * the container's link before anybody has seen it, and its replies get ::1 back when they
	 * have come in as the host's.
	 *	ip6 saddr ::1 ip6 daddr ::1
	 *		ip6 saddr set meta l4proto . th dport map @loopback6
	 *	iifname @links ct status dnat ct original ip6 daddr ::1
	 *		ip6 daddr set ct original ip6 daddr
	 */
	{ "loopback", { IS_IPV6, HEADER(SOURCE6, 16, 0), IS_LOOPBACK6, HEADER(TARGET6, 16, 0),
			IS_LOOPBACK6, META(L4PROTO, 0), TARGET_PORT(1), FIND("loopback6"),
			WRITE_HEADER(SOURCE6, 16, 0) } },
	{ "replies", { FROM_LINK, IN("links"), IS_IPV6, IS_PUBLISHED, CT(DST_IP6), IS_LOOPBACK6,
		       WRITE_HEADER(TARGET6, 16, 0) } },
	/*
	 * Published ports. What still comes from ::1 is refused at once.
	 *	ip daddr . meta l4proto . th dport map @ports4 ... dnat ip to ADDRESS . PORT
	 *	ip6 saddr ::1 return
	 *	ip6 daddr . meta l4proto . th dport map @ports6 ...
	 *	fib daddr type local  meta l4proto . th dport map @any4 ...
	 *	fib daddr type local  meta l4proto . th dport map @any6 ...
	 */
	{ "ports", { IS_IPV4, HEADER(TARGET4, 4, 0), META(L4PROTO, 1), TARGET_PORT(2),
		     FIND("ports4"), LEAD_TO(IPV4, 1) } },
	{ "ports", { IS_IPV6, HEADER(SOURCE6, 16, 0), IS_LOOPBACK6, VERDICT(NFT_RETURN) } },
	{ "ports", { IS_IPV6, HEADER(TARGET6, 16, 0), META(L4PROTO, 4), TARGET_PORT(5),
		     FIND("ports6"), LEAD_TO(IPV6, 4) } },
	{ "ports", { IS_IPV4, TO_HOST, META(L4PROTO, 0), TARGET_PORT(1), FIND("any4"),
		     LEAD_TO(IPV4, 1) } },
	{ "ports", { IS_IPV6, TO_HOST, META(L4PROTO, 0), TARGET_PORT(1), FIND("any6"),
		     LEAD_TO(IPV6, 4) } },
	{ "prerouting", { JUMP("ports") } },
	{ "output", { JUMP("ports") } },
	/*
	 * Links that did not forward to each other before us still do not; and what is behind the
	 * address of the host is reached by published ports only.
	 *	iifname @closed4 oifname @closed4 iifname != @links
	 *		oifname != @links meta nfproto ipv4 drop
	 *	oifname @links iifname != @links ct state new ct status & dnat == 0
	 *		ip daddr @networks4 drop
	 */
	{ "forward", { FROM_LINK, IN("closed4"), NOT_IN("links"), TO_LINK, IN("closed4"),
		       NOT_IN("links"), IS_IPV4, VERDICT(NF_DROP) } },
	{ "forward", { FROM_LINK, IN("closed6"), NOT_IN("links"), TO_LINK, IN("closed6"),
		       NOT_IN("links"), IS_IPV6, VERDICT(NF_DROP) } },
	{ "forward", { TO_LINK, IN("links"), FROM_LINK, NOT_IN("links"), IS_NEW, IS_NOT_PUBLISHED,
		       IS_IPV4, HEADER(TARGET4, 4, 0), IN("networks4"), VERDICT(NF_DROP) } },
	{ "forward", { TO_LINK, IN("links"), FROM_LINK, NOT_IN("links"), IS_NEW, IS_NOT_PUBLISHED,
		       IS_IPV6, HEADER(TARGET6, 16, 0), IN("networks6"), VERDICT(NF_DROP) } },
	/*
	 * A container that comes by a published port to one of its own network has to see the host,
	 * or it would answer past it. By the link where the network is not masqueraded, and by the
	 * network where a bridge's packets go through here for br_netfilter's sake, as those have
	 * no link that they came from.
	 *	iifname . oifname @hairpins ct status dnat masquerade
	 *	ip saddr @networks4 ip daddr @networks4 ct status dnat masquerade
	 */
	{ "postrouting", { FROM_LINK, META(OIFNAME, 4), IN("hairpins"), IS_PUBLISHED,
			   MASQUERADE } },
	{ "postrouting", { IS_IPV4, HEADER(SOURCE4, 4, 0), IN("networks4"), HEADER(TARGET4, 4, 0),
			   IN("networks4"), IS_PUBLISHED, MASQUERADE } },
	{ "postrouting", { IS_IPV6, HEADER(SOURCE6, 16, 0), IN("networks6"),
			   HEADER(TARGET6, 16, 0), IN("networks6"), IS_PUBLISHED, MASQUERADE } },
	/*
	 *	oifname @links ip saddr 127.0.0.0/8 ct status dnat masquerade
	 */
	{ "postrouting", { TO_LINK, IN("links"), IS_IPV4, HEADER(SOURCE4, 1, 0),
			   BYTES(EQ, 1, LOOPBACK4), IS_PUBLISHED, MASQUERADE } },
	/*
	 * To elsewhere, but neither to groups nor (IPv6) to the neighbours of a link.
	 *	ip saddr @networks4 ip daddr != @networks4 ip daddr < 224.0.0.0 masquerade
	 *	ip6 saddr @networks6 ip6 daddr != @networks6 ip6 daddr < fe80:: masquerade
	 */
	{ "postrouting", { IS_IPV4, HEADER(SOURCE4, 4, 0), IN("networks4"), HEADER(TARGET4, 4, 0),
			   NOT_IN("networks4"), BYTES(LT, 4, 224), MASQUERADE } },
	{ "postrouting", { IS_IPV6, HEADER(SOURCE6, 16, 0), IN("networks6"),
			   HEADER(TARGET6, 16, 0), NOT_IN("networks6"),
			   BYTES(LT, 16, 0xfe, 0x80), MASQUERADE } },
};

/* nft(8) would not know otherwise that names are no numbers of big-endian order. */
static void add_byte_order(struct nftnl_set *made)
{
	enum { HOST_ENDIAN = 1, SIZE = 8 };
	struct nftnl_udata_buf *data = nftnl_udata_buf_alloc(SIZE);

	if (!data)
		out_of_memory();
	nftnl_udata_put_u32(data, NFTNL_UDATA_SET_KEYBYTEORDER, HOST_ENDIAN);
	nftnl_set_set_data(made, NFTNL_SET_USERDATA, nftnl_udata_buf_data(data),
			   nftnl_udata_buf_len(data));
	nftnl_udata_buf_free(data);
}

static void add_set(struct nft_messages *messages, const struct nat_set *set, uint32_t id)
{
	struct nlmsghdr *header =
		nft_begin(messages, NFT_MSG_NEWSET, NFPROTO_INET, NLM_F_CREATE, set->name);
	struct nftnl_set *made = nftnl_set_alloc();

	if (!made)
		out_of_memory();
	nftnl_set_set_str(made, NFTNL_SET_TABLE, nat_table_name);
	nftnl_set_set_str(made, NFTNL_SET_NAME, set->name);
	nftnl_set_set_u32(made, NFTNL_SET_ID, id);
	nftnl_set_set_u32(made, NFTNL_SET_FLAGS, (set->has_ranges ? NFT_SET_INTERVAL : 0) |
			  (set->data_len ? NFT_SET_MAP : 0));
	nftnl_set_set_u32(made, NFTNL_SET_KEY_TYPE, set->key_type);
	nftnl_set_set_u32(made, NFTNL_SET_KEY_LEN, set->key_len);
	if (set->data_len) {
		nftnl_set_set_u32(made, NFTNL_SET_DATA_TYPE, set->data_type);
		nftnl_set_set_u32(made, NFTNL_SET_DATA_LEN, set->data_len);
	}
	if (set->key_type == TYPE_LINK)
		add_byte_order(made);
	nftnl_set_nlmsg_build_payload(header, made);
	nft_end(messages);
	nftnl_set_free(made);
}

static void add_chain(struct nft_messages *messages, size_t number)
{
	struct nlmsghdr *header = nft_begin(messages, NFT_MSG_NEWCHAIN, NFPROTO_INET, NLM_F_CREATE,
					    chains[number].name);
	struct nftnl_chain *made = nftnl_chain_alloc();

	if (!made)
		out_of_memory();
	nftnl_chain_set_str(made, NFTNL_CHAIN_TABLE, nat_table_name);
	nftnl_chain_set_str(made, NFTNL_CHAIN_NAME, chains[number].name);
	if (chains[number].type) {
		nftnl_chain_set_str(made, NFTNL_CHAIN_TYPE, chains[number].type);
		nftnl_chain_set_u32(made, NFTNL_CHAIN_HOOKNUM, chains[number].hook);
		nftnl_chain_set_s32(made, NFTNL_CHAIN_PRIO, chains[number].priority);
	}
	nftnl_chain_nlmsg_build_payload(header, made);
	nft_end(messages);
	nftnl_chain_free(made);
}

static int read_table(const struct nlmsghdr *header, uint32_t number, void *data)
{
	(void)header;
	(void)number;
	*(bool *)data = true;
	return 0;
}

int nat_table_find(struct nft *nft, struct error *err)
{
	bool is_there = false;
	const struct nft_reader reader = { read_table, &is_there };
	auto_nft_messages struct nft_messages messages = { .count = 0 };
	struct nlmsghdr *header =
		nft_begin(&messages, NFT_MSG_GETTABLE, NFPROTO_INET, 0, nat_table_name);
	int r;

	mnl_attr_put_strz(header, NFTA_TABLE_NAME, nat_table_name);
	nft_end(&messages);
	r = nft_ask(nft, &messages, &reader, err);
	return r < 0 ? r : is_there;
}

/* Where somebody else was first, his rules are replaced by the same: none is there twice. */
void nat_table_add(struct nft_messages *messages)
{
	struct nlmsghdr *header;

	header = nft_begin(messages, NFT_MSG_NEWTABLE, NFPROTO_INET, NLM_F_CREATE, "the table");
	mnl_attr_put_strz(header, NFTA_TABLE_NAME, nat_table_name);
	nft_end(messages);
	header = nft_begin(messages, NFT_MSG_DELRULE, NFPROTO_INET, 0, "the rules");
	mnl_attr_put_strz(header, NFTA_RULE_TABLE, nat_table_name);
	nft_end(messages);
	for (uint32_t i = 0; i < NAT_SETS; i++)
		add_set(messages, &nat_sets[i], i + 1);
	for (size_t i = 0; i < sizeof(chains) / sizeof(*chains); i++)
		add_chain(messages, i);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		nft_rule_add(messages, NFPROTO_INET, nat_table_name, &rules[i], NULL);
}
