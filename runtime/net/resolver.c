/* resolver.c - the resolv.conf(5) of a container */
#include "runtime/net/resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"

enum { HOST_FILE_MAX = 64 * 1024 };

/* The second one has what systemd-resolved asks itself: systemd-resolved.service(8). */
static const char *const host_files[] = { "/etc/resolv.conf", "/run/systemd/resolve/resolv.conf" };

static const char blanks[] = " \t";

static bool is_loopback(const struct ip *ip)
{
	return ip->family == AF_INET ? ip->bytes[0] == 127 : IN6_IS_ADDR_LOOPBACK(&ip->v6);
}

/* A server with a scope, "fe80::1%eth0", is on a link that the container does not have. */
static bool is_of_use(char *server)
{
	struct ip ip;

	server[strcspn(server, " \t\r")] = '\0';
	return ip_parse(server, &ip) == 0 && !is_loopback(&ip);
}

size_t resolver_filter(const char *text, struct buf *out)
{
	size_t servers = 0;

	while (*text) {
		size_t len = strcspn(text, "\n"), word = strcspn(text, " \t\n");
		auto_buf struct buf line = { 0 };

		buf_add(&line, text, len);
		if (word == strlen("nameserver") && !strncmp(text, "nameserver", word)) {
			char *server = line.data + word + strspn(line.data + word, blanks);

			if (is_of_use(server)) {
				buf_printf(out, "nameserver %s\n", server);
				servers++;
			}
		} else if ((word == strlen("search") && !strncmp(text, "search", word)) ||
			   (word == strlen("options") && !strncmp(text, "options", word))) {
			buf_printf(out, "%s\n", line.data);
		}
		text += len + (text[len] == '\n');
	}
	return servers;
}

static int add_host(struct buf *out, struct error *err)
{
	for (size_t i = 0; i < sizeof(host_files) / sizeof(*host_files); i++) {
		auto_buf struct buf text = { 0 }, lines = { 0 };
		int r = file_read_at(AT_FDCWD, host_files[i], HOST_FILE_MAX, &text);

		if (r < 0 && r != -ENOENT)
			return error_errno(err, r, "read %s", host_files[i]);
		if (r == 0 && text.len && resolver_filter(text.data, &lines)) {
			buf_add(out, lines.data, lines.len);
			return 0;
		}
	}
	log_warning("the host's %s has no server that a container can reach", host_files[0]);
	return 0;
}

int resolver_write(const struct ip *servers, size_t len, bool host, struct buf *out,
		   struct error *err)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < len; i++)
		buf_printf(out, "nameserver %s\n", ip_format(&servers[i], text));
	return host ? add_host(out, err) : 0;
}
