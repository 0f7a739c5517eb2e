/* fuzz_netlink.c - what comes back for requests about network links and their addresses */
#include <errno.h>
#include <string.h>

#include "runtime/net/address.h"
#include "runtime/net/link.h"
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

static int ask(uint8_t what, struct rtnl *rtnl, struct arena *arena, struct error *err)
{
	struct link_state state;
	struct address *list;

	switch (what % 3) {
	case 0:
		return link_find(rtnl, "eth0", &state, err);
	case 1:
		return link_set_up(rtnl, 2, err);
	default:
		return address_list(rtnl, 2, arena, &list, err);
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
