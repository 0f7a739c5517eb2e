/* support.c - what config.json may ask for that is read but not acted on yet */
#include "runtime/container/support.h"

#include <errno.h>
#include <string.h>

static bool asks_hooks(const struct spec_config *config)
{
	const struct spec_hooks *hooks = config->hooks;

	return hooks && hooks->prestart_len + hooks->createRuntime_len +
				hooks->createContainer_len + hooks->startContainer_len +
				hooks->poststart_len + hooks->poststop_len >
			0;
}

static bool asks_namespace_path(const struct spec_config *config)
{
	for (size_t i = 0; i < config->linux->namespaces_len; i++)
		if (config->linux->namespaces[i].path)
			return true;
	return false;
}

#define ASKS(name, condition)                                                                      \
	static bool asks_##name(const struct spec_config *config)                                  \
	{                                                                                          \
		return condition;                                                                  \
	}

ASKS(scheduler, config->process->scheduler)
ASKS(io_priority, config->process->ioPriority)
ASKS(cpu_affinity, config->process->execCPUAffinity)
ASKS(apparmor, config->process->apparmorProfile && *config->process->apparmorProfile)
ASKS(selinux, config->process->selinuxLabel && *config->process->selinuxLabel)
ASKS(seccomp, config->linux->seccomp)
ASKS(mount_label, config->linux->mountLabel && *config->linux->mountLabel)
ASKS(intel_rdt, config->linux->intelRdt)
ASKS(memory_policy, config->linux->memoryPolicy)
ASKS(personality, config->linux->personality)
ASKS(time_offsets, config->linux->timeOffsets)
ASKS(net_devices, config->linux->netDevices_len)

static const struct {
	const char *place;
	bool (*asks)(const struct spec_config *config);
	bool of_linux;
} rows[] = {
	{ "/hooks", asks_hooks, false },
	{ "/process/scheduler", asks_scheduler, false },
	{ "/process/ioPriority", asks_io_priority, false },
	{ "/process/execCPUAffinity", asks_cpu_affinity, false },
	{ "/process/apparmorProfile", asks_apparmor, false },
	{ "/process/selinuxLabel", asks_selinux, false },
	{ "/linux/namespaces: path", asks_namespace_path, true },
	{ "/linux/seccomp", asks_seccomp, true },
	{ "/linux/mountLabel", asks_mount_label, true },
	{ "/linux/intelRdt", asks_intel_rdt, true },
	{ "/linux/memoryPolicy", asks_memory_policy, true },
	{ "/linux/personality", asks_personality, true },
	{ "/linux/timeOffsets", asks_time_offsets, true },
	{ "/linux/netDevices", asks_net_devices, true },
};

int support_check(const struct spec_config *config, struct error *err)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if ((!rows[i].of_linux || config->linux) && rows[i].asks(config))
			return error_set(err, ENOTSUP, "config.json: %s: is not supported yet",
					 rows[i].place);
	return 0;
}

int support_check_process(const char *name, const struct spec_process *process, struct error *err)
{
	static const char prefix[] = "/process";
	const struct spec_config config = { .process = (struct spec_process *)process };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strncmp(rows[i].place, prefix, strlen(prefix)) && rows[i].asks(&config))
			return error_set(err, ENOTSUP, "%s: %s: is not supported yet", name,
					 rows[i].place + strlen(prefix));
	return 0;
}
