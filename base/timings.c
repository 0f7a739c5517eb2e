/* timings.c - how long each step of a command took, as JSON lines in a file */
#include "base/timings.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "base/timestamp.h"

static struct {
	struct timings_settings settings;
	const char *side;
	int file;
} timings = { .side = "runtime", .file = -1 };

int timings_open(const struct timings_settings *wanted, struct error *err)
{
	int fd = sys_open(wanted->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (fd < 0)
		return error_errno(err, fd, "open the file for timings \"%s\"", wanted->file);
	timings.settings = *wanted;
	timings.file = fd;
	return 0;
}

void timings_close(void)
{
	fd_close(&timings.file);
}

void timings_set_side(const char *side)
{
	timings.side = side;
}

int64_t timings_begin(void)
{
	return timings.file < 0 ? 0 : clock_now();
}

static double microseconds(int64_t nanoseconds)
{
	return (double)nanoseconds / 1000;
}

/* At once and with one write(2): both sides of a container append to the file. */
void timings_end(int64_t begin, const char *step)
{
	const struct timings_settings *settings = &timings.settings;
	auto_buf struct buf line = { 0 };
	char now[TIMESTAMP_SIZE];
	int64_t end;

	if (timings.file < 0)
		return;
	end = clock_now();
	timestamp_now(now);
	buf_printf(&line, "{\"time\":\"%s\",\"command\":\"%s\",\"id\":\"", now,
		   settings->command);
	if (settings->id)
		escape_json(&line, settings->id);
	buf_printf(&line, "\",\"pid\":%d,\"side\":\"%s\",\"step\":\"", (int)getpid(),
		   timings.side);
	escape_json(&line, step);
	buf_printf(&line, "\",\"start_us\":%.1f,\"us\":%.1f}\n",
		   microseconds(begin - settings->start), microseconds(end - begin));
	file_write_fd(timings.file, line.data, line.len);
}
