/* listeners.c - which process of the host has a port, sock_diag(7) */
#include "runtime/net/listeners.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "runtime/net/nat.h"
#include "runtime/net/netlink.h"

enum { ANSWER_SIZE = 32768, COMM_SIZE = 64 };

/* What is looked for, and the first socket that has it. */
struct search {
	const struct spec_port *ports;
	size_t len;
	uint8_t protocol;
	bool is_found;
	struct spec_port port; /* the one that is taken */
	uint32_t inode;        /* of the socket */
};

/* The address of a socket; only_v6: "::" is not all of IPv4's as well. */
struct local {
	struct ip ip;
	uint16_t port;
	bool only_v6;
};

/* Whether the two get packets for the same address. */
static bool has_address(const struct local *local, const struct ip *ip)
{
	if (!ip->family)
		return true;
	if (ip->family != local->ip.family)
		return local->ip.family == AF_INET6 && !local->only_v6 &&
		       ip_is_unspecified(&local->ip);
	return ip_is_unspecified(&local->ip) || ip_is_unspecified(ip) ||
	       ip_is_equal(&local->ip, ip);
}

static void compare(struct search *search, const struct local *local, uint32_t inode)
{
	for (size_t i = 0; i < search->len && !search->is_found; i++) {
		const struct spec_port *port = &search->ports[i];

		if (port->protocol != search->protocol || local->port < port->host ||
		    local->port - port->host >= port->count || !has_address(local, &port->ip))
			continue;
		search->is_found = true;
		search->port = *port;
		search->port.host = local->port;
		search->inode = inode;
	}
}

static struct local local_of(const struct nlmsghdr *header, const struct inet_diag_msg *message)
{
	struct local local = { .port = ntohs(message->id.idiag_sport) };
	const struct nlattr *attribute;

	local.ip.family = message->idiag_family == AF_INET ? AF_INET : AF_INET6;
	memcpy(local.ip.bytes, message->id.idiag_src, ip_size(local.ip.family));
	mnl_attr_for_each(attribute, header, sizeof(*message))
		if (mnl_attr_get_type(attribute) == INET_DIAG_SKV6ONLY &&
		    mnl_attr_validate(attribute, MNL_TYPE_U8) == 0)
			local.only_v6 = mnl_attr_get_u8(attribute);
	/* A socket of IPv6 with an address of IPv4, "::ffff:1.2.3.4". */
	if (local.ip.family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&local.ip.v6)) {
		struct ip mapped = { .family = AF_INET };

		memcpy(mapped.bytes, local.ip.bytes + 12, 4);
		local.ip = mapped;
	}
	return local;
}

static int read_socket(const struct nlmsghdr *header, void *data)
{
	const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
	struct local local;

	if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    mnl_nlmsg_get_payload_len(header) < sizeof(*message))
		return MNL_CB_OK;
	local = local_of(header, message);
	compare(data, &local, message->idiag_inode);
	return MNL_CB_OK;
}

/* A kernel without inet_diag or udp_diag has nothing to tell (ENOENT). */
static int read_error(const struct nlmsghdr *header, void *data)
{
	struct netlink_words words;
	int r = netlink_read_error(header, &words);

	(void)data;
	errno = -r;
	return r == 0 || r == -ENOENT ? MNL_CB_STOP : MNL_CB_ERROR;
}

static int read_all(struct mnl_socket *sock, struct search *search, struct error *err)
{
	mnl_cb_t control[] = { [NLMSG_ERROR] = read_error };
	_Alignas(struct nlmsghdr) char buffer[ANSWER_SIZE];
	int r = MNL_CB_OK;

	while (r > MNL_CB_STOP) {
		ssize_t len = mnl_socket_recvfrom(sock, buffer, sizeof(buffer));

		if (len < 0)
			return error_errno(err, errno, "sock_diag");
		if (!netlink_is_sound(buffer, (size_t)len))
			return error_errno(err, EBADMSG, "sock_diag");
		r = mnl_cb_run2(buffer, (size_t)len, 0, 0, read_socket, search, control,
				sizeof(control) / sizeof(*control));
	}
	return r < 0 ? error_errno(err, errno, "sock_diag") : 0;
}

/* "source port >= first and source port <= last": each test is followed by its number. */
static void put_range(struct nlmsghdr *header, uint16_t first, uint16_t last)
{
	enum { OP = sizeof(struct inet_diag_bc_op), TEST = 2 * OP };
	const struct inet_diag_bc_op filter[] = {
		{ .code = INET_DIAG_BC_S_GE, .yes = TEST, .no = 2 * TEST + OP },
		{ .no = first },
		{ .code = INET_DIAG_BC_S_LE, .yes = TEST, .no = TEST + OP },
		{ .no = last },
	};

	mnl_attr_put(header, INET_DIAG_REQ_BYTECODE, sizeof(filter), filter);
}

