/* spec.c - gocker spec: writes a config.json to start from */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "runtime/cli/commands.h"
#include "spec/config.h"
#include "spec/defaults.h"

struct spec_options {
	const char *bundle;
	bool rootless;
};

static const struct option_row rows[] = {
	OPTION_STRING(spec_options, bundle, "bundle", 'b', "DIR",
		      "directory of the bundle (the current one)"),
	OPTION_FLAG(spec_options, rootless, "rootless", 0, "for a user without privileges"),
	{ 0 },
};

static int run(const struct cli_call *call, struct error *err)
{
	const struct spec_options *options = call->options;
	const char *bundle = options->bundle ? options->bundle : ".";
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf text = { 0 };
	auto_close int dir = sys_open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	auto_close int fd = -1;
	struct spec_config config = { 0 };
	int r;

	if (dir < 0)
		return error_errno(err, dir, "bundle \"%s\"", bundle);
	spec_default_config(&arena, &config);
	if (options->rootless)
		spec_default_rootless(&arena, geteuid(), getegid(), &config);
	spec_config_write(&config, &text);
	fd = sys_openat(dir, "config.json", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd == -EEXIST)
		return error_set(err, EEXIST, "File config.json exists in \"%s\". Remove it first",
				 bundle);
	r = fd < 0 ? fd : file_write_fd(fd, text.data, text.len);
	if (r < 0 && fd >= 0)
		unlinkat(dir, "config.json", 0);
	return r < 0 ? error_errno(err, r, "write config.json in \"%s\"", bundle) : 0;
}

const struct cli_command cli_spec = {
	.name = "spec",
	.arguments = "",
	.summary = "write a config.json to start from",
	.rows = rows,
	.options_size = sizeof(struct spec_options),
	.run = run,
};
