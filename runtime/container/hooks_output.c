/* hooks_output.c - the files that get what the hooks of a container write */
#include "runtime/container/hooks_output.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"

static int open_file(const struct spec_config *config, const char *annotation, int directory,
		     int *fd, struct error *err)
{
	const char *path = spec_config_annotation(config, annotation);

	if (!path)
		return 0;
	*fd = openat(directory, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	if (*fd >= 0)
		return 0;
	return error_errno(err, errno, "config.json: /annotations/%s: open \"%s\"", annotation,
			   path);
}

int hooks_output_open(const struct spec_config *config, int directory, struct hooks_output *out,
		      struct error *err)
{
	auto_hooks_output struct hooks_output opened = HOOKS_OUTPUT_NONE;
	int r;

	if (!config->hooks)
		return 0;
	r = open_file(config, "run.oci.hooks.stdout", directory, &opened.output, err);
	if (r == 0)
		r = open_file(config, "run.oci.hooks.stderr", directory, &opened.error, err);
	if (r < 0)
		return r;
	out->output = take_fd(&opened.output);
	out->error = take_fd(&opened.error);
	return 0;
}

void hooks_output_close(struct hooks_output *output)
{
	fd_close(&output->output);
	fd_close(&output->error);
}
