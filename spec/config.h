/* config.h - config.json of the OCI runtime specification 1.3, Linux, as C */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/table.h"

/*
 * Members are named exactly like their JSON keys, so that one word leads from the specification to
 * the system call. What is absent is NULL: objects, strings, and numbers and booleans whose absence
 * differs from 0 or false. An optional string that is empty counts as absent. A list of strings is
 * a NULL-terminated array; any other list is a pointer with <member>_len beside it; a list that is
 * there but empty is not NULL. Names of kernel constants are read into their values by tables.
 */

#define SPEC_VERSION "1.3.0" /* of the specification, as ociVersion has it */

struct spec_pair { char *key, *value; };

struct spec_id_mapping { uint32_t containerID, hostID, size; };

struct spec_root {
	char *path;
	bool readonly;
};

struct spec_mount {
	char *destination, *type, *source;
	char **options;
	struct spec_id_mapping *uidMappings, *gidMappings;
	size_t uidMappings_len, gidMappings_len;
};

struct spec_console_size { uint64_t height, width; };

struct spec_user {
	uint32_t uid, gid;
	uint32_t *umask;
	uint32_t *additionalGids;
	size_t additionalGids_len;
	char *username;
};

struct spec_capabilities { char **bounding, **permitted, **effective, **inheritable, **ambient; };

struct spec_rlimit {
	int type; /* RLIMIT_*: spec_rlimit_types */
	uint64_t hard, soft;
};

struct spec_scheduler {
	int policy; /* SCHED_*: spec_scheduler_policies */
	int32_t *nice, *priority;
	char **flags;
	uint64_t *runtime, *deadline, *period;
};

struct spec_io_priority {
	int class; /* IOPRIO_CLASS_*: spec_io_priority_classes */
	int32_t priority;
};

struct spec_cpu_affinity { char *initial, *final; };

struct spec_process {
	bool terminal;
	struct spec_console_size *consoleSize;
	struct spec_user user;
	char **args;
	char *commandLine;
	char **env;
	char *cwd;
	struct spec_capabilities *capabilities;
	struct spec_rlimit *rlimits;
	size_t rlimits_len;
	bool noNewPrivileges;
	char *apparmorProfile, *selinuxLabel;
	int64_t *oomScoreAdj;
	struct spec_scheduler *scheduler;
	struct spec_io_priority *ioPriority;
	struct spec_cpu_affinity *execCPUAffinity;
};

struct spec_hook {
	char *path;
	char **args, **env;
	int64_t *timeout; /* seconds */
};

struct spec_hooks {
	struct spec_hook *prestart, *createRuntime, *createContainer, *startContainer;
	struct spec_hook *poststart, *poststop;
	size_t prestart_len, createRuntime_len, createContainer_len, startContainer_len;
	size_t poststart_len, poststop_len;
};

struct spec_namespace {
	int type; /* CLONE_NEW*: spec_namespace_types */
	char *path;
};

struct spec_device {
	char type; /* 'b', 'c', 'u' or 'p' */
	char *path;
	int64_t major, minor;
	uint32_t *fileMode, *uid, *gid;
};

struct spec_net_device {
	char *device; /* the key: the name in the runtime's namespace */
	char *name;
};

struct spec_device_rule {
	bool allow;
	char *type;            /* "a", "b", "c"; absent is "a" */
	int64_t *major, *minor; /* absent or -1: any */
	char *access;
};

struct spec_memory {
	int64_t *limit, *reservation, *swap, *kernel, *kernelTCP;
	uint64_t *swappiness;
	bool *disableOOMKiller, *useHierarchy, *checkBeforeUpdate;
};

struct spec_cpu {
	uint64_t *shares;
	int64_t *quota;
	uint64_t *burst, *period;
	int64_t *realtimeRuntime;
	uint64_t *realtimePeriod;
	char *cpus, *mems;
	int64_t *idle;
};

