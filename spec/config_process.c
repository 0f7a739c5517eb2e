/* config_process.c - config.json: the process */
#include <errno.h>
#include <inttypes.h>
#include <linux/sched.h>

#include "spec/check.h"
#include "spec/config_schema.h"

static const struct schema_row console_size_rows[] = {
	REQUIRED(spec_console_size, height, uint64),
	REQUIRED(spec_console_size, width, uint64),
};
static const struct schema spec_console_size_schema = SCHEMA(spec_console_size, console_size_rows);

/* 4294967295 is "no id" to the kernel. */
static const struct schema_row user_rows[] = {
	ALWAYS(spec_user, uid, uint32, .max = UINT32_MAX - 1),
	ALWAYS(spec_user, gid, uint32, .max = UINT32_MAX - 1),
	MAYBE(spec_user, umask, uint32, .max = 0777),
	NUMBERS(spec_user, additionalGids, .max = UINT32_MAX - 1),
	OPTIONAL(spec_user, username, string),
};
static const struct schema spec_user_schema = SCHEMA(spec_user, user_rows);

static const struct schema_row capabilities_rows[] = {
	OPTIONAL(spec_capabilities, bounding, strings),
	OPTIONAL(spec_capabilities, permitted, strings),
	OPTIONAL(spec_capabilities, effective, strings),
	OPTIONAL(spec_capabilities, inheritable, strings),
	OPTIONAL(spec_capabilities, ambient, strings),
};
static const struct schema spec_capabilities_schema = SCHEMA(spec_capabilities, capabilities_rows);

static const struct schema_row rlimit_rows[] = {
	REQUIRED(spec_rlimit, type, name, .names = spec_rlimit_types),
	REQUIRED(spec_rlimit, hard, uint64),
	REQUIRED(spec_rlimit, soft, uint64),
};

static int check_rlimit(const void *object, struct error *err)
{
	const struct spec_rlimit *rlimit = object;

	if (rlimit->soft <= rlimit->hard)
		return 0;
	return error_set(err, EINVAL, "the soft limit %llu is above the hard limit %llu",
			 (unsigned long long)rlimit->soft, (unsigned long long)rlimit->hard);
}

static const struct schema spec_rlimit_schema =
	SCHEMA(spec_rlimit, rlimit_rows, .check = check_rlimit);

static const struct schema_row scheduler_rows[] = {
	REQUIRED(spec_scheduler, policy, name, .names = spec_scheduler_policies),
	MAYBE(spec_scheduler, nice, int32, .min = -20, .max = 19),
	MAYBE(spec_scheduler, priority, int32),
	OPTIONAL(spec_scheduler, flags, strings, .names = spec_scheduler_flags),
	MAYBE(spec_scheduler, runtime, uint64),
	MAYBE(spec_scheduler, deadline, uint64),
	MAYBE(spec_scheduler, period, uint64),
};

static bool is_set(const uint64_t *number)
{
	return number && *number;
}

static bool has_deadline(const struct spec_scheduler *scheduler)
{
	return is_set(scheduler->runtime) || is_set(scheduler->deadline) ||
	       is_set(scheduler->period);
}

/* What the kernel takes: nanoseconds, and only so many that a sum of them is no negative number. */
static const uint64_t DEADLINE_MIN = 1 << 10, DEADLINE_MAX = INT64_MAX;

/* With crun's words, which name the call that would fail. */
#define DEADLINE_FAILS "sched_setattr: `SCHED_DEADLINE` "

static int check_span(const char *member, const uint64_t *span, struct error *err)
{
	if (!span)
		return error_set(err, EINVAL, DEADLINE_FAILS "requires `%s`", member);
	if (!*span)
		return error_set(err, EINVAL, DEADLINE_FAILS "%s must be greater than 0", member);
	if (*span < DEADLINE_MIN || *span > DEADLINE_MAX)
		return error_set(err, EINVAL, DEADLINE_FAILS "%s (%" PRIu64 " ns) must be between %"
				 PRIu64 " and %" PRIu64,
				 member, *span, DEADLINE_MIN, DEADLINE_MAX);
	return 0;
}

static int check_order(const char *member, uint64_t span, const char *limit, uint64_t max,
		       struct error *err)
{
	if (span > max)
		return error_set(err, EINVAL,
				 DEADLINE_FAILS "%s (%" PRIu64 ") must be <= %s (%" PRIu64 ")",
				 member, span, limit, max);
	return 0;
}

