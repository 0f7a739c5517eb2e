/* fuzz_nft.c - what comes back for requests about nftables' rules, and about sockets */
#include <errno.h>
#include <string.h>

#include "base/directory.h"
#include "runtime/net/listeners.h"
#include "runtime/net/nat_docker.h"
#include "runtime/net/nat_element.h"
#include "runtime/net/netlink.h"
#include "tests/fuzz/fuzz.h"

enum { ELEMENTS = 6 };

static struct fuzz_input input;

/* In the place of libmnl's, which need a kernel that answers. */
ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t siz)
{
	(void)nl;
	(void)req;
	return (ssize_t)siz;
}

/* A piece for each; an empty one says that there is nothing more to be heard for now. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t siz)
{
	const uint8_t *piece;
	size_t len = fuzz_piece(&input, &piece);

	(void)nl;
	if (!len || len > siz) {
		errno = len ? ENOSPC : EAGAIN;
		return -1;
	}
	memcpy(buf, piece, len);
	return (ssize_t)len;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

int __wrap_netlink_open(int protocol, int flags, struct mnl_socket **sock, struct error *err);
int __real_directory_open(int dirfd, const char *name, DIR **directory);
int __wrap_directory_open(int dirfd, const char *name, DIR **directory);

int __wrap_netlink_open(int protocol, int flags, struct mnl_socket **sock, struct error *err)
{
	(void)protocol;
	(void)flags;
	(void)err;
	*sock = NULL;
	return 0;
}

/* /proc is not looked through for a holder. */
int __wrap_directory_open(int dirfd, const char *name, DIR **directory)
{
	if (!strcmp(name, "/proc"))
		return -ENOENT;
	return __real_directory_open(dirfd, name, directory);
}

static int find(struct nft *nft, struct error *err)
{
	struct nat_element elements[ELEMENTS] = {
		{ .set = NAT_LINKS, .key = "gocker0" },
		{ .set = NAT_PORTS4, .key = { 127, 0, 0, 1, 6, 0, 0, 0, 0x1f, 0x90 } },
		{ .set = NAT_PORTS6, .key = { [15] = 1, [16] = 6, [20] = 0x1f, [21] = 0x90 } },
		{ .set = NAT_ANY4, .key = { 6, 0, 0, 0, 0x1f, 0x90 } },
		{ .set = NAT_ANY6, .key = { 17, 0, 0, 0, 0, 53 } },
		{ .set = NAT_HAIRPINS, .key = "a" },
	};
	struct nat_element before[ELEMENTS];
	bool found[ELEMENTS];
	int count = 0, r;

	memcpy(before, elements, sizeof(before));
	r = nat_elements_find(nft, elements, ELEMENTS, found, err);
	for (int i = 0; r >= 0 && i < ELEMENTS; i++) {
		fuzz_check(!memcmp(elements[i].key, before[i].key, sizeof(before[i].key)));
		fuzz_check(elements[i].set == before[i].set);
		count += found[i];
	}
	fuzz_check(r < 0 || r == count);
	return r;
}

static int list(struct nft *nft, enum nat_set_id set, struct arena *arena, struct error *err)
{
	struct nat_element *elements;
	int len = nat_elements_list(nft, set, arena, &elements, err);

	for (int i = 0; i < len; i++)
		fuzz_check(elements[i].set == set);
	return len;
}

static int check_ports(struct error *err)
{
	static const struct spec_port ports[] = {
		{ .protocol = IPPROTO_TCP, .host = 8080, .container = 80, .count = 10 },
		{ .ip = { .family = AF_INET, .bytes = { 127, 0, 0, 1 } },
		  .protocol = IPPROTO_UDP, .host = 53, .container = 53, .count = 1 },
		{ .ip = { .family = AF_INET6, .bytes = { [15] = 1 } },
		  .protocol = IPPROTO_UDP, .host = 53, .container = 53, .count = 1 },
	};

	return listeners_check(ports, sizeof(ports) / sizeof(*ports), err);
}

static int ask(uint8_t what, struct nft *nft, struct arena *arena, struct error *err)
{
	const struct nat_element element = nat_element_link(NAT_LINKS, "gocker0");

	switch (what % 8) {
	case 0:
		return find(nft, err);
	case 1:
		return list(nft, NAT_PORTS4, arena, err);
	case 2:
		return list(nft, NAT_ANY6, arena, err);
	case 3:
		return nat_elements_add(nft, &element, 1, 0, err);
	case 4:
		return nat_elements_remove(nft, &element, 1, err);
	case 5:
		return nat_docker_admit(nft, "gocker0", err);
	case 6:
		return nat_docker_expel(nft, NULL, err);
	default:
		return check_ports(err);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	struct nft nft = { .socket = NULL };
	struct error err = { 0 };
	uint8_t what;
	int r;

	input = (struct fuzz_input){ data, size };
	what = fuzz_byte(&input);
	nft.sequence = fuzz_byte(&input);
	r = ask(what, &nft, &arena, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	return 0;
}
