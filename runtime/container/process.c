/* process.c - from a process in the container's namespaces to the container's program */
#include "runtime/container/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/sys.h"
#include "base/timings.h"
#include "runtime/container/environment.h"
#include "runtime/container/steps.h"
#include "runtime/container/sync.h"
#include "runtime/linux/exec_failure.h"
#include "runtime/linux/executable.h"
#include "runtime/linux/fd_sweep.h"
#include "runtime/linux/ioprio.h"
#include "runtime/linux/keyring.h"
#include "runtime/linux/lsm.h"
#include "runtime/linux/mempolicy.h"
#include "runtime/linux/oom.h"
#include "runtime/linux/personality.h"
#include "runtime/linux/privileges.h"
#include "runtime/linux/rlimit.h"
#include "runtime/linux/rootfs.h"
#include "runtime/linux/scheduler.h"
#include "runtime/linux/signals.h"
#include "runtime/linux/tty.h"
#include "runtime/linux/user.h"

int process_check_request(const struct spec_process *spec, const struct process_request *request,
			   struct error *err)
{
	bool terminal = spec && spec->terminal;

	if (terminal && request->detach && !request->console_socket)
		return error_set(err, EINVAL,
				 "cannot allocate tty if gocker will detach without setting "
				 "console socket: give --console-socket or set process.terminal "
				 "to false");
	if (request->console_socket && !terminal)
		return error_set(err, EINVAL,
				 "cannot use console socket if gocker will not allocate a tty: "
				 "process.terminal is false");
	return 0;
}

bool process_keeps_groups(const struct spec_config *config)
{
	const char *value = spec_config_annotation(config, "run.oci.keep_original_groups");

	return value && strcmp(value, "0") != 0;
}

/* The group of a terminal is what the gid option of devpts says ("tty"). */
static const uint32_t KEEP_GROUP = UINT32_MAX;

int process_open_terminal(struct process *process, int root, bool with_console, struct error *err)
{
	const struct spec_user *user = &process->spec->user;
	auto_close int master = -1, pts = rootfs_open(root, "dev/pts", O_PATH | O_DIRECTORY, err);
	int r = pts < 0 ? pts :
			  tty_open(pts, process->spec->consoleSize, &master, &process->slave, err);

	if (r == 0)
		r = tty_chown(process->slave, user->uid, KEEP_GROUP, err);
	if (r == 0 && with_console)
		r = tty_bind_console(root, process->slave, err);
	if (r < 0)
		return r;
	r = sync_send(process->sync, SYNC_TERMINAL, 0, NULL, master);
	return r < 0 ? error_errno(err, r, "send the terminal to the runtime") : 0;
}

static int begin_session(void *context, struct error *err)
{
	struct process *process = context;

	if (process->slave >= 0)
		return tty_attach(process->slave, err);
	return setsid() < 0 ? error_errno(err, errno, "make a new session") : 0;
}

static int set_labels(void *context, struct error *err)
{
	struct process *process = context;

	return lsm_set(process->spec, err);
}

static int join_keyring(void *context, struct error *err)
{
	struct process *process = context;

	return process->keyring ? keyring_join(process->keyring, err) : 0;
}

static int set_memory_policy(void *context, struct error *err)
{
	struct process *process = context;
	const struct spec_linux *linux = process->linux;

	return linux && linux->memoryPolicy ? mempolicy_set(linux->memoryPolicy, err) : 0;
}

static int set_personality(void *context, struct error *err)
{
	struct process *process = context;
	const struct spec_linux *linux = process->linux;

	return linux && linux->personality ? personality_set(linux->personality, err) : 0;
}

static int make_environment(void *context, struct error *err)
{
	return environment_make(context, err);
}

static int read_capabilities(void *context, struct error *err)
{
	struct process *process = context;

	return caps_parse(process->spec->capabilities, &process->caps, err);
}

static int find_program(void *context, struct error *err)
{
	struct process *process = context;
	const struct spec_process *spec = process->spec;

	return executable_find(spec->args[0], process->env, spec->cwd, &process->arena,
			       &process->path, err);
}

/* The keyring gets its label when it is made. */
static const struct step preparation[] = {
	{ "begin a session", .tells_place = true, .run = begin_session },
	{ "set the labels", .tells_place = true, .run = set_labels },
	{ "join the session keyring", .tells_place = true, .run = join_keyring },
	{ "set the memory policy", .tells_place = true, .run = set_memory_policy },
	{ "set the personality", .tells_place = true, .run = set_personality },
	{ "make the environment", .tells_place = true, .run = make_environment },
	{ "read the capabilities", .tells_place = true, .run = read_capabilities },
	{ "find the program", .tells_place = true, .run = find_program },
};

int process_prepare(struct process *process, struct error *err)
{
	return steps_run(preparation, sizeof(preparation) / sizeof(*preparation), process, err);
}

/*
 * A cwd of "/proc/self/fd/7" leads to a directory of the host that the runtime has open
 * (CVE-2024-21626): the kernel then says "(unreachable)" in front of the path, or refuses.
 */
static int enter_directory(const char *cwd, struct error *err)
{
	char path[PATH_MAX];

	if (chdir(cwd) < 0)
		return error_errno(err, errno, "chdir to cwd (\"%s\") set in config.json failed",
				   cwd);
	if (!getcwd(path, sizeof(path))) {
		if (errno != ENOENT)
			return error_errno(err, errno, "find the working directory");
		*path = 0;
	}
	if (*path != '/')
		return error_set(err, ENOENT,
				 "current working directory is outside of container mount "
				 "namespace root -- possible container breakout detected");
	return 0;
}