struct spec_pids { int64_t *limit; };

struct spec_weight_device {
	int64_t major, minor;
	uint16_t *weight, *leafWeight;
};

struct spec_throttle_device {
	int64_t major, minor;
	uint64_t rate;
};

struct spec_block_io {
	uint16_t *weight, *leafWeight;
	struct spec_weight_device *weightDevice;
	size_t weightDevice_len;
	struct spec_throttle_device *throttleReadBpsDevice, *throttleWriteBpsDevice;
	struct spec_throttle_device *throttleReadIOPSDevice, *throttleWriteIOPSDevice;
	size_t throttleReadBpsDevice_len, throttleWriteBpsDevice_len;
	size_t throttleReadIOPSDevice_len, throttleWriteIOPSDevice_len;
};

struct spec_hugepage_limit {
	char *pageSize;
	uint64_t limit;
};

struct spec_interface_priority {
	char *name;
	uint32_t priority;
};

struct spec_network_class {
	uint32_t *classID;
	struct spec_interface_priority *priorities;
	size_t priorities_len;
};

struct spec_rdma {
	char *device; /* the key */
	uint32_t *hcaHandles, *hcaObjects;
};

struct spec_resources {
	struct spec_pair *unified;
	size_t unified_len;
	struct spec_device_rule *devices;
	size_t devices_len;
	struct spec_pids *pids;
	struct spec_block_io *blockIO;
	struct spec_cpu *cpu;
	struct spec_hugepage_limit *hugepageLimits;
	size_t hugepageLimits_len;
	struct spec_memory *memory;
	struct spec_network_class *network;
	struct spec_rdma *rdma;
	size_t rdma_len;
};

struct spec_syscall_arg {
	uint32_t index;
	uint64_t value, valueTwo;
	char *op;
};

struct spec_syscall {
	char **names;
	char *action;
	uint32_t *errnoRet;
	struct spec_syscall_arg *args;
	size_t args_len;
};

struct spec_seccomp {
	char *defaultAction;
	uint32_t *defaultErrnoRet;
	char **flags;
	char *listenerPath, *listenerMetadata;
	char **architectures;
	struct spec_syscall *syscalls;
	size_t syscalls_len;
};

/* The operators of spec_syscall_arg, numbered as libseccomp numbers them. */
enum spec_seccomp_operator {
	SPEC_SECCOMP_NE = 1,
	SPEC_SECCOMP_LT,
	SPEC_SECCOMP_LE,
	SPEC_SECCOMP_EQ,
	SPEC_SECCOMP_GE,
	SPEC_SECCOMP_GT,
	SPEC_SECCOMP_MASKED_EQ, /* value is the mask, valueTwo what must be left */
};

struct spec_intel_rdt {
	char *closID;
	char **schemata;
	char *l3CacheSchema, *memBwSchema;
	bool enableMonitoring;
};

struct spec_memory_policy {
	int mode; /* MPOL_*: spec_memory_policy_modes */
	char *nodes;
	char **flags;
};

struct spec_personality {
	int domain; /* PER_*: spec_personality_domains */
	char **flags;
};

struct spec_time_offset {
	int64_t secs;
	uint32_t nanosecs;
};

struct spec_time_offsets { struct spec_time_offset *boottime, *monotonic; };

struct spec_linux {
	struct spec_device *devices;
	size_t devices_len;
	struct spec_net_device *netDevices;
	size_t netDevices_len;
	struct spec_id_mapping *uidMappings, *gidMappings;
	size_t uidMappings_len, gidMappings_len;
	struct spec_namespace *namespaces;
	size_t namespaces_len;
	struct spec_resources *resources;
	char *cgroupsPath;
	int rootfsPropagation; /* MS_SHARED, ..., 0 when absent: spec_propagations */
	struct spec_seccomp *seccomp;
	struct spec_pair *sysctl;
	size_t sysctl_len;
	char **maskedPaths, **readonlyPaths;
	char *mountLabel;
	struct spec_intel_rdt *intelRdt;
	struct spec_memory_policy *memoryPolicy;
	struct spec_personality *personality;
	struct spec_time_offsets *timeOffsets;
};

