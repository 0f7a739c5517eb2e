/* names.c - the containers of a bridge by name: the file that is their hosts(5) */
#include "runtime/net/names.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"

const char names_file[] = "hosts";

enum { SIZE_MAX_BYTES = 16 << 20 };

static const char first_lines[] = "127.0.0.1 localhost\n"
				  "::1 localhost ip6-localhost ip6-loopback\n";

/* Return: the file, with its content in text, or -errno; -ENOENT where make is not set. */
static int open_names(int directory, bool make, struct buf *text)
{
	const int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | (make ? O_CREAT : 0);
	auto_close int fd = sys_openat(directory, names_file, flags, 0644);
	int r = fd < 0 ? fd : file_read_fd(fd, SIZE_MAX_BYTES, text);

	if (r == 0 && make && !text->len) {
		buf_puts(text, first_lines);
		r = file_write_fd(fd, text->data, text->len);
	}
	/* The caller's umask is none of the containers' business. */
	if (r == 0 && make && fchmod(fd, 0644) < 0)
		r = -errno;
	return r < 0 ? r : take_fd(&fd);
}

/* What is there no more is a line of "#". Return: the offset of one that is long enough, or the
 * end. */
static size_t find_room(const struct buf *text, size_t len, size_t *room)
{
	for (const char *line = text->data, *end; line < text->data + text->len; line = end + 1) {
		end = strchrnul(line, '\n');
		if (*line == '#' && (size_t)(end - line) >= len) {
			*room = (size_t)(end - line);
			return (size_t)(line - text->data);
		}
	}
	*room = len;
	return text->len;
}

static int write_line(int fd, const struct buf *line, size_t offset)
{
	ssize_t n = pwrite(fd, line->data, line->len, (off_t)offset);

	if (n < 0)
		return -errno;
	return (size_t)n < line->len ? -ENOSPC : 0;
}

int names_add(int directory, const struct ip *ip, const char *names, struct error *err)
{
	auto_buf struct buf text = { 0 }, line = { 0 };
	auto_close int fd = open_names(directory, true, &text);
	char address[IP_TEXT_SIZE];
	size_t offset, room;

	if (fd < 0)
		return error_errno(err, fd, "open the file of host names");
	buf_printf(&line, "%s %s", ip_format(ip, address), names);
	offset = find_room(&text, line.len, &room);
	while (line.len < room)
		buf_puts(&line, " ");
	buf_puts(&line, "\n");
	int r = write_line(fd, &line, offset);

	return r < 0 ? error_errno(err, r, "write the file of host names") : 0;
}

int names_remove(int directory, const struct ip *ip, struct error *err)
{
	auto_buf struct buf text = { 0 };
	auto_close int fd = open_names(directory, false, &text);
	char address[IP_TEXT_SIZE];
	size_t len = strlen(ip_format(ip, address));
	int r = fd == -ENOENT ? 0 : fd;

	for (char *line = text.data, *end; r >= 0 && line && line < text.data + text.len;
	     line = end + 1) {
		auto_buf struct buf dead = { 0 };

		end = strchrnul(line, '\n');
		if ((size_t)(end - line) <= len || strncmp(line, address, len) || line[len] != ' ')
			continue;
		buf_add(&dead, line, (size_t)(end - line));
		memset(dead.data, '#', dead.len);
		r = write_line(fd, &dead, (size_t)(line - text.data));
	}
	return r < 0 ? error_errno(err, r, "write the file of host names") : 0;
}
