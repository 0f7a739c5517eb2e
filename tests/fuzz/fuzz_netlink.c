/* fuzz_netlink.c - what comes back for requests about network links, addresses and routes */
#include <errno.h>
#include <string.h>

#include "runtime/net/address.h"
#include "runtime/net/link.h"
#include "runtime/net/routes.h"
#include "tests/fuzz/fuzz.h"

static struct fuzz_input input;

/* In the place of libmnl's, which need a kernel that answers. */
ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t siz)
{
	(void)nl;
	(void)req;
	return (ssize_t)siz;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t siz)
{
	const uint8_t *piece;
	size_t len = fuzz_piece(&input, &piece);

	(void)nl;
	if (!len) {
		errno = ENOBUFS;
		return -1;
	}
	if (len > siz) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(buf, piece, len);
	return (ssize_t)len;
}

static int change_two(struct rtnl *rtnl, struct error *err)
{
	auto_rtnl_batch struct rtnl_batch batch = { 0 };

	link_batch_quiet(&batch, "eth0");
	link_batch_quiet(&batch, "eth1");
	return rtnl_batch_talk(rtnl, &batch, err);
}

static int ask(uint8_t what, struct rtnl *rtnl, struct arena *arena, struct error *err)
{
	struct link_state state, *links;
	struct address *list;
	struct route *routes;

	switch (what % 6) {
	case 0:
		return link_find(rtnl, "eth0", &state, err);
	case 1:
		return link_set_up(rtnl, 2, err);
	case 2:
		return address_list(rtnl, 2, arena, &list, err);
	case 3:
		return link_list(rtnl, arena, &links, err);
	case 4:
		return routes_list(rtnl, arena, &routes, err);
	default:
		return change_two(rtnl, err);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	struct rtnl rtnl = { 0 };
	struct error err = { 0 };
	int r;

	input = (struct fuzz_input){ data, size };
	r = ask(fuzz_byte(&input), &rtnl, &arena, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	return 0;
}
