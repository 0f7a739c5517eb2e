/* link.c - network links of the present network namespace */
#include "runtime/net/link.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

enum { LOOPBACK_INDEX = 1 }; /* LOOPBACK_IFINDEX: always the first one of a namespace */

/* Sends one request and waits for its acknowledgement. Return: 0 or -errno. */
static int talk(struct mnl_socket *sock, const struct nlmsghdr *request)
{
	char answer[512];
	int r;

	if (mnl_socket_sendto(sock, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		ssize_t len = mnl_socket_recvfrom(sock, answer, sizeof(answer));

		if (len < 0)
			return -errno;
		r = mnl_cb_run(answer, (size_t)len, request->nlmsg_seq, 0, NULL, NULL);
	} while (r > MNL_CB_STOP);
	return r < 0 ? -errno : 0;
}

int link_set_loopback_up(struct error *err)
{
	union {
		char data[NLMSG_SPACE(sizeof(struct ifinfomsg))];
		struct nlmsghdr align;
	} buffer;
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer.data);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(request, sizeof(*link));
	struct mnl_socket *sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int r;

	if (!sock)
		return error_errno(err, errno, "open a netlink socket");
	request->nlmsg_type = RTM_NEWLINK;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	request->nlmsg_seq = 1;
	link->ifi_index = LOOPBACK_INDEX;
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	r = talk(sock, request);
	mnl_socket_close(sock);
	return r < 0 ? error_errno(err, r, "bring the loopback link up") : 0;
}
