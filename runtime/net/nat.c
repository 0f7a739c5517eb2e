/* nat.c - the table "inet gocker": links and their networks */
#include "runtime/net/nat.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "runtime/net/nat_docker.h"
#include "runtime/net/nat_element.h"

static int add_elements(struct nft *nft, const struct nat_link *link, struct error *err)
{
	struct nat_element elements[2 + 2 * NAT_NETWORK_ELEMENTS];
	size_t len = 0;

	elements[len++] = nat_element_link(NAT_LINKS, link->name);
	elements[len++] = nat_element_link(NAT_HAIRPINS, link->name);
	len += nat_element_network(&link->network4, elements + len);
	len += nat_element_network(&link->network6, elements + len);
	return nat_elements_add(nft, elements, len, 0, err);
}

int nat_add_link(const struct nat_link *link, struct error *err)
{
	auto_nft struct nft nft = { .socket = NULL };
	int r = nft_open(&nft, err);

	if (r == 0)
		r = add_elements(&nft, link, err);
	return r < 0 ? r : nat_docker_admit(&nft, link->name, err);
}

int nat_restore_link(const struct nat_link *link, struct error *err)
{
	struct nat_element element = nat_element_link(NAT_LINKS, link->name);
	auto_nft struct nft nft = { .socket = NULL };
	bool found = false;
	int r = nft_open(&nft, err);

	if (r == 0)
		r = nat_elements_find(&nft, &element, 1, &found, err);
	if (r == 0)
		r = add_elements(&nft, link, err);
	if (r >= 0)
		r = nat_docker_admit(&nft, link->name, err);
	return r < 0 ? r : !found;
}

/* All or none; nothing is no failure. */
static int remove_some(struct nft *nft, const struct nat_element *elements, size_t len,
		       struct error *err)
{
	int r = len ? nat_elements_remove(nft, elements, len, err) : 0;

	return r == -ENOENT ? 0 : r;
}

int nat_remove_link(const struct nat_link *link, struct error *err)
{
	const struct nat_element names[] = {
		nat_element_link(NAT_LINKS, link->name),
		nat_element_link(NAT_HAIRPINS, link->name),
	};
	struct nat_element network[NAT_NETWORK_ELEMENTS];
	auto_nft struct nft nft = { .socket = NULL };
	int r = nft_open(&nft, err);

	if (r == 0)
		r = remove_some(&nft, network, nat_element_network(&link->network4, network), err);
	if (r == 0)
		r = remove_some(&nft, network, nat_element_network(&link->network6, network), err);
	for (size_t i = 0; r == 0 && i < sizeof(names) / sizeof(*names); i++)
		r = remove_some(&nft, &names[i], 1, err);
	return r < 0 ? r : nat_docker_expel(&nft, link->name, err);
}

int nat_close_links(const char *const *names, size_t len, bool v4, bool v6, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_nft struct nft nft = { .socket = NULL };
	struct nat_element *elements = arena_array(&arena, len, 2 * sizeof(*elements));
	size_t count = 0;
	int r;

	for (size_t i = 0; v4 && i < len; i++)
		elements[count++] = nat_element_link(NAT_CLOSED4, names[i]);
	for (size_t i = 0; v6 && i < len; i++)
		elements[count++] = nat_element_link(NAT_CLOSED6, names[i]);
	if (!count)
		return 0;
	r = nft_open(&nft, err);
	return r < 0 ? r : nat_elements_add(&nft, elements, count, 0, err);
}

int nat_remove(struct error *err)
{
	auto_nft_messages struct nft_messages messages = { .count = 0 };
	auto_nft struct nft nft = { .socket = NULL };
	struct nlmsghdr *header;
	int r = nft_open(&nft, err);

	if (r < 0)
		return r;
	header = nft_begin(&messages, NFT_MSG_DELTABLE, NFPROTO_INET, 0, nat_table_name);
	mnl_attr_put_strz(header, NFTA_TABLE_NAME, nat_table_name);
	nft_end(&messages);
	nft.has_removed = true;
	r = nft_commit(&nft, &messages, err);
	return r < 0 && r != -ENOENT ? r : nat_docker_expel(&nft, NULL, err);
}
