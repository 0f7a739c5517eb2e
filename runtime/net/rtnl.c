/* rtnl.c - requests to the kernel's network configuration, rtnetlink(7) */
#include "runtime/net/rtnl.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/sys.h"
#include "runtime/net/netlink.h"

enum {
	ACK_SIZE = 1024,
	ANSWER_SIZE = 32768, /* what libmnl advises for dumps */
	TOGETHER_MAX = 64,   /* requests, whose refusals have room in a socket's buffer */
};

int rtnl_open(struct rtnl *rtnl, struct error *err)
{
	*rtnl = (struct rtnl){ NULL };
	return netlink_open(NETLINK_ROUTE, 0, &rtnl->socket, err);
}

void rtnl_want_words(struct rtnl *rtnl)
{
	netlink_want_words(rtnl->socket);
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

/* What is heard of one request, or of several that were sent at once. */
struct answer {
	mnl_cb_t read;
	void *data;
	uint32_t first, last; /* their numbers */
	int tolerated;        /* an errno that is no failure */
	int num;              /* errno of the first that failed */
	uint32_t failed;      /* which one that was, from 0 on */
	bool is_interrupted;
	struct netlink_words words;
};

static void read_result(const struct nlmsghdr *header, struct answer *answer)
{
	struct netlink_words words;
	int r = netlink_read_error(header, &words);

	if (r == 0 || r == -answer->tolerated || answer->num)
		return;
	answer->num = -r;
	answer->failed = header->nlmsg_seq - answer->first;
	answer->words = words;
}

static void read_object(const struct nlmsghdr *header, struct answer *answer)
{
	if (header->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->is_interrupted = true;
	if (answer->read && !answer->num && answer->read(header, answer->data) < 0)
		answer->num = errno;
}

/* Return: 1 where nothing more comes, else 0; -errno. */
static int read_message(const struct nlmsghdr *header, struct answer *answer)
{
	bool is_last = header->nlmsg_seq == answer->last;

	if (header->nlmsg_seq - answer->first > answer->last - answer->first)
		return -EPROTO;
	switch (header->nlmsg_type) {
	case NLMSG_ERROR:
		read_result(header, answer);
		return is_last;
	case NLMSG_DONE:
		return is_last;
	default:
		read_object(header, answer);
		return 0;
	}
}

static int read_messages(const char *buffer, size_t size, struct answer *answer)
{
	const struct nlmsghdr *header = (const struct nlmsghdr *)buffer;
	int len = (int)size, r = 0;

	if (!netlink_is_sound(buffer, size))
		return -EBADMSG;
	for (; r == 0 && mnl_nlmsg_ok(header, len); header = mnl_nlmsg_next(header, &len))
		r = read_message(header, answer);
	return r;
}

static int send_all(struct rtnl *rtnl, const void *requests, size_t len)
{
	return mnl_socket_sendto(rtnl->socket, requests, len) < 0 ? -errno : 0;
}

/*
 * All is read that comes, also behind a failure: nothing is left for who asks next.
 * Return: 0 or -errno; buffer has room for one answer.
 */
static int hear(struct rtnl *rtnl, char *buffer, size_t size, struct answer *answer)
{
	int r;

	do {
		ssize_t got = mnl_socket_recvfrom(rtnl->socket, buffer, size);

		r = got < 0 ? -errno : read_messages(buffer, (size_t)got, answer);
	} while (r == 0);
	if (r > 0)
		r = answer->num ? -answer->num : answer->is_interrupted ? -EINTR : 0;
	return r;
}

static int converse(struct rtnl *rtnl, union rtnl_request *request, char *buffer, size_t size,
		    struct answer *answer, struct error *err)
{
	struct nlmsghdr *header = &request->header;
	int r;

	answer->first = answer->last = header->nlmsg_seq = ++rtnl->sequence;
	r = send_all(rtnl, header, header->nlmsg_len);
	if (r == 0)
		r = hear(rtnl, buffer, size, answer);
	return netlink_tell(r, &answer->words, err);
}

int rtnl_talk(struct rtnl *rtnl, union rtnl_request *request, struct error *err)
{
	_Alignas(struct nlmsghdr) char buffer[ACK_SIZE];
	struct answer answer = { .read = NULL };

	return converse(rtnl, request, buffer, sizeof(buffer), &answer, err);
}

int rtnl_ask(struct rtnl *rtnl, union rtnl_request *request, mnl_cb_t read, void *data,
	     struct error *err)
{
	_Alignas(struct nlmsghdr) char buffer[ANSWER_SIZE];
	struct answer answer = { .read = read, .data = data };

	return converse(rtnl, request, buffer, sizeof(buffer), &answer, err);
}

void rtnl_batch_add(struct rtnl_batch *batch, const union rtnl_request *request, const char *fmt,
		    ...)
{
	char name[128];
	va_list list;

	va_start(list, fmt);
	vsnprintf(name, sizeof(name), fmt, list);
	va_end(list);
	buf_add(&batch->names, name, strlen(name) + 1);
	buf_add(&batch->requests, request, request->header.nlmsg_len);
}

/*
 * Gives the requests from *at on their numbers, as many as fit in one message, of which the last
 * is answered in any case. Return: the length of that message.
 */
static size_t number_some(struct rtnl *rtnl, struct rtnl_batch *batch, size_t at,
			  struct answer *answer)
{
	size_t end = at;

	answer->first = rtnl->sequence + 1;
	for (int count = 1; end < batch->requests.len && count <= TOGETHER_MAX; count++) {
		struct nlmsghdr *header = (struct nlmsghdr *)(batch->requests.data + end);
		bool is_last;

		end += header->nlmsg_len;
		is_last = end >= batch->requests.len || count == TOGETHER_MAX;
		header->nlmsg_seq = ++rtnl->sequence;
		header->nlmsg_flags &= (uint16_t)~NLM_F_ACK;
		if (is_last)
			header->nlmsg_flags |= NLM_F_ACK;
	}
	answer->last = rtnl->sequence;
	return end - at;
}

static const char *find_name(const char *name, uint32_t number)
{
	while (number--)
		name += strlen(name) + 1;
	return name;
}

int rtnl_batch_talk(struct rtnl *rtnl, struct rtnl_batch *batch, struct error *err)
{
	_Alignas(struct nlmsghdr) char buffer[ACK_SIZE];
	const char *name = batch->names.data;

	for (size_t at = 0, len; at < batch->requests.len; at += len) {
		struct answer answer = { .tolerated = batch->tolerated };
		int r;

		len = number_some(rtnl, batch, at, &answer);
		r = send_all(rtnl, batch->requests.data + at, len);
		if (r == 0)
			r = hear(rtnl, buffer, sizeof(buffer), &answer);
		if (r < 0) {
			netlink_tell(r, &answer.words, err);
			return error_context(err, "%s", find_name(name, answer.failed));
		}
		name = find_name(name, answer.last - answer.first + 1);
	}
	return 0;
}

void rtnl_batch_free(struct rtnl_batch *batch)
{
	buf_free(&batch->requests);
	buf_free(&batch->names);
}

void rtnl_close(struct rtnl *rtnl)
{
	if (rtnl->socket)
		mnl_socket_close(rtnl->socket);
	rtnl->socket = NULL;
}
