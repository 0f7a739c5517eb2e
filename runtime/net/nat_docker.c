/* nat_docker.c - lets our links through where docker, or iptables, forwards nothing else */
#include "runtime/net/nat_docker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>

#include "runtime/net/nat_table.h"
#include "runtime/net/nft_rule.h"

enum { COMMENT_SIZE = 32, LIST_TRIES = 10 };

static const char table[] = "filter";
static const char mark[] = "gocker: "; /* how the comments of our rules begin, then the link */

/* Where a family's rules can be. */
static const struct place {
	uint8_t family;
	const char *chain;
	bool needs_drop; /* only where its policy is to drop */
} places[] = {
	{ NFPROTO_IPV4, "DOCKER-USER", false },
	{ NFPROTO_IPV4, "FORWARD", true },
	{ NFPROTO_IPV6, "DOCKER-USER", false },
	{ NFPROTO_IPV6, "FORWARD", true },
};
enum { PLACES = sizeof(places) / sizeof(*places) };

struct chains {
	bool is_there[PLACES], drops[PLACES];
};

static int read_chain(const struct nlmsghdr *header, uint32_t number, void *data)
{
	struct chains *chains = data;
	const struct nlattr *attribute;

	if (header->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN))
		return 0;
	chains->is_there[number] = true;
	mnl_attr_for_each(attribute, header, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attribute) == NFTA_CHAIN_POLICY &&
		    mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
			chains->drops[number] = ntohl(mnl_attr_get_u32(attribute)) == NF_DROP;
	return 0;
}

static int find_chains(struct nft *nft, struct chains *chains, struct error *err)
{
	const struct nft_reader reader = { read_chain, chains };
	auto_nft_messages struct nft_messages messages = { .count = 0 };

	*chains = (struct chains){ { false }, { false } };
	for (size_t i = 0; i < PLACES; i++) {
		struct nlmsghdr *header = nft_begin(&messages, NFT_MSG_GETCHAIN,
						    places[i].family, 0, places[i].chain);

		mnl_attr_put_strz(header, NFTA_CHAIN_TABLE, table);
		mnl_attr_put_strz(header, NFTA_CHAIN_NAME, places[i].chain);
		nft_end(&messages);
	}
	return nft_ask(nft, &messages, &reader, err);
}

/* The rules of ours in a chain. */
struct own_rules {
	char comment[COMMENT_SIZE]; /* theirs, or how that begins */
	bool is_whole;
	struct buf handles; /* as the kernel has them: uint64_t, in network byte order */
};

static struct own_rules own_rules_of(const char *link)
{
	struct own_rules rules = { .is_whole = link };

	snprintf(rules.comment, sizeof(rules.comment), "%s%.*s", mark, NAT_NAME_SIZE - 1,
		 link ? link : "");
	return rules;
}

/* A comment is a type, its length, and the text with its NUL: nftnl_udata_put_strz(). */
static bool has_comment(const struct nlattr *attribute, const struct own_rules *rules)
{
	const uint8_t *data = mnl_attr_get_payload(attribute);
	size_t len = mnl_attr_get_payload_len(attribute), wanted = strlen(rules->comment);

	if (len < 2 || data[0] != 0 || data[1] > len - 2 || data[1] < wanted)
		return false;
	if (memcmp(data + 2, rules->comment, wanted))
		return false;
	return !rules->is_whole || (data[1] == wanted + 1 && !data[2 + wanted]);
}

static int read_rule(const struct nlmsghdr *header, uint32_t number, void *data)
{
	struct own_rules *rules = data;
	const struct nlattr *attribute, *handle = NULL;
	bool is_own = false;

	(void)number;
	if (header->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE))
		return 0;
	mnl_attr_for_each(attribute, header, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attribute) == NFTA_RULE_HANDLE)
			handle = attribute;
		else if (mnl_attr_get_type(attribute) == NFTA_RULE_USERDATA)
			is_own = has_comment(attribute, rules);
	}
	if (is_own && handle && mnl_attr_get_payload_len(handle) == sizeof(uint64_t))
		buf_add(&rules->handles, mnl_attr_get_payload(handle), sizeof(uint64_t));
	return 0;
}

static int find_rules(struct nft *nft, const struct place *place, struct own_rules *rules,
		      struct error *err)
{
	const struct nft_reader reader = { read_rule, rules };
	int r = -EINTR;

