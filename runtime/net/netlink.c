/* netlink.c - what all conversations with the kernel over netlink(7) have in common */
#include "runtime/net/netlink.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int netlink_open(int protocol, int flags, struct mnl_socket **sock, struct error *err)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct mnl_socket *opened;
	int r = netlink_load(err);

	if (r < 0)
		return r;
	opened = mnl_socket_open2(protocol, SOCK_CLOEXEC | flags);
	if (!opened)
		return error_errno(err, errno, "open a netlink socket");
	/* Others could send as well, in a network namespace that they share. */
	if (connect(mnl_socket_get_fd(opened), (const struct sockaddr *)&kernel, sizeof(kernel))) {
		r = error_errno(err, errno, "connect a netlink socket");
		mnl_socket_close(opened);
		return r;
	}
	*sock = opened;
	return 0;
}

/* Without a copy of the request, too: an answer is longer by the words only. */
void netlink_want_words(struct mnl_socket *sock)
{
	int yes = 1;

	mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &yes, sizeof(yes));
	mnl_socket_setsockopt(sock, NETLINK_CAP_ACK, &yes, sizeof(yes));
}

bool netlink_is_sound(const void *buffer, size_t len)
{
	const char *at = buffer;

	while (len) {
		struct nlmsghdr header;
		size_t size;

		if (len < sizeof(header))
			return false;
		memcpy(&header, at, sizeof(header));
		size = MNL_ALIGN((size_t)header.nlmsg_len);
		if (header.nlmsg_len < sizeof(header) || header.nlmsg_len > len)
			return false;
		if (size >= len)
			break;
		at += size;
		len -= size;
	}
	return true;
}

static void read_words(const struct nlmsghdr *header, struct netlink_words *words)
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
			snprintf(words->text, sizeof(words->text), "%.*s",
				 (int)mnl_attr_get_payload_len(attribute),
				 mnl_attr_get_str(attribute));
}

int netlink_read_error(const struct nlmsghdr *header, struct netlink_words *words)
{
	enum { ERRNO_MAX = 4095 };
	const struct nlmsgerr *failure = mnl_nlmsg_get_payload(header);

	words->text[0] = 0;
	if (mnl_nlmsg_get_payload_len(header) < sizeof(*failure) || failure->error > 0 ||
	    failure->error < -ERRNO_MAX)
		return -EBADMSG;
	if (failure->error)
		read_words(header, words);
	return failure->error;
}

int netlink_tell(int num, const struct netlink_words *words, struct error *err)
{
	char name[ERROR_NAME_SIZE];

	if (num == 0)
		return 0;
	if (*words->text)
		return error_set(err, num, "%s (%s)", error_name(num, name), words->text);
	return error_set(err, num, "%s", error_name(num, name));
}