struct spec_config {
	char *ociVersion;
	struct spec_root *root;
	struct spec_process *process;
	char *hostname, *domainname;
	struct spec_mount *mounts;
	size_t mounts_len;
	struct spec_hooks *hooks;
	struct spec_pair *annotations;
	size_t annotations_len;
	struct spec_linux *linux;
};

extern const struct name_value spec_namespace_types[];     /* "pid": CLONE_NEWPID ... */
extern const struct name_value spec_rlimit_types[];        /* "RLIMIT_NOFILE": RLIMIT_NOFILE ... */
extern const struct name_value spec_propagations[];        /* "slave": MS_SLAVE ... */
extern const struct name_value spec_scheduler_policies[];  /* "SCHED_FIFO": SCHED_FIFO ... */
extern const struct name_value spec_scheduler_flags[];     /* "SCHED_FLAG_RECLAIM": 2 ... */
extern const struct name_value spec_io_priority_classes[]; /* "IOPRIO_CLASS_RT": 1 ... */
extern const struct name_value spec_memory_policy_modes[]; /* "MPOL_BIND": MPOL_BIND ... */
extern const struct name_value spec_memory_policy_flags[]; /* "MPOL_F_STATIC_NODES": ... */
extern const struct name_value spec_personality_domains[]; /* "LINUX32": PER_LINUX32 ... */
extern const struct name_value spec_seccomp_actions[];     /* "SCMP_ACT_LOG": SECCOMP_RET_LOG ... */
extern const struct name_value spec_seccomp_operators[];   /* "SCMP_CMP_NE": SPEC_SECCOMP_NE ... */
extern const struct name_value spec_seccomp_flags[];       /* SECCOMP_FILTER_FLAG_LOG ... */
extern const struct name_value spec_seccomp_architectures[]; /* names only */

/* Return: CLONE_NEW* of the namespace that has this kernel parameter for itself; 0: none. */
int spec_sysctl_namespace(const char *key);

/*
 * Reads and checks a whole config.json. name is what messages call the document. All that *config
 * points to is in the arena. Unknown keys are ignored (specification, "Extensibility").
 * Return: 0, or -EINVAL with "name: /json/pointer: what is wrong".
 */
int spec_config_parse(const char *name, const char *text, size_t len, struct arena *arena,
		      struct spec_config *config, struct error *err);

/* As spec_config_parse for the document of exec --process: a process object on its own. */
int spec_process_parse(const char *name, const char *text, size_t len, struct arena *arena,
		       struct spec_process *process, struct error *err);

/* As spec_config_parse for the document of update --resources: a resources object on its own. */
int spec_resources_parse(const char *name, const char *text, size_t len, struct arena *arena,
			 struct spec_resources *resources, struct error *err);

/*
 * As spec_config_parse for the document of mounts: a list on its own. It is written to mounts and
 * mounts_len of the config, with whose other members it has to agree.
 */
int spec_mounts_parse(const char *name, const char *text, size_t len, struct arena *arena,
		      struct spec_config *config, struct error *err);

/*
 * Lays over over base, as schema_merge in schema.h: limits that were changed later. What is said of
 * a block device, a page size, an interface replaces what was said of it; device rules are replaced
 * as a whole.
 */
void spec_resources_merge(struct spec_resources *base, const struct spec_resources *over,
			  struct arena *arena);

/* Return: the value of an annotation, which is the config's; NULL where it does not have it. */
const char *spec_config_annotation(const struct spec_config *config, const char *key);

/* Adds the document as JSON, indented, with a newline at its end. */
void spec_config_write(const struct spec_config *config, struct buf *out);
