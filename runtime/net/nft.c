/* nft.c - transactions with nftables and questions to it, over netlink */
#include "runtime/net/nft.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/late_close.h"
#include "runtime/net/netlink.h"

enum {
	BRACKET_SIZE = sizeof(struct nlmsghdr) + sizeof(struct nfgenmsg),
	ANSWER_SIZE = 32768,      /* what libmnl advises for dumps */
	SEND_BUFFER_SIZE = 65536, /* what a socket takes at once in any case */
};

static int tell_none(struct error *err)
{
	return error_set(err, EOPNOTSUPP, "the kernel has no nftables");
}

/* What it has to say is there when sendmsg(2) returns, so that nobody waits for it. */
int nft_open(struct nft *nft, struct error *err)
{
	int r;

	*nft = (struct nft){ .socket = NULL };
	r = netlink_open(NETLINK_NETFILTER, SOCK_NONBLOCK, &nft->socket, err);
	if (r == -EPROTONOSUPPORT)
		return tell_none(err);
	if (r == 0)
		netlink_want_words(nft->socket);
	return r;
}

/* Of this process, since it has removed something. */
static struct mnl_socket *kept[LATE_CLOSE_MAX];
static size_t kept_len;

static void close_kept(void)
{
	int fds[LATE_CLOSE_MAX];

	for (size_t i = 0; i < kept_len; i++) {
		fds[i] = fcntl(mnl_socket_get_fd(kept[i]), F_DUPFD_CLOEXEC, 0);
		mnl_socket_close(kept[i]);
	}
	late_close(fds, kept_len);
	kept_len = 0;
}

void nft_close(struct nft *nft)
{
	bool keeps = nft->has_removed || kept_len;

	if (!nft->socket)
		return;
	if (keeps && kept_len < LATE_CLOSE_MAX && (kept_len || atexit(close_kept) == 0))
		kept[kept_len++] = nft->socket;
	else
		mnl_socket_close(nft->socket);
	nft->socket = NULL;
}

static struct nfgenmsg *put_header(void *place, uint16_t type, uint8_t family, uint16_t flags)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(place);
	struct nfgenmsg *extra;

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	extra = mnl_nlmsg_put_extra_header(header, sizeof(*extra));
	extra->nfgen_family = family;
	extra->version = NFNETLINK_V0;
	return extra;
}

/* The beginning of a batch, or its end. */
static void add_bracket(struct buf *data, uint16_t type)
{
	struct nfgenmsg *extra = put_header(buf_reserve(data, BRACKET_SIZE), type, AF_UNSPEC, 0);

	extra->res_id = htons(NFNL_SUBSYS_NFTABLES);
	data->len += BRACKET_SIZE;
}

/* A batch's beginning stands before all, also where questions are sent from behind it. */
struct nlmsghdr *nft_begin(struct nft_messages *messages, uint16_t type, uint8_t family,
			   uint16_t flags, const char *name)
{
	struct buf *data = &messages->data;

	if (!data->len)
		add_bracket(data, NFNL_MSG_BATCH_BEGIN);
	buf_add(&messages->names, name, strlen(name) + 1);
	messages->begun = data->len;
	put_header(buf_reserve(data, NFT_MESSAGE_SIZE),
		   (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), family, flags);
	messages->count++;
	return (struct nlmsghdr *)(data->data + messages->begun);
}

void nft_end(struct nft_messages *messages)
{
	const struct nlmsghdr *header =
		(const struct nlmsghdr *)(messages->data.data + messages->begun);

	messages->data.len = messages->begun + MNL_ALIGN(header->nlmsg_len);
}

void nft_messages_free(struct nft_messages *messages)
{
	buf_free(&messages->data);
	buf_free(&messages->names);
	*messages = (struct nft_messages){ .count = 0 };
}

static const char *name_of(const struct nft_messages *messages, uint32_t number)
{
	const char *name = messages->names.data;

	while (number-- > 0)
		name += strlen(name) + 1;
	return name;
}

/* What is heard of the messages that were sent at once. */
struct answer {
	const struct nft_messages *messages;
	const struct nft_reader *reader; /* NULL: none is wanted */
	uint32_t first;                  /* number of the first; that of the bracket is before */
	bool is_list;
	bool has_end; /* of the list, or of the batch: its last message was acknowledged */
	bool is_interrupted;
	uint32_t heard; /* answers to single questions */
	int num;        /* -errno of the first that was refused */
	uint32_t failed;
	struct netlink_words words;
};

/* Where the batch as a whole is refused, that is an answer to its beginning. */
static void read_result(const struct nlmsghdr *header, struct answer *answer)
{
	uint32_t number = header->nlmsg_seq - answer->first;
	struct netlink_words words;
	int r = netlink_read_error(header, &words);

	answer->heard++;
	if (r == 0 && number == answer->messages->count - 1)
		answer->has_end = true;
	if (r == -ENOENT && answer->reader && !answer->is_list)
		return;
	if (r == 0 || answer->num)
		return;
	answer->num = r;
	answer->failed = number;
	answer->words = words;
}

