/* rtnl.c - requests to the kernel's network configuration, rtnetlink(7) */
#include "runtime/net/rtnl.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/sys.h"

enum {
	ACK_SIZE = 1024,
	ANSWER_SIZE = 32768, /* what libmnl advises for dumps */
};

int rtnl_open(struct rtnl *rtnl, struct error *err)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct mnl_socket *sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!sock)
		return error_errno(err, errno, "open a netlink socket");
	/* Others could send as well, in a network namespace that they share. */
	if (connect(mnl_socket_get_fd(sock), (const struct sockaddr *)&kernel, sizeof(kernel))) {
		int r = error_errno(err, errno, "connect a netlink socket");

		mnl_socket_close(sock);
		return r;
	}
	*rtnl = (struct rtnl){ .socket = sock };
	return 0;
}

/* Without a copy of the request, too: an answer is longer by the words only. */
void rtnl_want_words(struct rtnl *rtnl)
{
	int yes = 1;

	mnl_socket_setsockopt(rtnl->socket, NETLINK_EXT_ACK, &yes, sizeof(yes));
	mnl_socket_setsockopt(rtnl->socket, NETLINK_CAP_ACK, &yes, sizeof(yes));
}

int rtnl_open_in(struct rtnl *rtnl, int netns, int own, struct error *err)
{
	int r = sys_setns(netns, CLONE_NEWNET), back;

	if (r < 0)
		return error_errno(err, r, "enter the network namespace");
	r = rtnl_open(rtnl, err);
	back = sys_setns(own, CLONE_NEWNET);
	if (back == 0)
		return r;
	rtnl_close(rtnl);
	return error_errno(err, back, "return to the runtime's network namespace");
}

void *rtnl_begin(union rtnl_request *request, uint16_t type, uint16_t flags, size_t size)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(request);

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	return mnl_nlmsg_put_extra_header(header, size);
}

struct answer {
	mnl_cb_t read;
	void *data;
	char words[128]; /* the kernel's, about its refusal */
};

static int read_object(const struct nlmsghdr *header, void *context)
{
	struct answer *answer = context;

	return answer->read ? answer->read(header, answer->data) : MNL_CB_OK;
}

static void read_words(const struct nlmsghdr *header, struct answer *answer)
{
	const struct nlmsgerr *failure = mnl_nlmsg_get_payload(header);
	unsigned int offset = sizeof(*failure);
	const struct nlattr *attribute;

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	/* Its own copy of our request is in it, or just that one's header. */
	if (!(header->nlmsg_flags & NLM_F_CAPPED)) {
		if (failure->msg.nlmsg_len < sizeof(failure->msg) ||
		    failure->msg.nlmsg_len > header->nlmsg_len)
			return;
		offset += (unsigned int)mnl_nlmsg_get_payload_len(&failure->msg);
	}
	mnl_attr_for_each(attribute, header, offset)
		if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG)
			snprintf(answer->words, sizeof(answer->words), "%.*s",
				 (int)mnl_attr_get_payload_len(attribute),
				 mnl_attr_get_str(attribute));
}

static int read_end(const struct nlmsghdr *header, void *context)
{
	enum { ERRNO_MAX = 4095 };
	const struct nlmsgerr *failure = mnl_nlmsg_get_payload(header);

	if (mnl_nlmsg_get_payload_len(header) < sizeof(*failure) || failure->error > 0 ||
	    failure->error < -ERRNO_MAX) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!failure->error)
		return MNL_CB_STOP;
	read_words(header, context);
	errno = -failure->error;
	return MNL_CB_ERROR;
}

/* libmnl takes a length above INT_MAX for a negative one, which fits everywhere. */
static bool is_sound(const char *buffer, size_t len)
{
	while (len) {
		struct nlmsghdr header;
		size_t size;

		if (len < sizeof(header))
			return false;
		memcpy(&header, buffer, sizeof(header));
		size = MNL_ALIGN((size_t)header.nlmsg_len);
		if (header.nlmsg_len < sizeof(header) || header.nlmsg_len > len)
			return false;
		if (size >= len)
			break;
		buffer += size;
		len -= size;
	}
	return true;
}

/* Return: 0 or -errno; buffer has room for one answer. */
static int converse(struct rtnl *rtnl, union rtnl_request *request, char *buffer, size_t size,
		    struct answer *answer)
{
	mnl_cb_t control[] = { [NLMSG_ERROR] = read_end };
	int r;

	request->header.nlmsg_seq = ++rtnl->sequence;
	if (mnl_socket_sendto(rtnl->socket, request, request->header.nlmsg_len) < 0)
		return -errno;
	do {
		ssize_t len = mnl_socket_recvfrom(rtnl->socket, buffer, size);

		if (len < 0)
			return -errno;
		if (!is_sound(buffer, (size_t)len))
			return -EBADMSG;
		r = mnl_cb_run2(buffer, (size_t)len, rtnl->sequence, 0, read_object, answer,
				control, sizeof(control) / sizeof(*control));
	} while (r > MNL_CB_STOP);
	return r < 0 ? -errno : 0;
}

static int tell(int num, const struct answer *answer, struct error *err)
{
	char name[ERROR_NAME_SIZE];

	if (num == 0)
		return 0;
	if (*answer->words)
		return error_set(err, num, "%s (%s)", error_name(num, name), answer->words);
	return error_set(err, num, "%s", error_name(num, name));
}

int rtnl_talk(struct rtnl *rtnl, union rtnl_request *request, struct error *err)
{
	struct answer answer = { .read = NULL };
	char buffer[ACK_SIZE];

	return tell(converse(rtnl, request, buffer, sizeof(buffer), &answer), &answer, err);
}

int rtnl_ask(struct rtnl *rtnl, union rtnl_request *request, mnl_cb_t read, void *data,
	     struct error *err)
{
	struct answer answer = { .read = read, .data = data };
	char buffer[ANSWER_SIZE];

	return tell(converse(rtnl, request, buffer, sizeof(buffer), &answer), &answer, err);
}

void rtnl_close(struct rtnl *rtnl)
{
	if (rtnl->socket)
		mnl_socket_close(rtnl->socket);
	rtnl->socket = NULL;
}