	for (int tries = 0; tries < LIST_TRIES && r == -EINTR; tries++) {
		auto_nft_messages struct nft_messages messages = { .count = 0 };
		struct nlmsghdr *header = nft_begin(&messages, NFT_MSG_GETRULE, place->family,
						    NLM_F_DUMP, place->chain);

		mnl_attr_put_strz(header, NFTA_RULE_TABLE, table);
		mnl_attr_put_strz(header, NFTA_RULE_CHAIN, place->chain);
		nft_end(&messages);
		rules->handles.len = 0;
		r = nft_list(nft, &messages, &reader, err);
	}
	return r == -ENOENT ? 0 : r;
}

/* As "iptables -i LINK -j ACCEPT -m comment --comment ..." adds one, or "-o". */
static void add_rule(struct nft_messages *messages, const struct place *place, int key,
		     const char *link, const char *comment)
{
	struct nft_rule rule = {
		.chain = place->chain,
		.steps = {
			{ .kind = NFT_STEP_META, .what = key },
			{ .kind = NFT_STEP_COMPARE, .flags = NFT_CMP_EQ },
			{ .kind = NFT_STEP_COUNTER },
			{ .kind = NFT_STEP_VERDICT, .what = NF_ACCEPT },
		},
	};
	struct nft_step *name = &rule.steps[1];
	size_t len = strnlen(link, NAT_NAME_SIZE - 1);

	memcpy(name->data.bytes, link, len);
	name->len = (uint8_t)(len + 1);
	nft_rule_add(messages, place->family, table, &rule, comment);
}

static int admit(struct nft *nft, const struct place *place, const char *link, struct error *err)
{
	auto_nft_messages struct nft_messages messages = { .count = 0 };
	struct own_rules rules = own_rules_of(link);
	int r = find_rules(nft, place, &rules, err);
	bool is_there = rules.handles.len;

	buf_free(&rules.handles);
	if (r < 0 || is_there)
		return r;
	add_rule(&messages, place, NFT_META_IIFNAME, link, rules.comment);
	add_rule(&messages, place, NFT_META_OIFNAME, link, rules.comment);
	r = nft_commit(nft, &messages, err);
	return r == -ENOENT ? 0 : r;
}

int nat_docker_admit(struct nft *nft, const char *link, struct error *err)
{
	struct chains chains;
	int r = find_chains(nft, &chains, err);
	uint8_t done = NFPROTO_UNSPEC;

	for (size_t i = 0; r == 0 && i < PLACES; i++) {
		if (!chains.is_there[i] || done == places[i].family ||
		    (places[i].needs_drop && !chains.drops[i]))
			continue;
		r = admit(nft, &places[i], link, err);
		done = places[i].family;
	}
	return r < 0 ? error_context(err, "let \"%s\" through in the chains of iptables", link) : 0;
}

static int expel(struct nft *nft, const struct place *place, const char *link, struct error *err)
{
	auto_nft_messages struct nft_messages messages = { .count = 0 };
	struct own_rules rules = own_rules_of(link);
	int r = find_rules(nft, place, &rules, err);

	for (size_t at = 0; r == 0 && at < rules.handles.len; at += sizeof(uint64_t)) {
		struct nlmsghdr *header =
			nft_begin(&messages, NFT_MSG_DELRULE, place->family, 0, place->chain);

		mnl_attr_put_strz(header, NFTA_RULE_TABLE, table);
		mnl_attr_put_strz(header, NFTA_RULE_CHAIN, place->chain);
		mnl_attr_put(header, NFTA_RULE_HANDLE, sizeof(uint64_t), rules.handles.data + at);
		nft_end(&messages);
	}
	nft->has_removed |= rules.handles.len;
	buf_free(&rules.handles);
	if (r == 0)
		r = nft_commit(nft, &messages, err);
	return r == -ENOENT ? 0 : r;
}

int nat_docker_expel(struct nft *nft, const char *link, struct error *err)
{
	struct chains chains;
	int r = find_chains(nft, &chains, err);

	for (size_t i = 0; r == 0 && i < PLACES; i++)
		if (chains.is_there[i])
			r = expel(nft, &places[i], link, err);
	return r;
}
