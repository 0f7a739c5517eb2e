/* log.h - messages for people (text) and for engines (JSON lines), to stderr and a log file */
#pragma once
#include <stdbool.h>

#include "base/error.h"

/* A note is a warning for the log file only, and for stderr where debug messages go there, too. */
enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_NOTE, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

struct log_settings {
	const char *program; /* stands before each line on stderr */
	const char *file;    /* appended to; NULL: none */
	bool json;           /* the form of the lines in the file; stderr is always text */
	bool debug;          /* LOG_LEVEL_DEBUG is written, too */
};

/*
 * Takes the settings over; without a call, messages go to stderr as text.
 * Return: 0, or the errno of open(2) on the file.
 */
int log_open(const struct log_settings *wanted, struct error *err);

/*
 * Hands every further message to the function instead of writing it: a process inside a container
 * sends its messages to the runtime that way. NULL restores the writing.
 */
void log_set_sink(void (*sink)(enum log_level level, const char *message, void *data), void *data);

/* One line; newlines and control characters in the message are written as escapes. */
void log_write(enum log_level level, const char *message);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