/* sched(7), "SCHED_DEADLINE": runtime <= deadline <= period, which is the deadline unless given. */
static int check_deadline(const struct spec_scheduler *scheduler, struct error *err)
{
	bool has_period = is_set(scheduler->period);
	int r = check_span("runtime", scheduler->runtime, err);

	if (r == 0)
		r = check_span("deadline", scheduler->deadline, err);
	if (r == 0 && has_period)
		r = check_span("period", scheduler->period, err);
	if (r == 0)
		r = check_order("runtime", *scheduler->runtime, "deadline", *scheduler->deadline,
				err);
	if (r == 0 && has_period)
		r = check_order("deadline", *scheduler->deadline, "period", *scheduler->period,
				err);
	return r;
}

/* sched_setattr(2): which numbers belong to which policy. */
static int check_scheduler(const void *object, struct error *err)
{
	const struct spec_scheduler *scheduler = object;
	bool realtime = scheduler->policy == SCHED_FIFO || scheduler->policy == SCHED_RR;

	if (scheduler->priority && *scheduler->priority && !realtime)
		return error_set(err, EINVAL, "priority is only for SCHED_FIFO and SCHED_RR");
	if (scheduler->policy != SCHED_DEADLINE && has_deadline(scheduler))
		return error_set(err, EINVAL,
				 "runtime, deadline and period are only for SCHED_DEADLINE");
	return scheduler->policy == SCHED_DEADLINE ? check_deadline(scheduler, err) : 0;
}

static const struct schema spec_scheduler_schema =
	SCHEMA(spec_scheduler, scheduler_rows, .check = check_scheduler);

static const struct schema_row io_priority_rows[] = {
	REQUIRED(spec_io_priority, class, name, .names = spec_io_priority_classes),
	ALWAYS(spec_io_priority, priority, int32, .max = 7),
};
static const struct schema spec_io_priority_schema = SCHEMA(spec_io_priority, io_priority_rows);

static const struct schema_row cpu_affinity_rows[] = {
	OPTIONAL(spec_cpu_affinity, initial, string, .check = check_number_list),
	OPTIONAL(spec_cpu_affinity, final, string, .check = check_number_list),
};
static const struct schema spec_cpu_affinity_schema = SCHEMA(spec_cpu_affinity, cpu_affinity_rows);

static const struct schema_row process_rows[] = {
	OPTIONAL(spec_process, terminal, bool),
	OBJECT(spec_process, consoleSize, spec_console_size),
	EMBEDDED(spec_process, user, spec_user),
	OPTIONAL(spec_process, args, strings),
	OPTIONAL(spec_process, commandLine, string),
	OPTIONAL(spec_process, env, strings, .check = check_environment),
	REQUIRED(spec_process, cwd, string, .check = check_cwd),
	OBJECT(spec_process, capabilities, spec_capabilities),
	OBJECTS(spec_process, rlimits, spec_rlimit),
	OPTIONAL(spec_process, noNewPrivileges, bool),
	OPTIONAL(spec_process, apparmorProfile, string),
	OPTIONAL(spec_process, selinuxLabel, string),
	MAYBE(spec_process, oomScoreAdj, int64, .min = -1000, .max = 1000),
	OBJECT(spec_process, scheduler, spec_scheduler),
	OBJECT(spec_process, ioPriority, spec_io_priority),
	OBJECT(spec_process, execCPUAffinity, spec_cpu_affinity),
};

static int check_process(const void *object, struct error *err)
{
	const struct spec_process *process = object;
	uint64_t seen = 0;

	if (!process->args || !process->args[0])
		return error_set(err, EINVAL, "args must not be empty");
	/* struct winsize; without a terminal the size is ignored (specification, "Process"). */
	if (process->terminal && process->consoleSize &&
	    (process->consoleSize->height > UINT16_MAX || process->consoleSize->width > UINT16_MAX))
		return error_set(err, EINVAL, "consoleSize must be at most %d by %d", UINT16_MAX,
				 UINT16_MAX);
	for (size_t i = 0; i < process->rlimits_len; i++) {
		int type = process->rlimits[i].type;

		if (seen >> type & 1)
			return error_set(err, EINVAL, "%s is there twice in rlimits",
					 table_name_of(spec_rlimit_types, type));
		seen |= UINT64_C(1) << type;
	}
	return 0;
}

const struct schema spec_process_schema =
	SCHEMA(spec_process, process_rows, .check = check_process);

int spec_process_parse(const char *name, const char *text, size_t len, struct arena *arena,
		       struct spec_process *process, struct error *err)
{
	return schema_read(&spec_process_schema, name, text, len, arena, process, err);
}
