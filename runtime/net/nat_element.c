/* nat_element.c - elements of the sets and maps of the table "inet gocker" */
#include "runtime/net/nat_element.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

#include "base/buf.h"

enum {
	TOGETHER_MAX = 500, /* elements of a message, which fit below NFT_MESSAGE_SIZE */
	LIST_TRIES = 10,
};

struct nat_element nat_element_link(enum nat_set_id set, const char *name)
{
	struct nat_element element = { .set = (uint8_t)set };
	size_t len = strnlen(name, NAT_NAME_SIZE - 1);

	memcpy(element.key, name, len);
	if (set == NAT_HAIRPINS)
		memcpy(element.key + NAT_NAME_SIZE, name, len);
	return element;
}

/* Makes the address the next one behind the network. Return: false: there is none. */
static bool step_over(struct ip_prefix *network)
{
	for (size_t i = network->length; i-- > 0;) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		network->ip.bytes[i / 8] ^= bit;
		if (network->ip.bytes[i / 8] & bit)
			return true;
	}
	return false;
}

size_t nat_element_network(const struct ip_prefix *network,
			   struct nat_element elements[NAT_NETWORK_ELEMENTS])
{
	struct ip_prefix at;
	size_t size;

	if (!network->ip.family)
		return 0;
	at = ip_prefix_network(network);
	size = ip_size(at.ip.family);
	elements[0] = elements[1] = (struct nat_element){
		.set = at.ip.family == AF_INET ? NAT_NETWORKS4 : NAT_NETWORKS6,
	};
	memcpy(elements[0].key, at.ip.bytes, size);
	if (!step_over(&at))
		return 1;
	memcpy(elements[1].key, at.ip.bytes, size);
	elements[1].is_behind = true;
	return 2;
}

static struct nlmsghdr *begin(struct nft_messages *messages, uint16_t type, uint16_t flags,
			      const struct nat_set *set)
{
	struct nlmsghdr *header = nft_begin(messages, type, NFPROTO_INET, flags, set->name);

	mnl_attr_put_strz(header, NFTA_SET_ELEM_LIST_TABLE, nat_table_name);
	mnl_attr_put_strz(header, NFTA_SET_ELEM_LIST_SET, set->name);
	return header;
}

static void put_value(struct nlmsghdr *header, uint16_t type, size_t len, const void *value)
{
	struct nlattr *outer = mnl_attr_nest_start(header, type);

	mnl_attr_put(header, NFTA_DATA_VALUE, len, value);
	mnl_attr_nest_end(header, outer);
}

static void put_element(struct nlmsghdr *header, const struct nat_set *set, bool with_data,
			const struct nat_element *element)
{
	struct nlattr *outer = mnl_attr_nest_start(header, NFTA_LIST_ELEM);

	if (element->is_behind)
		mnl_attr_put_u32(header, NFTA_SET_ELEM_FLAGS, htonl(NFT_SET_ELEM_INTERVAL_END));
	put_value(header, NFTA_SET_ELEM_KEY, set->key_len, element->key);
	if (with_data && set->data_len)
		put_value(header, NFTA_SET_ELEM_DATA, set->data_len, element->data);
	mnl_attr_nest_end(header, outer);
}

/* Those of one set behind each other share messages. */
static void add_elements(struct nft_messages *messages, uint16_t type, uint16_t flags,
			 const struct nat_element *elements, size_t len)
{
	while (len) {
		const struct nat_set *set = &nat_sets[elements->set];
		uint8_t first = elements->set;
		struct nlmsghdr *header = begin(messages, type, flags, set);
		struct nlattr *list = mnl_attr_nest_start(header, NFTA_SET_ELEM_LIST_ELEMENTS);

		for (int i = 0; i < TOGETHER_MAX && len && elements->set == first; i++) {
			put_element(header, set, type == NFT_MSG_NEWSETELEM, elements);
			elements++;
			len--;
		}
		mnl_attr_nest_end(header, list);
		nft_end(messages);
	}
}

static int add_once(struct nft *nft, bool with_table, const struct nat_element *elements,
		    size_t len, uint16_t flags, struct error *err)
{
	auto_nft_messages struct nft_messages messages = { .count = 0 };

	if (with_table)
		nat_table_add(&messages);
	add_elements(&messages, NFT_MSG_NEWSETELEM, NLM_F_CREATE | flags, elements, len);
	return nft_commit(nft, &messages, err);
}

/*
 * It is looked first whether there is a table, as a transaction that fails makes the kernel wait
 * until all processors have moved on (10 ms); and it can be removed until then.
 */
int nat_elements_add(struct nft *nft, const struct nat_element *elements, size_t len,
		     uint16_t flags, struct error *err)
{
	int r = nat_table_find(nft, err);

	if (r < 0)
		return r;
	r = add_once(nft, !r, elements, len, flags, err);
	return r == -ENOENT ? add_once(nft, true, elements, len, flags, err) : r;
}

int nat_elements_remove(struct nft *nft, const struct nat_element *elements, size_t len,
			struct error *err)
{
	auto_nft_messages struct nft_messages messages = { .count = 0 };

	add_elements(&messages, NFT_MSG_DELSETELEM, 0, elements, len);
	nft->has_removed = true;
	return nft_commit(nft, &messages, err);
}