/* From here on the filter decides about every call of this process. */
static int load_filter(struct process *process, struct error *err)
{
	auto_close int listener = -1;
	int r;

	if (!process->filter)
		return 0;
	log_debug("seccomp filter flags: %u", process->filter->flags);
	r = seccomp_filter_load(process->filter, &process->arena, &listener, err);
	if (r < 0 || listener < 0)
		return r;
	r = sync_send(process->sync, SYNC_LISTENER, 0, NULL, listener);
	/* While it is open here, nobody gets to know that the agent has gone. */
	fd_close(&listener);
	if (r < 0)
		return error_errno(err, r, "send the seccomp listener to the runtime");
	return sync_expect(process->sync, SYNC_EXECUTE, err);
}

/* Without no_new_privs a filter needs a privilege, which is about to be dropped. */
static int become_user(struct process *process, struct error *err)
{
	const struct spec_process *spec = process->spec;
	int r = caps_limit_bounding(&process->caps, err);

	if (r == 0 && !spec->noNewPrivileges)
		r = load_filter(process, err);
	if (r == 0)
		r = caps_keep(err);
	if (r == 0)
		r = user_set(&spec->user, process->keep_groups, err);
	if (r == 0)
		r = caps_apply(&process->caps, err);
	if (r == 0 && spec->noNewPrivileges)
		r = privileges_forbid_new(err);
	return r;
}

void process_hide(void)
{
	prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}

void process_close_others(const struct process *process, int gate)
{
	const struct hooks_output *output = &process->start_hooks.output;
	int kept[] = { process->sync, gate, output->output, output->error };

	timings_close();
	fd_sweep_close(process->preserve_fds, kept, sizeof(kept) / sizeof(*kept));
}

/*
 * Root has found the program: a user who may not execute it may find another further on in PATH, as
 * execvp(3) goes on there. Return: -errno, if at all.
 */
static int execute_program(struct process *process, struct error *err)
{
	const char *name = process->spec->args[0];
	int num;

	execve(process->path, process->spec->args, process->env);
	num = errno;
	if (num == EACCES && !strchr(name, '/')) {
		if (find_program(process, err) < 0)
			return -err->num;
		execve(process->path, process->spec->args, process->env);
		num = errno;
	}
	return exec_failure_explain(name, process->path, num, err);
}

/* Whatever its reason, by this errno the runtime knows such a failure. */
static int run_start_hooks(struct process *process, struct error *err)
{
	int r = hooks_run(&process->start_hooks, HOOKS_START_CONTAINER, err);

	if (r < 0)
		err->num = ECHILD;
	return r;
}

int process_execute(struct process *process, struct error *err)
{
	const struct spec_user *user = &process->spec->user;
	int entered = 0, r = 0;

	if (process->slave < 0)
		r = tty_chown_standard(user->uid, user->gid, err);
	/* Profiles of old know no close_range(2): what can be done before the filter, is. */
	if (r == 0)
		r = fd_sweep(process->preserve_fds, err);
	if (r == 0)
		r = signals_reset(err);
	/* As root: a filter may deny it from now on. Not every root may enter all of a user's. */
	if (r == 0)
		r = entered = enter_directory(process->spec->cwd, err);
	if (r == 0 || r == -EACCES)
		r = become_user(process, err);
	if (r == 0 && entered < 0)
		r = enter_directory(process->spec->cwd, err);
	if (r == 0)
		r = rlimit_set_last(process->spec->rlimits, process->spec->rlimits_len, err);
	if (r == 0 && process->spec->noNewPrivileges)
		r = load_filter(process, err);
	if (r == 0)
		r = run_start_hooks(process, err);
	if (r < 0)
		return r;
	return execute_program(process, err);
}

int process_set_own_limits(const struct spec_process *spec, struct error *err)
{
	return spec->oomScoreAdj ? oom_set_own_score_adj(*spec->oomScoreAdj, err) : 0;
}

int process_set_limits(const struct spec_process *spec, pid_t pid, struct error *err)
{
	auto_close int proc = -1;
	int r = rlimit_set(pid, spec->rlimits, spec->rlimits_len, err);

	if (r == 0 && spec->scheduler)
		r = scheduler_set(pid, spec->scheduler, err);
	if (r == 0 && spec->ioPriority)
		r = ioprio_set(pid, spec->ioPriority, err);
	if (r < 0 || !spec->oomScoreAdj)
		return r;
	proc = sys_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (proc < 0)
		return error_errno(err, proc, "open /proc");
	return oom_set_score_adj(proc, pid, *spec->oomScoreAdj, err);
}

/* Under another name first: who waits for the file never reads half of a number. */
static int write_pid_file(const char *path, pid_t pid, struct error *err)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", pid);
	int r = file_replace_at(AT_FDCWD, path, text, (size_t)len, 0644);

	return r < 0 ? error_errno(err, r, "write pid file \"%s\"", path) : 0;
}

int process_announce(const struct process_request *request, pid_t pid, int pidfd,
		     struct error *err)
{
	int r = 0;

	if (request->pidfd_socket)
		r = tty_send(request->pidfd_socket, pidfd, "pidfd", err);
	if (r == 0 && request->pid_file)
		r = write_pid_file(request->pid_file, pid, err);
	return r;
}

void process_withdraw(const struct process_request *request)
{
	if (request->pid_file)
		unlink(request->pid_file);
}
