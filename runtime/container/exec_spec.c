/* exec_spec.c - what process an exec is to run */
#include "runtime/container/exec_spec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/strv.h"
#include "runtime/linux/caps.h"
#include "runtime/linux/user.h"

enum { PROCESS_SIZE_MAX = 16 * 1024 * 1024 };

/* What a document leaves out is as the container's own process has it, as in runc. */
static void inherit(struct spec_process *spec, const struct spec_process *from)
{
	if (!spec->apparmorProfile)
		spec->apparmorProfile = from->apparmorProfile;
	if (!spec->selinuxLabel)
		spec->selinuxLabel = from->selinuxLabel;
	if (!spec->capabilities)
		spec->capabilities = from->capabilities;
	if (!spec->rlimits_len) {
		spec->rlimits = from->rlimits;
		spec->rlimits_len = from->rlimits_len;
	}
	if (!spec->scheduler)
		spec->scheduler = from->scheduler;
	if (!spec->ioPriority)
		spec->ioPriority = from->ioPriority;
	if (!spec->execCPUAffinity ||
	    (!spec->execCPUAffinity->initial && !spec->execCPUAffinity->final))
		spec->execCPUAffinity = from->execCPUAffinity;
	if (!spec->user.umask)
		spec->user.umask = from->user.umask;
}

/* That of config.json, which may have none: then there is nothing to be had from it. */
static const struct spec_process *first_process(const struct container *container)
{
	static const struct spec_process none = { .cwd = "/" };
	const struct spec_process *process = container->config.process;

	return process ? process : &none;
}

static int read_process_file(const char *path, struct container *container,
			     struct spec_process *spec, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r = file_read_at(AT_FDCWD, path, PROCESS_SIZE_MAX, &text);

	if (r < 0)
		return error_errno(err, r, "read \"%s\"", path);
	r = spec_process_parse(path, text.data, text.len, &container->arena, spec, err);
	if (r < 0)
		return r;
	inherit(spec, first_process(container));
	return 0;
}

static int set_groups(char **groups, struct arena *arena, struct spec_process *spec,
		      struct error *err)
{
	size_t len = strv_len(groups);
	uint32_t *gids = arena_array(arena, len, sizeof(*gids));

	for (size_t i = 0; i < len; i++)
		if (number_parse_id(groups[i], &gids[i]) < 0)
			return error_set(err, EINVAL, "additional group \"%s\" is not a group id",
					 groups[i]);
	spec->user.additionalGids = gids;
	spec->user.additionalGids_len = len;
	return 0;
}

static char **join_env(struct arena *arena, char **first, char **second)
{
	size_t first_len = strv_len(first), second_len = strv_len(second);
	char **joined = arena_array(arena, first_len + second_len + 1, sizeof(*joined));

	if (first && first_len)
		memcpy(joined, first, first_len * sizeof(*joined));
	if (second && second_len)
		memcpy(joined + first_len, second, second_len * sizeof(*joined));
	return joined;
}

/* The command line's changes to the container's own process. */
static int apply_request(const struct exec_request *request, struct container *container,
			 struct spec_process *spec, struct error *err)
{
	struct arena *arena = &container->arena;
	int r = 0;

	*spec = *first_process(container);
	if (!request->args || !request->args[0])
		return error_set(err, EINVAL, "exec needs a command or --process");
	spec->args = request->args;
	spec->terminal = request->tty;
	spec->env = join_env(arena, spec->env, request->env);
	if (request->cwd)
		spec->cwd = (char *)request->cwd;
	if (*spec->cwd != '/')
		return error_set(err, EINVAL, "Cwd must be an absolute path, not \"%s\"",
				 spec->cwd);
	spec->noNewPrivileges |= request->no_new_privs;
	if (request->apparmor)
		spec->apparmorProfile = (char *)request->apparmor;
	if (request->process_label)
		spec->selinuxLabel = (char *)request->process_label;
	if (request->user)
		r = user_parse(request->user, &spec->user.uid, &spec->user.gid, err);
	if (r == 0 && request->groups)
		r = set_groups(request->groups, arena, spec, err);
	if (r == 0 && request->caps)
		r = caps_add(&spec->capabilities, request->caps, arena, err);
	return r;
}

int exec_spec_make(const struct exec_request *request, struct container *container,
		   struct spec_process *spec, struct error *err)
{
	return request->process_file ?
		       read_process_file(request->process_file, container, spec, err) :
		       apply_request(request, container, spec, err);
}