/* Those that listen, or those that are bound and wait for anybody. */
static int ask(struct mnl_socket *sock, struct search *search, uint8_t family, uint16_t first,
	       uint16_t last, struct error *err)
{
	_Alignas(struct nlmsghdr) char request[256];
	struct nlmsghdr *header = mnl_nlmsg_put_header(request);
	struct inet_diag_req_v2 *wanted;

	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	wanted = mnl_nlmsg_put_extra_header(header, sizeof(*wanted));
	wanted->sdiag_family = family;
	wanted->sdiag_protocol = search->protocol;
	wanted->idiag_states =
		1U << (search->protocol == IPPROTO_TCP ? TCP_LISTEN : TCP_CLOSE);
	put_range(header, first, last);
	if (mnl_socket_sendto(sock, header, header->nlmsg_len) < 0)
		return error_errno(err, errno, "sock_diag");
	return read_all(sock, search, err);
}

/* Looks at the sockets of a protocol, if one of the ports is of it. */
static int look(struct mnl_socket *sock, struct search *search, struct error *err)
{
	uint16_t first = UINT16_MAX, last = 0;
	bool needs4 = false;
	int r = 0;

	for (size_t i = 0; i < search->len; i++) {
		const struct spec_port *port = &search->ports[i];
		uint16_t end = (uint16_t)(port->host + port->count - 1);

		if (port->protocol != search->protocol)
			continue;
		first = port->host < first ? port->host : first;
		last = end > last ? end : last;
		needs4 |= port->ip.family != AF_INET6;
	}
	if (first <= last && needs4)
		r = ask(sock, search, AF_INET, first, last, err);
	if (r == 0 && first <= last && !search->is_found)
		r = ask(sock, search, AF_INET6, first, last, err);
	return r;
}

static bool has_socket(int process, const char *link)
{
	auto_directory DIR *directory = NULL;
	const struct dirent *entry;

	if (directory_open(process, "fd", &directory) < 0)
		return false;
	while ((entry = directory_next(directory))) {
		char target[COMM_SIZE];
		ssize_t len = readlinkat(dirfd(directory), entry->d_name, target, sizeof(target));

		if (len == (ssize_t)strlen(link) && !memcmp(target, link, (size_t)len))
			return true;
	}
	return false;
}

/* Its name is what it calls itself. Return: false: it has not that socket. */
static bool read_holder(int proc, const char *pid, const char *link, struct buf *name)
{
	auto_close int process = sys_openat(proc, pid, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

	if (process < 0 || !has_socket(process, link) ||
	    file_read_at(process, "comm", COMM_SIZE, name) < 0)
		return false;
	if (name->len && name->data[name->len - 1] == '\n')
		name->data[--name->len] = 0;
	buf_printf(name, " (pid %s)", pid);
	return true;
}

/* Adds who has the socket, as far as we may see that; else nothing. */
static void find_holder(uint32_t inode, struct buf *name)
{
	auto_directory DIR *proc = NULL;
	const struct dirent *entry;
	char link[32];

	snprintf(link, sizeof(link), "socket:[%u]", inode);
	if (!inode || directory_open(AT_FDCWD, "/proc", &proc) < 0)
		return;
	while ((entry = directory_next(proc)))
		if (isdigit((unsigned char)*entry->d_name) &&
		    read_holder(dirfd(proc), entry->d_name, link, name))
			return;
}

static int tell(const struct search *search, struct error *err)
{
	auto_buf struct buf name = { 0 };
	char text[NAT_PORT_TEXT_SIZE];

	find_holder(search->inode, &name);
	return error_set(err, EADDRINUSE, "port %s is in use by %s",
			 nat_port_format(&search->port, text),
			 name.len ? name.data : "a process of the host");
}

int listeners_check(const struct spec_port *ports, size_t len, struct error *err)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP };
	struct search search = { .ports = ports, .len = len };
	struct mnl_socket *sock;
	int r;

	if (!len)
		return 0;
	r = netlink_open(NETLINK_SOCK_DIAG, 0, &sock, err);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && !search.is_found && i < sizeof(protocols); i++) {
		search.protocol = protocols[i];
		r = look(sock, &search, err);
	}
	mnl_socket_close(sock);
	if (r < 0)
		return r;
	return search.is_found ? tell(&search, err) : 0;
}
