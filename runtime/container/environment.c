/* environment.c - the environment of the container's program */
#include "runtime/container/environment.h"

#include <string.h>
#include <unistd.h>

#include "base/strv.h"
#include "runtime/linux/user.h"

enum { ADDED_MAX = 5 };

/* They replace what config.json may say: that was about another process. */
static size_t add_systemd(const struct process *process, struct arena *arena, char **added)
{
	size_t len = 0;

	if (process->listen_fds) {
		added[len++] = arena_printf(arena, "LISTEN_FDS=%d", process->listen_fds);
		added[len++] = arena_printf(arena, "LISTEN_PID=%d", getpid());
	}
	if (process->notify_socket)
		added[len++] = arena_printf(arena, "NOTIFY_SOCKET=%s", process->notify_socket);
	return len;
}

/* HOME is what a login would set; the specification leaves it open, all engines rely on it. */
int environment_make(struct process *process, struct error *err)
{
	const struct spec_process *spec = process->spec;
	struct arena *arena = &process->arena;
	char *added[ADDED_MAX];
	size_t added_len = add_systemd(process, arena, added), len = strv_len(spec->env);
	const char *home = NULL;
	int r = 0;

	if (!strv_env_get(spec->env, "HOME"))
		r = user_find_home(spec->user.uid, arena, &home, err);
	if (r < 0)
		return r;
	if (home)
		added[added_len++] = arena_printf(arena, "HOME=%s", home);
	process->env = spec->env;
	if (added_len) {
		process->env = arena_array(arena, len + added_len + 1, sizeof(*process->env));
		memcpy(process->env + len, added, added_len * sizeof(*added));
		if (len)
			memcpy(process->env, spec->env, len * sizeof(*process->env));
	}
	strv_env_unique(process->env, arena);
	return 0;
}
