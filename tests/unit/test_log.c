/* test_log.c - messages: where they go, and that none of them breaks a line or a document */
#include "base/log.h"

#include <string.h>

#include "spec/json.h"
#include "tests/unit/unit.h"

static char directory[] = "/tmp/gocker-unit.XXXXXX";
static char log_file[64], error_file[64];

/* What a message leaves in the log file and on stderr, which is a file while it is written. */
struct output {
	struct buf file, standard_error;
};

static void open_log(bool with_file, bool json, bool debug)
{
	struct log_settings settings = {
		.program = "gocker",
		.file = with_file ? log_file : NULL,
		.json = json,
		.debug = debug,
	};
	struct error err = { 0 };

	unlink(log_file);
	assert_int_equal(log_open(&settings, &err), 0);
}

static void capture(struct output *output, enum log_level level, const char *message)
{
	int saved = dup(STDERR_FILENO);
	auto_close int fd = open(error_file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	*output = (struct output){ 0 };
	dup2(fd, STDERR_FILENO);
	log_write(level, message);
	dup2(saved, STDERR_FILENO);
	close(saved);
	buf_puts(&output->file, "");
	buf_puts(&output->standard_error, "");
	file_read_at(AT_FDCWD, log_file, 1 << 20, &output->file);
	file_read_at(AT_FDCWD, error_file, 1 << 20, &output->standard_error);
}

static void release(struct output *output)
{
	buf_free(&output->file);
	buf_free(&output->standard_error);
}

static void test_places(void **state)
{
	struct output output;

	(void)state;
	open_log(false, false, false);
	capture(&output, LOG_LEVEL_WARNING, "w");
	assert_string_equal(output.standard_error.data, "gocker: warning: w\n");
	release(&output);
	capture(&output, LOG_LEVEL_NOTE, "n");
	assert_string_equal(output.standard_error.data, "");
	release(&output);
	capture(&output, LOG_LEVEL_ERROR, "e");
	assert_string_equal(output.standard_error.data, "gocker: e\n");
	release(&output);
	capture(&output, LOG_LEVEL_DEBUG, "d");
	assert_string_equal(output.standard_error.data, "");
	release(&output);

	open_log(true, false, true);
	capture(&output, LOG_LEVEL_DEBUG, "d");
	assert_string_equal(output.file.data, "gocker: debug: d\n");
	assert_string_equal(output.standard_error.data, "");
	release(&output);
	capture(&output, LOG_LEVEL_ERROR, "e");
	assert_string_equal(output.file.data, "gocker: debug: d\ngocker: e\n");
	assert_string_equal(output.standard_error.data, "gocker: e\n");
	release(&output);
}

static void test_text(void **state)
{
	static const char *const rows[][2] = {
		{ "plain", "plain" },
		{ "a\nb", "a\\nb" },
		{ "\x1b[2J\r\t\x7f", "\\x1b[2J\\x0d\\x09\\x7f" },
		{ "gr\xc3\xbcn \xe2\x82\xac \xf0\x9f\x98\x80",
		  "gr\xc3\xbcn \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "\x9bm", "\\x9bm" },        /* CSI in eight bits */
		{ "\xc2\x9bm", "\\x9bm" },    /* and as UTF-8 */
		{ "\xff\xfe", "\\xff\\xfe" }, /* never in UTF-8 */
		{ "\xc3", "\\xc3" },          /* cut */
		{ "\xe2\x82", "\\xe2\\x82" },
		{ "\xc0\xaf", "\\xc0\\xaf" }, /* overlong "/" */
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },          /* half a surrogate pair */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* behind the last character */
		{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80" },
		{ "\xc3(", "\\xc3(" },
		{ "\"\\", "\"\\" },
	};

	(void)state;
	open_log(false, false, false);
	for (size_t i = 0; i < LEN(rows); i++) {
		auto_buf struct buf wanted = { 0 };
		struct output output;

		buf_printf(&wanted, "gocker: %s\n", rows[i][1]);
		capture(&output, LOG_LEVEL_ERROR, rows[i][0]);
		assert_string_equal(output.standard_error.data, wanted.data);
		release(&output);
	}
}

/* The one line is a document, and its message what a reader should get. */
static void assert_json(const char *message, const char *wanted)
{
	static const struct json_events events = { 0 };
	auto_buf struct buf start = { 0 };
	struct error err = { 0 };
	struct output output;

	open_log(true, true, false);
	capture(&output, LOG_LEVEL_ERROR, message);
	buf_printf(&start, "{\"level\":\"error\",\"msg\":\"%s\",\"time\":\"2", wanted);
	assert_int_equal(strncmp(output.file.data, start.data, start.len), 0);
	assert_ptr_equal(strchr(output.file.data, '\n'), output.file.data + output.file.len - 1);
	assert_int_equal(json_parse(output.file.data, output.file.len, &events, NULL, &err), 0);
	release(&output);
}

static void test_json(void **state)
{
	static const char *const rows[][2] = {
		{ "plain", "plain" },
		{ "", "" },
		{ "say \"hi\" \\ /", "say \\\"hi\\\" \\\\ /" },
		{ "a\nb\r\t", "a\\nb\\u000d\\u0009" },
		{ "\x01\x1f\x7f", "\\u0001\\u001f\\u007f" },
		{ "\xc3\xbc\xf0\x9f\x98\x80", "\xc3\xbc\xf0\x9f\x98\x80" },
		{ "\xc2\x9b", "\\u009b" },
		{ "\xff", "\\ufffd" },
		{ "x\xc3", "x\\ufffd" },
		{ "\xc0\xaf", "\\ufffd\\ufffd" },
		{ "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd" },
		{ "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" },
		{ "\xc3\"", "\\ufffd\\\"" },
		{ "\",\"level\":\"info", "\\\",\\\"level\\\":\\\"info" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		assert_json(rows[i][0], rows[i][1]);
}

static void test_every_byte(void **state)
{
	static const struct json_events events = { 0 };
	char message[256];
	struct error err = { 0 };
	struct output output;

	(void)state;
	for (int i = 0; i < 255; i++)
		message[i] = (char)(255 - i);
	message[255] = 0;
	open_log(true, true, false);
	capture(&output, LOG_LEVEL_ERROR, message);
	assert_int_equal(json_parse(output.file.data, output.file.len, &events, NULL, &err), 0);
	for (size_t i = 0; i + 1 < output.standard_error.len; i++)
		assert_true((unsigned char)output.standard_error.data[i] >= 0x20);
	release(&output);
}

static void test_formatted(void **state)
{
	static char text[8192];
	auto_buf struct buf line = { 0 };

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	open_log(true, false, false);
	log_warning("%s", text);
	assert_int_equal(file_read_at(AT_FDCWD, log_file, 1 << 20, &line), 0);
	assert_string_equal(line.data + line.len - 5, "x...\n");
}

static enum log_level sink_level;
static char sink_text[64];

static void sink(enum log_level level, const char *message, void *data)
{
	assert_ptr_equal(data, sink_text);
	sink_level = level;
	snprintf(sink_text, sizeof(sink_text), "%s", message);
}

static void test_note(void **state)
{
	struct output output;

	(void)state;
	open_log(true, false, false);
	capture(&output, LOG_LEVEL_NOTE, "n");
	assert_string_equal(output.file.data, "gocker: warning: n\n");
	assert_string_equal(output.standard_error.data, "");
	release(&output);
	open_log(false, false, true);
	capture(&output, LOG_LEVEL_NOTE, "n");
	assert_string_equal(output.standard_error.data, "gocker: warning: n\n");
	release(&output);
}

static void test_sink(void **state)
{
	struct output output;

	(void)state;
	open_log(true, false, false);
	log_set_sink(sink, sink_text);
	capture(&output, LOG_LEVEL_WARNING, "w");
	assert_string_equal(sink_text, "w");
	assert_int_equal(sink_level, LOG_LEVEL_WARNING);
	assert_string_equal(output.file.data, "");
	assert_string_equal(output.standard_error.data, "");
	release(&output);
	capture(&output, LOG_LEVEL_DEBUG, "d");
	assert_string_equal(sink_text, "w");
	release(&output);
	log_set_sink(NULL, NULL);
	capture(&output, LOG_LEVEL_ERROR, "e");
	assert_string_equal(output.file.data, "gocker: e\n");
	assert_string_equal(sink_text, "w");
	release(&output);
}

/* The level may come from another process. */
static void test_odd_level(void **state)
{
	struct output output;

	(void)state;
	open_log(true, true, false);
	capture(&output, (enum log_level)1000, "x");
	assert_int_equal(strncmp(output.file.data, "{\"level\":\"error\"", 16), 0);
	release(&output);
	capture(&output, (enum log_level) - 1, "x");
	assert_int_equal(strncmp(output.file.data, "{\"level\":\"error\"", 16), 0);
	release(&output);
}

static void test_no_file(void **state)
{
	struct log_settings settings = { .program = "gocker", .file = "/nonexistent/log" };
	struct error err = { 0 };

	(void)state;
	assert_true(log_open(&settings, &err) < 0);
	assert_string_equal(err.text,
			    "open log file \"/nonexistent/log\": no such file or directory");
}

static int make_directory(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(log_file, sizeof(log_file), "%s/log", directory);
	snprintf(error_file, sizeof(error_file), "%s/error", directory);
	return 0;
}

static int remove_directory(void **state)
{
	(void)state;
	return file_remove_tree_at(AT_FDCWD, directory);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_formatted),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_sink),
		cmocka_unit_test(test_odd_level),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests_name("log", tests, make_directory, remove_directory);
}
