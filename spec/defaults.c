/* defaults.c - the config.json that `gocker spec` writes and that gocker-bundle starts from */
#include "spec/defaults.h"

#include <linux/sched.h>
#include <string.h>
#include <sys/resource.h>

#include "base/strv.h"

/* What members point to: constant here, copied into the arena so that the caller may change it. */
#define STRINGS(...) ((char *const[]){ __VA_ARGS__, NULL })

static char *const environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"TERM=xterm",
	NULL,
};

static char *const capabilities[] = { "CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE", NULL };

char *const spec_docker_capabilities[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW",
	"CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
	"CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE", NULL,
};

static const struct {
	char *destination, *type, *source;
	char *const *options;
} mounts[] = {
	{ "/proc", "proc", "proc", NULL },
	{ "/dev", "tmpfs", "tmpfs", STRINGS("nosuid", "strictatime", "mode=755", "size=65536k") },
	{ "/dev/pts", "devpts", "devpts",
	  STRINGS("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5") },
	{ "/dev/shm", "tmpfs", "shm",
	  STRINGS("nosuid", "noexec", "nodev", "mode=1777", "size=65536k") },
	{ "/dev/mqueue", "mqueue", "mqueue", STRINGS("nosuid", "noexec", "nodev") },
	{ "/sys", "sysfs", "sysfs", STRINGS("nosuid", "noexec", "nodev", "ro") },
	{ "/sys/fs/cgroup", "cgroup", "cgroup",
	  STRINGS("nosuid", "noexec", "nodev", "relatime", "ro") },
};

static const int namespaces[] = {
	CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWNS, CLONE_NEWCGROUP,
};

static char *const masked_paths[] = {
	"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
	"/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
	NULL,
};

static char *const readonly_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", NULL,
};

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static char **copy_strings(struct arena *arena, char *const *strings)
{
	size_t len = strv_len(strings);
	char **copy = arena_array(arena, len + 1, sizeof(*copy));

	if (len)
		memcpy(copy, strings, len * sizeof(*copy));
	return copy;
}

static struct spec_process *default_process(struct arena *arena)
{
	struct spec_process *process = arena_alloc(arena, sizeof(*process));
	struct spec_capabilities *sets = arena_alloc(arena, sizeof(*sets));

	sets->bounding = copy_strings(arena, capabilities);
	sets->permitted = copy_strings(arena, capabilities);
	sets->effective = copy_strings(arena, capabilities);
	process->terminal = true;
	process->args = copy_strings(arena, STRINGS("sh"));
	process->env = copy_strings(arena, environment);
	process->cwd = "/";
	process->capabilities = sets;
	process->rlimits = arena_alloc(arena, sizeof(*process->rlimits));
	process->rlimits[0] = (struct spec_rlimit){ RLIMIT_NOFILE, .hard = 1024, .soft = 1024 };
	process->rlimits_len = 1;
	process->noNewPrivileges = true;
	return process;
}

static struct spec_resources *default_resources(struct arena *arena)
{
	struct spec_resources *resources = arena_alloc(arena, sizeof(*resources));

	resources->devices = arena_alloc(arena, sizeof(*resources->devices));
	resources->devices[0] = (struct spec_device_rule){ .allow = false, .access = "rwm" };
	resources->devices_len = 1;
	return resources;
}

static struct spec_linux *default_linux(struct arena *arena)
{
	struct spec_linux *linux = arena_alloc(arena, sizeof(*linux));

	linux->resources = default_resources(arena);
	linux->namespaces = arena_array(arena, LEN(namespaces), sizeof(*linux->namespaces));
	linux->namespaces_len = LEN(namespaces);
	for (size_t i = 0; i < LEN(namespaces); i++)
		linux->namespaces[i].type = namespaces[i];
	linux->maskedPaths = copy_strings(arena, masked_paths);
	linux->readonlyPaths = copy_strings(arena, readonly_paths);
	return linux;
}