static void read_object(const struct nlmsghdr *header, struct answer *answer)
{
	uint32_t number = header->nlmsg_seq - answer->first;
	const struct nft_reader *reader = answer->reader;

	if (header->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->is_interrupted = true;
	if (!reader || answer->num || number >= answer->messages->count ||
	    mnl_nlmsg_get_payload_len(header) < sizeof(struct nfgenmsg))
		return;
	answer->heard++;
	answer->num = reader->read(header, number, reader->data);
	answer->failed = number;
}

static int read_messages(const char *buffer, size_t size, struct answer *answer)
{
	const struct nlmsghdr *header = (const struct nlmsghdr *)buffer;
	int len = (int)size;

	if (!netlink_is_sound(buffer, size))
		return -EBADMSG;
	for (; mnl_nlmsg_ok(header, len); header = mnl_nlmsg_next(header, &len)) {
		if (header->nlmsg_type == NLMSG_ERROR)
			read_result(header, answer);
		else if (header->nlmsg_type == NLMSG_DONE)
			answer->has_end = true;
		else
			read_object(header, answer);
	}
	return 0;
}

/* Return: 0 when there is nothing more to be heard; -errno. */
static int hear(struct nft *nft, struct answer *answer)
{
	_Alignas(struct nlmsghdr) char buffer[ANSWER_SIZE];
	int r = 0;

	while (r == 0) {
		ssize_t got = mnl_socket_recvfrom(nft->socket, buffer, sizeof(buffer));

		if (got < 0 && errno == EAGAIN)
			break;
		r = got < 0 ? -errno : read_messages(buffer, (size_t)got, answer);
	}
	return r;
}

/* Gives all their numbers, begins with the batch's own. Return: the last one's header. */
static struct nlmsghdr *number_all(struct nft *nft, struct nft_messages *messages)
{
	struct buf *data = &messages->data;
	struct nlmsghdr *header = NULL;

	for (size_t at = 0; at < data->len; at += MNL_ALIGN(header->nlmsg_len)) {
		header = (struct nlmsghdr *)(data->data + at);
		header->nlmsg_seq = nft->sequence++;
	}
	return header;
}

static int tell(int num, const struct answer *answer, struct error *err)
{
	const struct nft_messages *messages = answer->messages;

	if (num == -EOPNOTSUPP && answer->failed >= messages->count)
		return tell_none(err);
	netlink_tell(num, &answer->words, err);
	if (num < 0 && answer->failed < messages->count)
		error_context(err, "%s", name_of(messages, answer->failed));
	return num < 0 ? error_context(err, "nftables") : 0;
}

static int converse(struct nft *nft, const void *data, size_t len, struct answer *answer,
		    struct error *err)
{
	int r = mnl_socket_sendto(nft->socket, data, len) < 0 ? -errno : hear(nft, answer);

	if (r == 0)
		r = answer->num;
	return tell(r, answer, err);
}

/* It needs CAP_NET_ADMIN, as the batch itself does: who has it not is told by that. */
static void make_room(struct nft *nft, size_t len)
{
	int size = (int)len * 2;

	if (len > SEND_BUFFER_SIZE)
		setsockopt(mnl_socket_get_fd(nft->socket), SOL_SOCKET, SO_SNDBUFFORCE, &size,
			   sizeof(size));
}

/* Before the messages have their numbers. */
static struct answer expect(const struct nft *nft, const struct nft_messages *messages,
			    const struct nft_reader *reader)
{
	return (struct answer){
		.messages = messages,
		.reader = reader,
		.first = nft->sequence + 1,
		.failed = UINT32_MAX,
	};
}

static int tell_silence(struct error *err)
{
	return error_set(err, EPROTO, "nftables: no answer");
}

int nft_commit(struct nft *nft, struct nft_messages *messages, struct error *err)
{
	struct answer answer = expect(nft, messages, NULL);
	struct buf *data = &messages->data;
	int r;

	if (!messages->count)
		return 0;
	number_all(nft, messages)->nlmsg_flags |= NLM_F_ACK;
	add_bracket(data, NFNL_MSG_BATCH_END);
	make_room(nft, data->len);
	r = converse(nft, data->data, data->len, &answer, err);
	return r == 0 && !answer.has_end ? tell_silence(err) : r;
}

static int ask(struct nft *nft, struct nft_messages *messages, struct answer *answer,
	       struct error *err)
{
	const struct buf *data = &messages->data;

	number_all(nft, messages);
	return converse(nft, data->data + BRACKET_SIZE, data->len - BRACKET_SIZE, answer, err);
}

int nft_ask(struct nft *nft, struct nft_messages *messages, const struct nft_reader *reader,
	    struct error *err)
{
	struct answer answer = expect(nft, messages, reader);
	int r;

	if (!messages->count)
		return 0;
	r = ask(nft, messages, &answer, err);
	return r == 0 && answer.heard < messages->count ? tell_silence(err) : r;
}

int nft_list(struct nft *nft, struct nft_messages *messages, const struct nft_reader *reader,
	     struct error *err)
{
	struct answer answer = expect(nft, messages, reader);
	int r;

	answer.is_list = true;
	r = ask(nft, messages, &answer, err);
	if (r == 0 && answer.is_interrupted)
		return error_set(err, EINTR, "nftables: the list has changed meanwhile");
	return r == 0 && !answer.has_end ? tell_silence(err) : r;
}