/* Copies the value of an attribute that holds one; false: it has another length. */
static bool read_value(const struct nlattr *outer, size_t len, uint8_t *value)
{
	const struct nlattr *inner;

	mnl_attr_for_each_nested(inner, outer) {
		if (mnl_attr_get_type(inner) != NFTA_DATA_VALUE ||
		    mnl_attr_get_payload_len(inner) != len)
			continue;
		memcpy(value, mnl_attr_get_payload(inner), len);
		return true;
	}
	return false;
}

/* Return: false where it is none of the set's. */
static bool read_element(const struct nlattr *outer, enum nat_set_id set,
			 struct nat_element *element)
{
	const struct nlattr *inner;
	bool has_key = false, has_data = !nat_sets[set].data_len;

	*element = (struct nat_element){ .set = (uint8_t)set };
	mnl_attr_for_each_nested(inner, outer) {
		uint16_t type = mnl_attr_get_type(inner);

		if (type == NFTA_SET_ELEM_KEY)
			has_key = read_value(inner, nat_sets[set].key_len, element->key);
		else if (type == NFTA_SET_ELEM_DATA && nat_sets[set].data_len)
			has_data = read_value(inner, nat_sets[set].data_len, element->data);
	}
	return has_key && has_data;
}

/* Calls use for each element of the set in the message. */
static void read_elements(const struct nlmsghdr *header, enum nat_set_id set,
			  void (*use)(const struct nat_element *element, void *data), void *data)
{
	const struct nlattr *list, *one;

	if (header->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM))
		return;
	mnl_attr_for_each(list, header, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(list) != NFTA_SET_ELEM_LIST_ELEMENTS)
			continue;
		mnl_attr_for_each_nested(one, list) {
			struct nat_element element;

			if (read_element(one, set, &element))
				use(&element, data);
		}
	}
}

/* Those that are asked for at once. */
struct search {
	struct nat_element *elements;
	bool *found;
	uint32_t at;
};

static void use_found(const struct nat_element *element, void *data)
{
	const struct search *search = data;
	struct nat_element *asked = &search->elements[search->at];

	if (memcmp(asked->key, element->key, sizeof(asked->key)))
		return;
	*asked = *element;
	search->found[search->at] = true;
}

static int read_found(const struct nlmsghdr *header, uint32_t number, void *data)
{
	struct search *search = data;

	search->at = number;
	read_elements(header, search->elements[number].set, use_found, search);
	return 0;
}

static int find_some(struct nft *nft, struct search *search, size_t len, struct error *err)
{
	const struct nft_reader reader = { read_found, search };
	auto_nft_messages struct nft_messages messages = { .count = 0 };

	for (size_t i = 0; i < len; i++) {
		const struct nat_set *set = &nat_sets[search->elements[i].set];
		struct nlmsghdr *header = begin(&messages, NFT_MSG_GETSETELEM, 0, set);
		struct nlattr *list = mnl_attr_nest_start(header, NFTA_SET_ELEM_LIST_ELEMENTS);

		search->found[i] = false;
		put_element(header, set, false, &search->elements[i]);
		mnl_attr_nest_end(header, list);
		nft_end(&messages);
	}
	return nft_ask(nft, &messages, &reader, err);
}

int nat_elements_find(struct nft *nft, struct nat_element *elements, size_t len, bool *found,
		      struct error *err)
{
	int count = 0;

	for (size_t at = 0; at < len; at += NFT_QUESTIONS_MAX) {
		size_t some = len - at < NFT_QUESTIONS_MAX ? len - at : NFT_QUESTIONS_MAX;
		struct search search = { elements + at, found + at, 0 };
		int r = find_some(nft, &search, some, err);

		if (r < 0)
			return r;
		for (size_t i = at; i < at + some; i++)
			count += found[i];
	}
	return count;
}

struct listing {
	enum nat_set_id set;
	struct buf elements;
};

static void use_listed(const struct nat_element *element, void *data)
{
	struct listing *listing = data;

	buf_add(&listing->elements, element, sizeof(*element));
}

static int read_listed(const struct nlmsghdr *header, uint32_t number, void *data)
{
	struct listing *listing = data;

	(void)number;
	read_elements(header, listing->set, use_listed, listing);
	return 0;
}

static int list_once(struct nft *nft, struct listing *listing, struct error *err)
{
	const struct nft_reader reader = { read_listed, listing };
	auto_nft_messages struct nft_messages messages = { .count = 0 };

	begin(&messages, NFT_MSG_GETSETELEM, NLM_F_DUMP, &nat_sets[listing->set]);
	nft_end(&messages);
	listing->elements.len = 0;
	return nft_list(nft, &messages, &reader, err);
}

int nat_elements_list(struct nft *nft, enum nat_set_id set, struct arena *arena,
		      struct nat_element **elements, struct error *err)
{
	struct listing listing = { .set = set };
	size_t len;
	int r = -EINTR;

	for (int tries = 0; tries < LIST_TRIES && r == -EINTR; tries++)
		r = list_once(nft, &listing, err);
	if (r == -ENOENT)
		listing.elements.len = 0;
	len = listing.elements.len / sizeof(**elements);
	if (r == 0 || r == -ENOENT) {
		*elements = arena_array(arena, len, sizeof(**elements));
		if (len)
			memcpy(*elements, listing.elements.data, listing.elements.len);
		r = (int)len;
	}
	buf_free(&listing.elements);
	return r;
}
