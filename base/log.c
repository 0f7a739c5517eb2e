/* log.c - messages for people (text) and for engines (JSON lines), to stderr and a log file */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
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

static void write_json(enum log_level level, const char *message)
{
	auto_buf struct buf line = { 0 };
	char now[TIMESTAMP_SIZE];

	timestamp_now(now);
	buf_printf(&line, "{\"level\":\"%s\",\"msg\":\"", level_names[level]);
	escape_json(&line, message);
	buf_printf(&line, "\",\"time\":\"%s\"}\n", now);
	file_write_fd(settings.file, line.data, line.len);
}

static void write_text(int fd, enum log_level level, const char *message)
{
	auto_buf struct buf line = { 0 };

	buf_printf(&line, "%s: ", settings.program);
	if (level != LOG_LEVEL_ERROR)
		buf_printf(&line, "%s: ", level_names[level]);
	escape_text(&line, message);
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
