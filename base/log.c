/* log.c - messages for people (text) and for engines (JSON lines), to stderr and a log file */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/sys.h"
#include "base/timestamp.h"

static struct {
	const char *program;
	int file;
	bool json;
	bool debug;
	void (*sink)(enum log_level level, const char *message, void *data);
	void *sink_data;
} settings = { .program = "gocker", .file = -1 };

/* As logrus names them, because engines parse runc's log. */
static const char *const level_names[] = {
	[LOG_LEVEL_DEBUG] = "debug",
	[LOG_LEVEL_NOTE] = "warning",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_ERROR] = "error",
};

int log_open(const struct log_settings *wanted, struct error *err)
{
	int fd = -1;

	if (wanted->file && *wanted->file) {
		fd = sys_open(wanted->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
		if (fd < 0)
			return error_errno(err, fd, "open log file \"%s\"", wanted->file);
	}
	settings.file = fd;
	settings.json = wanted->json;
	settings.debug = wanted->debug;
	if (wanted->program)
		settings.program = wanted->program;
	return 0;
}

void log_set_sink(void (*sink)(enum log_level level, const char *message, void *data), void *data)
{
	settings.sink = sink;
	settings.sink_data = data;
}

/* Return: the length of the character in UTF-8 that text begins with, 0 where it is none. */
static size_t utf8_read(const char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*text;
	size_t len = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t sum = len == 1 ? first : first & (0x7fU >> len);

	if ((first >= 0x80 && first < 0xc0) || first >= 0xf8)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		sum = sum << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (sum > 0x10ffff || (sum >= 0xd800 && sum < 0xe000) || (len > 1 && sum < least[len]))
		return 0;
	*code = sum;
	return len;
}

/* Terminals also take U+0080 to U+009F for the beginning of a sequence that moves the cursor. */
static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* A message may carry what a hostile container chose: it never ends the line, moves the cursor. */
static void add_escaped(struct buf *line, const char *message, bool json)
{
	while (*message) {
		uint32_t code = (unsigned char)*message;
		size_t len = utf8_read(message, &code);

		if (*message == '\n')
			buf_puts(line, "\\n");
		else if (!len && json)
			buf_puts(line, "\\ufffd");
		else if (!len || is_control(code))
			buf_printf(line, json ? "\\u%04x" : "\\x%02x", code);
		else if (json && (code == '"' || code == '\\'))
			buf_printf(line, "\\%c", *message);
		else
			buf_add(line, message, len);
		message += len ? len : 1;
	}
}

static void write_json(enum log_level level, const char *message)
{
	auto_buf struct buf line = { 0 };
	char now[TIMESTAMP_SIZE];

	timestamp_now(now);
	buf_printf(&line, "{\"level\":\"%s\",\"msg\":\"", level_names[level]);
	add_escaped(&line, message, true);
	buf_printf(&line, "\",\"time\":\"%s\"}\n", now);
	file_write_fd(settings.file, line.data, line.len);
}

static void write_text(int fd, enum log_level level, const char *message)
{
	auto_buf struct buf line = { 0 };

	buf_printf(&line, "%s: ", settings.program);
	if (level != LOG_LEVEL_ERROR)
		buf_printf(&line, "%s: ", level_names[level]);
	add_escaped(&line, message, false);
	buf_puts(&line, "\n");
	file_write_fd(fd, line.data, line.len);
}

void log_write(enum log_level level, const char *message)
{
	/* It may come through a socket from a container's process. */
	if ((unsigned int)level > LOG_LEVEL_ERROR)
		level = LOG_LEVEL_ERROR;
	if (level == LOG_LEVEL_DEBUG && !settings.debug)
		return;
	if (settings.sink) {
		settings.sink(level, message, settings.sink_data);
		return;
	}
	if (settings.file >= 0 && settings.json)
		write_json(level, message);
	else if (settings.file >= 0)
		write_text(settings.file, level, message);
	if (settings.file < 0 && level == LOG_LEVEL_NOTE && !settings.debug)
		return;
	/* What is not an error would mix with the output of an engine that reads its log file. */
	if (settings.file < 0 || level == LOG_LEVEL_ERROR)
		write_text(STDERR_FILENO, level, message);
}

static void write_formatted(enum log_level level, const char *fmt, va_list args)
{
	static const char cut_mark[] = "...";
	char message[sizeof(((struct error *)0)->text) + 256];

	if (vsnprintf(message, sizeof(message), fmt, args) >= (int)sizeof(message))
		strcpy(message + sizeof(message) - sizeof(cut_mark), cut_mark);
	log_write(level, message);
}

void log_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_formatted(LOG_LEVEL_ERROR, fmt, args);
	va_end(args);
}

void log_warning(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_formatted(LOG_LEVEL_WARNING, fmt, args);
	va_end(args);
}

void log_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_formatted(LOG_LEVEL_NOTE, fmt, args);
	va_end(args);
}

void log_debug(const char *fmt, ...)
{
	va_list args;

	if (!settings.debug)
		return;
	va_start(args, fmt);
	write_formatted(LOG_LEVEL_DEBUG, fmt, args);
	va_end(args);
}
