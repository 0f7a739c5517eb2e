/* fuzz_log.c - messages with what a container chose: as lines of text and of JSON */
#include "base/log.h"

#include <string.h>

#include "base/file.h"
#include "spec/json.h"
#include "tests/fuzz/fuzz.h"

static bool is_json;

int __wrap_file_write_fd(int fd, const void *data, size_t len);
int __wrap_sys_open(const char *path, int flags, mode_t mode);

static int take(void *data)
{
	(void)data;
	return 1;
}

static int take_text(void *data, const unsigned char *text, size_t len)
{
	(void)data;
	(void)text;
	(void)len;
	return 1;
}

/* In the place of file.c's: looks at the line. */
int __wrap_file_write_fd(int fd, const void *data, size_t len)
{
	static const struct json_events events = {
		.start_map = take, .map_key = take_text, .string = take_text, .end_map = take,
	};
	const unsigned char *line = data;
	struct error err = { 0 };

	(void)fd;
	fuzz_check(len && line[len - 1] == '\n');
	for (size_t i = 0; i + 1 < len; i++)
		fuzz_check(line[i] >= 0x20 && line[i] != 0x7f);
	fuzz_check(!is_json || json_parse(data, len, &events, NULL, &err) == 0);
	return 0;
}

int __wrap_sys_open(const char *path, int flags, mode_t mode)
{
	enum { NO_FILE = 1000 };

	(void)path;
	(void)flags;
	(void)mode;
	return NO_FILE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	const char *message = fuzz_text(&arena, data, size);

	log_set_sink(NULL, NULL);
	for (int json = 0; json < 2; json++) {
		const struct log_settings settings = { .file = "log", .json = json };

		is_json = json;
		log_open(&settings, NULL);
		log_write(LOG_LEVEL_WARNING, message);
	}
	return 0;
}
