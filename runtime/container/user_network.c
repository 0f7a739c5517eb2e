/* user_network.c - the way out of a plain user's network namespace: pasta(1) or slirp4netns(1) */
#include "runtime/container/user_network.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strv.h"
#include "base/sys.h"
#include "runtime/container/store.h"
#include "runtime/linux/executable.h"
#include "runtime/linux/fd_sweep.h"
#include "runtime/linux/signals.h"

static const char key[] = "run.gocker.network.user";

/*
 * In the state directory, where the program starts: it is ready when it has written there. A
 * default route is no sign: they put themselves into a sandbox after that, which may fail.
 */
static const char ready_file[] = "network.ready";

enum {
	READY_FD = 3,
	START_SECONDS = 10,
	END_SECONDS = 10,
	SAID_MAX = 1024,
	NOT_FOUND = 127,
};

/*
 * What both do: an interface with an address and a default route; no way to what listens on the
 * loopback of the host, and no port of the container on the host. The pid stands behind args.
 */
static const struct program {
	const char *name, *package;
	char *const *args, *const *more; /* before and behind the pid */
	bool has_ready_fd;               /* else the file's name is in its arguments */
} programs[] = {
	{ "pasta", "passt",
	  (char *const[]){ "--foreground", "--quiet", "--config-net", "--no-map-gw", "-t", "none",
			   "-u", "none", "-T", "none", "-U", "none", "--pid", "network.ready",
			   NULL },
	  (char *const[]){ NULL }, false },
	{ "slirp4netns", "slirp4netns",
	  (char *const[]){ "--configure", "--mtu=65520", "--disable-host-loopback",
			   "--enable-sandbox", "--enable-seccomp", "--ready-fd=3", NULL },
	  (char *const[]){ "tap0", NULL }, true },
};

static const struct program *find_program(const char *name)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (!strcmp(programs[i].name, name))
			return &programs[i];
	return NULL;
}

bool user_network_is_wanted(const struct spec_config *config)
{
	return spec_config_annotation(config, key);
}

int user_network_check(const struct spec_config *config, bool has_own_network, struct error *err)
{
	const char *name = spec_config_annotation(config, key);

	if (!name)
		return 0;
	if (!find_program(name))
		return error_set(err, EINVAL, "config.json: /annotations/%s: \"%s\" is neither "
				 "pasta nor slirp4netns", key, name);
	if (!has_own_network)
		return error_set(err, EINVAL, "config.json: /annotations/%s: needs a network "
				 "namespace of its own in /linux/namespaces", key);
	if (proc_is_real_root())
		return error_set(err, EPERM, "config.json: /annotations/%s: is for containers of "
				 "users other than root", key);
	return 0;
}

static char **make_args(const struct program *program, pid_t pid, struct arena *arena)
{
	size_t before = strv_len(program->args), behind = strv_len(program->more), n = 0;
	char **args = arena_array(arena, before + behind + 3, sizeof(*args));

	args[n++] = arena_strdup(arena, program->name);
	for (size_t i = 0; i < before; i++)
		args[n++] = program->args[i];
	args[n++] = arena_printf(arena, "%d", (int)pid);
	for (size_t i = 0; i < behind; i++)
		args[n++] = program->more[i];
	return args;
}

/*
 * What it says goes to memory that cannot grow: it may talk for as long as it lives, when nobody
 * listens any more.
 */
static int make_said(struct error *err)
{
	auto_close int fd = memfd_create("gocker-network", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, SAID_MAX) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) < 0)
		return error_errno(err, errno, "make room for what is said");
	return take_fd(&fd);
}

static int explain_end(int said, struct error *err)
{
	char text[SAID_MAX + 1] = "";
	ssize_t len = pread(said, text, SAID_MAX, 0);

	len = len < 0 ? 0 : (ssize_t)strnlen(text, (size_t)len);
	while (len > 0 && strchr("\n ", text[len - 1]))
		len--;
	return error_set(err, ECHILD, "it ended%s%.*s%s", len ? ": \"" : " without a word",
			 (int)len, text, len ? "\"" : "");
}

/* What the program is started with. */
struct start {
	const struct program *program;
	const char *path;
	char **args;
	int entry, said;
};

/* Leaves it as the first descriptor behind the standard ones where the program takes it so. */
static int open_ready_file(const struct start *start)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = sys_openat(start->entry, ready_file, flags, 0600);

	if (fd < 0 || !start->program->has_ready_fd)
		return fd;
	if (fd == READY_FD)
		return fd_set_cloexec(fd, false);
	return dup2(fd, READY_FD) < 0 ? -errno : 0;
}

