/* nat_probe.c - calls what makes NAT, for nat.bats: "nat_probe WORD...", one call after another */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/net/listeners.h"
#include "runtime/net/nat.h"

/*
 * The words, each with its arguments:
 *	link NAME NETWORK4 NETWORK6     "-" for a network: none
 *	unlink NAME NETWORK4 NETWORK6
 *	target IP4 IP6                  of the ports that follow; "-": none
 *	host6 IP6                       the host's address on the link of the target
 *	publish|withdraw|find|listen IP PROTOCOL HOST CONTAINER COUNT   "*" for the IP: all
 *	list | clear | close NAME 4|6 | remove
 * What fails is printed as "errno NUMBER: message"; with "time" as the first word each call's
 * microseconds are printed.
 */
static struct nat_target target;
static struct error err;

static const char *next(char ***words)
{
	if (!**words) {
		fprintf(stderr, "an argument is missing\n");
		exit(2);
	}
	return *(*words)++;
}

static struct ip_prefix next_prefix(char ***words)
{
	struct ip_prefix prefix = { .length = 0 };
	const char *text = next(words);

	if (strcmp(text, "-") && ip_prefix_parse(text, &prefix, &err) < 0)
		exit(2);
	return prefix;
}

static struct ip next_ip(char ***words)
{
	struct ip ip = { .family = 0 };
	const char *text = next(words);

	if (strcmp(text, "-") && strcmp(text, "*") && ip_parse(text, &ip) < 0)
		exit(2);
	return ip;
}

static struct spec_port next_port(char ***words)
{
	struct spec_port port = { .ip = next_ip(words) };

	port.protocol = strcmp(next(words), "udp") ? IPPROTO_TCP : IPPROTO_UDP;
	port.host = (uint16_t)atoi(next(words));
	port.container = (uint16_t)atoi(next(words));
	port.count = (uint16_t)atoi(next(words));
	return port;
}

static struct nat_link next_link(char ***words)
{
	struct nat_link link = { .name = next(words) };

	link.network4 = next_prefix(words);
	link.network6 = next_prefix(words);
	return link;
}

static int do_link(char ***words)
{
	struct nat_link link = next_link(words);

	return nat_add_link(&link, &err);
}

static int do_unlink(char ***words)
{
	struct nat_link link = next_link(words);

	return nat_remove_link(&link, &err);
}

static int do_target(char ***words)
{
	target.ip4 = next_ip(words);
	target.ip6 = next_ip(words);
	target.host6.family = 0;
	return 0;
}

static int do_host6(char ***words)
{
	target.host6 = next_ip(words);
	return 0;
}

static int do_publish(char ***words)
{
	struct spec_port port = next_port(words), taken;
	int r = nat_publish(&port, 1, &target, &taken, &err);

	if (r == -EADDRINUSE) {
		char text[NAT_PORT_TEXT_SIZE];

		printf("taken: %s\n", nat_port_format(&taken, text));
	}
	return r;
}

static int do_withdraw(char ***words)
{
	struct spec_port port = next_port(words);

	return nat_withdraw(&port, 1, &target, &err);
}

static int do_find(char ***words)
{
	struct spec_port port = next_port(words);
	struct nat_target found;
	char ip4[IP_TEXT_SIZE] = "-", ip6[IP_TEXT_SIZE] = "-";
	int r = nat_find(&port, &found, &err);

	if (r < 0)
		return r;
	if (found.ip4.family)
		ip_format(&found.ip4, ip4);
	if (found.ip6.family)
		ip_format(&found.ip6, ip6);
	printf("found: %s %s\n", ip4, ip6);
	return 0;
}

static int do_listen(char ***words)
{
	struct spec_port port = next_port(words);

	return listeners_check(&port, 1, &err);
}

static int do_list(char ***words)
{
	auto_arena struct arena arena = { 0 };
	struct nat_port *ports;
	int len = nat_list(&arena, &ports, &err);

	(void)words;
	for (int i = 0; i < len; i++) {
		char text[NAT_PORT_TEXT_SIZE], ip[IP_TEXT_SIZE];

		printf("%s %s %d\n", nat_port_format(&ports[i].port, text),
		       ip_format(&ports[i].target, ip), ports[i].port.container);
	}
	return len;
}

static int do_clear(char ***words)
{
	auto_arena struct arena arena = { 0 };
	struct nat_port *ports;
	int len = nat_list(&arena, &ports, &err);

	(void)words;
	return len < 0 ? len : nat_remove_ports(ports, (size_t)len, &err);
}

static int do_close(char ***words)
{
	const char *name = next(words), *family = next(words);

	return nat_close_links(&name, 1, !strcmp(family, "4"), !strcmp(family, "6"), &err);
}

static int do_remove(char ***words)
{
	(void)words;
	return nat_remove(&err);
}

static const struct {
	const char *word;
	int (*call)(char ***words);
} calls[] = {
	{ "link", do_link },     { "unlink", do_unlink },   { "target", do_target },
	{ "host6", do_host6 },
	{ "publish", do_publish }, { "withdraw", do_withdraw }, { "find", do_find },
	{ "listen", do_listen }, { "list", do_list },       { "clear", do_clear },
	{ "close", do_close },   { "remove", do_remove },
};

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int call(const char *word, char ***words)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(word, calls[i].word))
			return calls[i].call(words);
	fprintf(stderr, "what is \"%s\"?\n", word);
	exit(2);
}

int main(int argc, char **argv)
{
	bool is_timed = argc > 1 && !strcmp(argv[1], "time");
	char **words = argv + 1 + is_timed;

	while (*words) {
		const char *word = next(&words);
		double before = now_us();
		int r = call(word, &words);

		if (is_timed)
			printf("%s %.0f\n", word, now_us() - before);
		if (r < 0) {
			printf("errno %d: %s\n", -r, err.text);
			return 1;
		}
	}
	return 0;
}
