/* config.c - from settings to a config.json that is ready to run */
#include "bundles/config.h"

#include <linux/sched.h>
#include <string.h>
#include <unistd.h>

#include "base/strv.h"
#include "spec/defaults.h"

/*
 * What runs where no command is given. With a terminal (/dev/console is there then, and only then:
 * config-linux.md, "Default Devices") it is a shell. Without one, a shell would read what create
 * inherited and end at once, before anything could be done with "exec"; so it waits until it is
 * told to end, and reaps.
 */
static const char default_script[] =
	"[ -c /dev/console ] && exec /bin/sh -l; trap 'exit 0' TERM INT; "
	"while sleep 3600 & wait $!; do :; done";

static char **copy_strings(struct arena *arena, char *const *strings, size_t spare)
{
	size_t len = strv_len(strings);
	char **copy = arena_array(arena, len + spare + 1, sizeof(*copy));

	for (size_t i = 0; i < len; i++)
		copy[i] = strings[i];
	return copy;
}

static char **make_args(const struct settings *settings, struct arena *arena)
{
	char *const script[] = { "/bin/sh", "-c", arena_strdup(arena, default_script), NULL };

	if (strv_len(settings->command))
		return copy_strings(arena, settings->command, 0);
	return copy_strings(arena, script, 0);
}

/* A variable that is there already is replaced. */
static char **make_env(char *const *defaults, char *const *wanted, struct arena *arena)
{
	char **env = copy_strings(arena, defaults, strv_len(wanted));
	size_t len = strv_len(env);

	for (; wanted && *wanted; wanted++) {
		size_t name = strcspn(*wanted, "=") + 1, i = 0;

		while (i < len && strncmp(env[i], *wanted, name) != 0)
			i++;
		env[i] = *wanted;
		if (i == len)
			len++;
	}
	return env;
}

static void set_process(const struct settings *settings, struct arena *arena,
			struct spec_process *process)
{
	struct spec_capabilities *sets = arena_alloc(arena, sizeof(*sets));

	/* Docker's sets: neither inheritable nor ambient. */
	sets->bounding = copy_strings(arena, spec_docker_capabilities, 0);
	sets->permitted = copy_strings(arena, spec_docker_capabilities, 0);
	sets->effective = copy_strings(arena, spec_docker_capabilities, 0);
	process->capabilities = sets;
	process->terminal = settings->tty;
	process->args = make_args(settings, arena);
	process->env = make_env(process->env, settings->env, arena);
	process->user = (struct spec_user){ .uid = settings->uid, .gid = settings->gid };
	if (settings->cwd)
		process->cwd = arena_strdup(arena, settings->cwd);
}

static void add_volumes(const struct settings *settings, struct arena *arena,
			struct spec_config *config)
{
	size_t len = config->mounts_len;
	struct spec_mount *mounts =
		arena_array(arena, len + settings->volumes_len + 1, sizeof(*mounts));

	memcpy(mounts, config->mounts, len * sizeof(*mounts));
	for (size_t i = 0; i < settings->volumes_len; i++) {
		const struct volume *volume = &settings->volumes[i];
		/* "ro" would leave what is mounted below the source writable, mount_setattr(2). */
		char *options[] = { "rbind", "rprivate", volume->readonly ? "rro" : NULL, NULL };

		mounts[len++] = (struct spec_mount){
			.destination = volume->destination,
			.type = "bind",
			.source = volume->source,
			.options = copy_strings(arena, options, 0),
		};
	}
	config->mounts = mounts;
	config->mounts_len = len;
}

static void set_limits(const struct settings *settings, struct arena *arena,
		       struct spec_linux *linux)
{
	if (!linux->resources)
		linux->resources = arena_alloc(arena, sizeof(*linux->resources));
	linux->resources->pids = arena_alloc(arena, sizeof(*linux->resources->pids));
	linux->resources->pids->limit = arena_alloc(arena, sizeof(*linux->resources->pids->limit));
	*linux->resources->pids->limit = settings->pids;
	if (settings->memory) {
		struct spec_memory *memory = arena_alloc(arena, sizeof(*memory));

		memory->limit = arena_alloc(arena, sizeof(*memory->limit));
		*memory->limit = settings->memory;
		linux->resources->memory = memory;
	}
	if (settings->cpu_quota) {
		struct spec_cpu *cpu = arena_alloc(arena, sizeof(*cpu));

		cpu->quota = arena_alloc(arena, sizeof(*cpu->quota));
		*cpu->quota = settings->cpu_quota;
		cpu->period = arena_alloc(arena, sizeof(*cpu->period));
		*cpu->period = SETTINGS_CPU_PERIOD;
		linux->resources->cpu = cpu;
	}
}

static void add_user_namespace(const struct settings *settings, struct arena *arena,
			       struct spec_linux *linux)
{
	size_t len = linux->namespaces_len;
	struct spec_namespace *namespaces = arena_array(arena, len + 1, sizeof(*namespaces));
	struct spec_id_mapping *mapping = arena_alloc(arena, sizeof(*mapping));

	memcpy(namespaces, linux->namespaces, len * sizeof(*namespaces));
	namespaces[len].type = CLONE_NEWUSER;
	linux->namespaces = namespaces;
	linux->namespaces_len = len + 1;
	*mapping = (struct spec_id_mapping){ .containerID = 0, .hostID = settings->id_first,
					     .size = settings->id_size };
	linux->uidMappings = mapping;
	linux->gidMappings = mapping;
	linux->uidMappings_len = 1;
	linux->gidMappings_len = 1;
}

static void set_rootless(const struct owners *owners, struct arena *arena,
			 struct spec_config *config)
{
	struct spec_linux *linux = config->linux;

	spec_default_rootless(arena, geteuid(), getegid(), config);
	if (!owners->size)
		return;
	linux->uidMappings = owners->uids;
	linux->uidMappings_len = owners->uids_len;
	linux->gidMappings = owners->gids;
	linux->gidMappings_len = owners->gids_len;
}

void config_make(const struct settings *settings, const char *hostname, bool rootless,
		 const struct owners *owners, struct arena *arena, struct spec_config *config)
{
	bool has_limits = settings->memory || settings->cpu_quota;

	spec_default_config(arena, config);
	if (rootless)
		set_rootless(owners, arena, config);
	if (settings->id_size)
		add_user_namespace(settings, arena, config->linux);
	networking_apply(&settings->networking, arena, config);
	/* A user has no cgroup to limit unless one was delegated; who asks for a limit knows. */
	if (!rootless || has_limits)
		set_limits(settings, arena, config->linux);
	set_process(settings, arena, config->process);
	add_volumes(settings, arena, config);
	config->hostname = arena_strdup(arena, settings->hostname ? settings->hostname : hostname);
	config->root->readonly = settings->read_only;
}