/* The child: waits until its pid is written down, and ends where that does not come to pass. */
_Noreturn static void execute(const struct start *start, int go)
{
	char *const no_env[] = { NULL };
	int null = sys_open("/dev/null", O_RDWR | O_CLOEXEC, 0);
	char byte;

	if (read(go, &byte, 1) == 1 && null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(start->said, STDOUT_FILENO) >= 0 && dup2(start->said, STDERR_FILENO) >= 0 &&
	    setsid() >= 0 && fchdir(start->entry) == 0 && open_ready_file(start) >= 0 &&
	    fd_sweep(start->program->has_ready_fd, NULL) == 0 && signals_reset(NULL) == 0)
		execve(start->path, start->args, no_env);
	_exit(NOT_FOUND);
}

/* Return: 0 with the child that waits for a byte in *go, -errno. */
static int fork_program(const struct start *start, pid_t *child, int *go, struct error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, errno, "make a pipe");
	*child = fork();
	if (*child == 0) {
		close(ends[1]);
		execute(start, ends[0]);
	}
	close(ends[0]);
	*go = ends[1];
	return *child < 0 ? error_errno(err, errno, "make a process") : 0;
}

static int write_down(struct container *container, pid_t child, struct error *err)
{
	struct spec_state *state = &container->state;
	struct proc_stat stat;
	int r = proc_read_stat(child, &stat);

	if (r < 0)
		return error_errno(err, r, "look at the process");
	state->networkHelper = arena_alloc(&container->arena, sizeof(*state->networkHelper));
	state->networkHelper->pid = child;
	state->networkHelper->startTime = stat.start_time;
	return store_write_state(container->entry, state, err);
}

/* Return: whether it has written to the file: a pid, or a "1". */
static bool is_ready(int entry)
{
	struct stat st;

	return fstatat(entry, ready_file, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size > 0;
}

static int await(pid_t child, int entry, int said, struct error *err)
{
	struct deadline deadline = deadline_start(START_SECONDS);
	siginfo_t info = { 0 };

	while (!is_ready(entry)) {
		if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid == child)
			return explain_end(said, err);
		if (!deadline_wait(&deadline))
			return error_set(err, ETIMEDOUT, "it is not ready after %d s",
					 START_SECONDS);
	}
	return 0;
}

static int run_program(struct start *start, struct container *container, struct error *err)
{
	auto_close int said = make_said(err);
	auto_close int go = -1;
	pid_t child = -1;
	int r = said;

	start->said = said;
	if (r >= 0)
		r = fork_program(start, &child, &go, err);
	if (r < 0)
		return r;
	r = write_down(container, child, err);
	if (r == 0)
		r = file_write_fd(go, "g", 1);
	if (r == 0)
		r = await(child, container->entry, said, err);
	if (r < 0) {
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return r;
}

int user_network_start(struct container *container, pid_t pid, struct error *err)
{
	static char *const usual[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
	char *const *env = strv_env_get(environ, "PATH") ? environ : usual;
	const char *name = spec_config_annotation(&container->config, key);
	struct start start = { .entry = container->entry };
	int r;

	start.program = name ? find_program(name) : NULL;
	if (!start.program)
		return 0;
	if (executable_find(name, env, "/", &container->arena, &start.path, NULL) < 0)
		return error_set(err, ENOENT, "config.json: /annotations/%s: %s is not installed "
				 "(package %s)", key, name, start.program->package);
	start.args = make_args(start.program, pid, &container->arena);
	r = run_program(&start, container, err);
	return r < 0 ? error_context(err, "%s", name) : 0;
}

int user_network_stop(const struct container *container, struct error *err)
{
	const struct spec_network_helper *helper = container->state.networkHelper;
	struct deadline deadline = deadline_start(END_SECONDS);
	auto_close int pidfd = -1;

	if (!helper || helper->pid <= 0)
		return 0;
	pidfd = sys_pidfd_open((pid_t)helper->pid, 0);
	/* With the descriptor open, the number is nobody else's. */
	if (pidfd < 0 || proc_is_alive((pid_t)helper->pid, helper->startTime) == 0)
		return 0;
	sys_pidfd_send_signal(pidfd, SIGKILL);
	while (proc_is_alive((pid_t)helper->pid, helper->startTime) != 0)
		if (!deadline_wait(&deadline))
			return error_set(err, ETIMEDOUT, "process %d of the container's network "
					 "does not end", (int)helper->pid);
	return 0;
}
