/* mounts.c - gocker mounts: adds mounts to a container that exists, and takes them away */
#include "runtime/container/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "runtime/cli/commands.h"

enum { DOCUMENT_SIZE_MAX = 16 * 1024 * 1024 };

static int run(const struct cli_call *call, struct error *err)
{
	const char *verb = call->args[0], *path = call->args[2];
	bool is_stdin = !strcmp(path, "-");
	struct mounts_request request = {
		.id = call->args[1],
		.removes = !strcmp(verb, "remove"),
		.name = is_stdin ? "standard input" : path,
	};
	auto_buf struct buf text = { 0 };
	auto_close int store = -1;
	int r;

	if (!request.removes && strcmp(verb, "add") != 0)
		return error_set(err, EINVAL, "usage: gocker mounts add|remove ID FILE");
	r = store = cli_open_store(call->globals, false, err);
	if (r < 0)
		return error_context(err, "%s \"%.80s\"", verb, request.id);
	r = is_stdin ? file_read_fd(STDIN_FILENO, DOCUMENT_SIZE_MAX, &text) :
		       file_read_at(AT_FDCWD, path, DOCUMENT_SIZE_MAX, &text);
	if (r < 0)
		return error_errno(err, r, "read \"%s\"", path);
	request.text = text.data ? text.data : "";
	request.len = text.len;
	r = mounts_change(store, &request, err);
	return r < 0 ? error_context(err, "%s \"%.80s\"", verb, request.id) : 0;
}

const struct cli_command cli_mounts = {
	.name = "mounts",
	.arguments = "add|remove ID FILE",
	.summary = "add mounts to a container that exists, or take them away",
	.args_min = 3,
	.args_max = 3,
	.sealed = true,
	.run = run,
};