void spec_default_config(struct arena *arena, struct spec_config *config)
{
	*config = (struct spec_config){ .ociVersion = "1.3.0", .hostname = "gocker" };
	config->root = arena_alloc(arena, sizeof(*config->root));
	*config->root = (struct spec_root){ .path = "rootfs", .readonly = true };
	config->process = default_process(arena);
	config->mounts = arena_array(arena, LEN(mounts), sizeof(*config->mounts));
	config->mounts_len = LEN(mounts);
	for (size_t i = 0; i < LEN(mounts); i++) {
		struct spec_mount *mount = &config->mounts[i];

		mount->destination = mounts[i].destination;
		mount->type = mounts[i].type;
		mount->source = mounts[i].source;
		if (mounts[i].options)
			mount->options = copy_strings(arena, mounts[i].options);
	}
	config->linux = default_linux(arena);
}

/* Ids other than the mapped one do not exist in the container, and devpts refuses such a gid. */
static void drop_id_options(char **options)
{
	char **kept = options;

	for (; options && *options; options++)
		if (strncmp(*options, "gid=", 4) && strncmp(*options, "uid=", 4))
			*kept++ = *options;
	if (kept)
		*kept = NULL;
}

/*
 * sysfs belongs to the network namespace, which is the host's here: its /sys is bound instead. What
 * lies below it is read-only, too: cgroups that are delegated to the user (CVE-2023-25809).
 */
static void bind_sys(struct arena *arena, struct spec_mount *mount)
{
	mount->type = "none";
	mount->source = "/sys";
	mount->options = copy_strings(arena, STRINGS("rbind", "nosuid", "noexec", "nodev", "rro"));
}

static struct spec_id_mapping *map_root(struct arena *arena, uint32_t id)
{
	struct spec_id_mapping *mapping = arena_alloc(arena, sizeof(*mapping));

	*mapping = (struct spec_id_mapping){ .containerID = 0, .hostID = id, .size = 1 };
	return mapping;
}

void spec_default_rootless(struct arena *arena, uint32_t uid, uint32_t gid,
			   struct spec_config *config)
{
	struct spec_linux *linux = config->linux;

	for (size_t i = 0; i < linux->namespaces_len; i++)
		if (linux->namespaces[i].type == CLONE_NEWNET)
			linux->namespaces[i].type = CLONE_NEWUSER;
	linux->uidMappings = map_root(arena, uid);
	linux->gidMappings = map_root(arena, gid);
	linux->uidMappings_len = 1;
	linux->gidMappings_len = 1;
	linux->resources = NULL;
	for (size_t i = 0; i < config->mounts_len; i++) {
		if (!strcmp(config->mounts[i].destination, "/sys"))
			bind_sys(arena, &config->mounts[i]);
		else
			drop_id_options(config->mounts[i].options);
	}
}

static bool has_namespace(const struct spec_linux *linux, int type)
{
	for (size_t i = 0; i < linux->namespaces_len; i++)
		if (linux->namespaces[i].type == type)
			return true;
	return false;
}

void spec_default_own_network(struct arena *arena, struct spec_config *config)
{
	struct spec_linux *linux = config->linux;
	size_t len = linux->namespaces_len;
	struct spec_namespace *longer;

	if (has_namespace(linux, CLONE_NEWNET))
		return;
	longer = arena_array(arena, len + 1, sizeof(*longer));
	memcpy(longer, linux->namespaces, len * sizeof(*longer));
	longer[len].type = CLONE_NEWNET;
	linux->namespaces = longer;
	linux->namespaces_len = len + 1;
}

void spec_default_host_network(struct arena *arena, struct spec_config *config)
{
	struct spec_linux *linux = config->linux;
	size_t kept = 0;

	for (size_t i = 0; i < linux->namespaces_len; i++)
		if (linux->namespaces[i].type != CLONE_NEWNET)
			linux->namespaces[kept++] = linux->namespaces[i];
	linux->namespaces_len = kept;
	for (size_t i = 0; i < config->mounts_len && has_namespace(linux, CLONE_NEWUSER); i++)
		if (!strcmp(config->mounts[i].destination, "/sys"))
			bind_sys(arena, &config->mounts[i]);
}
