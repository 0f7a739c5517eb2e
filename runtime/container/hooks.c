/* hooks.c - runs the hooks of config.json, each kind at its moment */
#include "runtime/container/hooks.h"

#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/strv.h"
#include "base/sys.h"
#include "runtime/linux/child.h"

struct kind {
	size_t list, len; /* offsets of the members in struct spec_hooks */
	enum spec_status status;
	bool is_inside; /* run by the container's process, which tells them its pid as it sees it */
	bool inherits;  /* an empty environment is as an absent one: runc's custom */
	bool only_warns;
};

char *hooks_names[] = {
	[HOOKS_PRESTART] = "prestart",
	[HOOKS_CREATE_RUNTIME] = "createRuntime",
	[HOOKS_CREATE_CONTAINER] = "createContainer",
	[HOOKS_START_CONTAINER] = "startContainer",
	[HOOKS_POSTSTART] = "poststart",
	[HOOKS_POSTSTOP] = "poststop",
	NULL,
};

#define LIST(member) offsetof(struct spec_hooks, member), offsetof(struct spec_hooks, member##_len)

static const struct kind kinds[] = {
	[HOOKS_PRESTART] = { LIST(prestart), SPEC_STATUS_CREATING },
	[HOOKS_CREATE_RUNTIME] = { LIST(createRuntime), SPEC_STATUS_CREATING },
	[HOOKS_CREATE_CONTAINER] = { LIST(createContainer), SPEC_STATUS_CREATING,
				     .is_inside = true },
	[HOOKS_START_CONTAINER] = { LIST(startContainer), SPEC_STATUS_CREATED,
				    .is_inside = true, .inherits = true },
	[HOOKS_POSTSTART] = { LIST(poststart), SPEC_STATUS_RUNNING },
	[HOOKS_POSTSTOP] = { LIST(poststop), SPEC_STATUS_STOPPED, .only_warns = true },
};

static size_t list_of(const struct spec_hooks *hooks, enum hooks_kind kind,
		      const struct spec_hook **list)
{
	*list = *(struct spec_hook *const *)((const char *)hooks + kinds[kind].list);
	return *(const size_t *)((const char *)hooks + kinds[kind].len);
}

bool hooks_has(const struct spec_hooks *hooks, enum hooks_kind kind)
{
	const struct spec_hook *list;

	return hooks && list_of(hooks, kind, &list) > 0;
}

char **hooks_list(const struct spec_hooks *hooks, struct arena *arena)
{
	char **names;
	size_t len = 0;

	if (!hooks)
		return NULL;
	names = arena_array(arena, sizeof(hooks_names) / sizeof(*hooks_names), sizeof(*names));
	for (enum hooks_kind kind = HOOKS_PRESTART; kind <= HOOKS_POSTSTOP; kind++)
		if (hooks_has(hooks, kind))
			names[len++] = hooks_names[kind];
	return len ? names : NULL;
}

bool hooks_are_listed(const struct spec_state *state, enum hooks_kind kind)
{
	return strv_contains(state->hooks, hooks_names[kind]);
}

static void write_document(const struct hooks_call *call, enum hooks_kind kind, struct buf *out)
{
	struct spec_state state = *call->state;

	state.status = (int)kinds[kind].status;
	if (kinds[kind].is_inside)
		state.pid = getpid();
	spec_state_write_hook(&state, out);
}

static int run_hook(const struct hooks_call *call, enum hooks_kind kind,
		    const struct spec_hook *hook, const struct buf *document, int *status,
		    struct error *err)
{
	bool has_env = hook->env && (*hook->env || !kinds[kind].inherits);
	struct child_request request = {
		.path = hook->path,
		.args = hook->args,
		.env = has_env ? hook->env : call->env,
		.directory = call->directory,
		.input = document->data,
		.input_len = document->len,
		.timeout = hook->timeout ? *hook->timeout : 0,
		.preserved_fds = call->preserved_fds,
		.watched = call->init,
		.watched_end = "the container's process has ended meanwhile",
		.output = call->output.output,
		.error = call->output.error,
	};

	return child_run(&request, status, err);
}

static void warn(enum hooks_kind kind, int status, const struct error *cause)
{
	/* crun's words. */
	if (status > 0)
		log_warning("%s hook failed with exit code %d: %s", hooks_names[kind], status,
			    cause->text);
	else
		log_warning("%s", cause->text);
}

int hooks_run(const struct hooks_call *call, enum hooks_kind kind, struct error *err)
{
	auto_buf struct buf document = { 0 };
	const struct spec_hook *list;
	size_t len;

	if (!hooks_has(call->hooks, kind))
		return 0;
	len = list_of(call->hooks, kind, &list);
	write_document(call, kind, &document);
	for (size_t i = 0; i < len; i++) {
		struct error cause = { 0 };
		int status, r;

		log_debug("%s hook #%zu: \"%s\"", hooks_names[kind], i, list[i].path);
		r = run_hook(call, kind, &list[i], &document, &status, &cause);
		if (r >= 0)
			continue;
		/* Users of runc know these words. */
		error_context(&cause, "error running %s hook #%zu: \"%s\"", hooks_names[kind], i,
			      list[i].path);
		if (!kinds[kind].only_warns)
			return error_set(err, r, "%s", cause.text);
		warn(kind, status, &cause);
	}
	return 0;
}

int hooks_read(struct container *container, enum hooks_kind kind, struct error *err)
{
	if (!hooks_are_listed(&container->state, kind) || container->config.root)
		return 0;
	return container_read_config(container, err);
}

int hooks_run_outside(const struct container *container, enum hooks_kind kind, int init,
		      struct error *err)
{
	struct hooks_call call = {
		.hooks = container->config.hooks,
		.state = &container->state,
		.env = environ,
		.init = init,
	};
	auto_hooks_output struct hooks_output output = HOOKS_OUTPUT_NONE;
	auto_close int bundle = -1;
	struct error cause = { 0 };
	int r;

	if (!hooks_has(call.hooks, kind))
		return 0;
	/* Its owner may have removed the bundle by the time of poststop: better here than not. */
	call.directory = bundle =
		sys_open(container->state.bundle, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	r = hooks_output_open(&container->config, bundle, &output, &cause);
	if (r < 0 && !kinds[kind].only_warns)
		return error_set(err, r, "%s", cause.text);
	if (r < 0)
		log_warning("%s", cause.text);
	call.output = output;
	return hooks_run(&call, kind, err);
}
