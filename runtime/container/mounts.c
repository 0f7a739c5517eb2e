/* mounts.c - adds mounts to a container that exists, and takes them away */
#include "runtime/container/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/container/container.h"
#include "runtime/container/plan.h"
#include "runtime/container/plan_mount.h"
#include "runtime/container/process.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/mount_lock.h"
#include "runtime/linux/ns.h"
#include "runtime/linux/rootfs.h"

struct change {
	const struct mounts_request *request;
	struct container *container;
	struct plan plan;
	int init; /* pidfd of the container's process */
};

/* What the process that works in the container says in the end. */
struct answer {
	int result;
	struct error err;
};

static bool is_unmounted_again(const struct plan_mount *mount)
{
	return !mount->link && !mount->options.remount;
}

static int place(const struct plan_mount *mount, const char *what, struct error *err)
{
	return error_context(err, "%s \"%s\"", what, mount->spec->destination);
}

static int add_one(int root, const struct plan_mount *mount, struct error *err)
{
	int r;

	if (mount->link)
		return rootfs_make_link(root, mount->spec->destination, mount->link, err);
	r = mount_add(root, mount->spec, &mount->options, mount->source_fd, err);
	return r < 0 ? r : mount_finish_readonly(root, mount->spec, &mount->options, err);
}

static int add_all(const struct plan *plan, int root, int fds, struct error *err)
{
	for (size_t i = 0; i < plan->mounts_len; i++) {
		if (add_one(root, &plan->mounts[i], err) == 0)
			continue;
		place(&plan->mounts[i], "mount on", err);
		while (i-- > 0)
			if (is_unmounted_again(&plan->mounts[i]))
				mount_remove(root, plan->mounts[i].spec->destination, fds, NULL);
		return -err->num;
	}
	return 0;
}

static int remove_all(const struct spec_config *config, int root, int fds, struct error *err)
{
	for (size_t i = config->mounts_len; i-- > 0;)
		if (mount_remove(root, config->mounts[i].destination, fds, err) < 0)
			return error_context(err, "unmount \"%s\"", config->mounts[i].destination);
	return 0;
}

/* proc is the host's: the container's own would not be trusted. */
static int work(const struct change *change, int proc, struct error *err)
{
	auto_close int root = sys_open("/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	auto_close int fds = sys_openat(proc, "self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

	if (root < 0 || fds < 0)
		return error_errno(err, root < 0 ? root : fds, "open the container's root");
	umask(0);
	return change->request->removes ?
		       remove_all(&change->container->config, root, fds, err) :
		       add_all(&change->plan, root, fds, err);
}

/* A new procfs, sysfs or mqueue shows the namespaces of whoever mounts it: all are entered. */
static int enter(const struct change *change, struct error *err)
{
	const int others = CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS |
			   CLONE_NEWPID | CLONE_NEWUTS;
	int types = (int)change->plan.own, r;

	if ((types & CLONE_NEWUSER) &&
	    ns_is_shared((pid_t)change->container->state.pid, CLONE_NEWUSER) == 1)
		types &= ~CLONE_NEWUSER;
	r = sys_setns(change->init, types | others);
	/* As in exec: only their owner may enter those that are the host's, which a user is not. */
	if (r == -EPERM)
		r = sys_setns(change->init, types);
	if (r < 0)
		return error_errno(err, r, "enter the container's namespaces");
	return types & CLONE_NEWUSER ? ns_become_root(err) : 0;
}

/* Without pidfd, as the one that waits may be in the host's pid namespace or not. */
static pid_t make_child(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };

	return sys_clone3(&args);
}

static int wait_child(pid_t pid)
{
	siginfo_t info;

	return sys_waitid_exit(P_PID, (id_t)pid, &info);
}

/* The last one is born in the pid namespace, too. */
_Noreturn static void run_child(const struct change *change, int sock)
{
	auto_close int proc = sys_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	struct answer answer = { 0 };
	pid_t pid = 0;

	process_hide();
	answer.result = proc < 0 ? error_errno(&answer.err, proc, "open /proc") :
				   enter(change, &answer.err);
	if (answer.result == 0)
		pid = make_child();
	if (pid < 0)
		answer.result = error_errno(&answer.err, pid, "make a process");
	if (pid > 0) {
		wait_child(pid);
		_exit(0);
	}
	if (answer.result == 0)
		answer.result = work(change, proc, &answer.err);
	fd_send(sock, &answer, sizeof(answer), NULL, 0);
	_exit(0);
}

static int run_in_container(const struct change *change, struct error *err)
{
	struct answer answer = { 0 };
	size_t none = 0;
	int ends[2];
	ssize_t len;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_errno(err, errno, "make a socket pair");
	pid = make_child();
	if (pid == 0)
		run_child(change, ends[1]);
	close(ends[1]);
	len = pid < 0 ? 0 : fd_receive(ends[0], &answer, sizeof(answer), NULL, &none);
	close(ends[0]);
	if (pid < 0)
		return error_errno(err, pid, "make a process");
	wait_child(pid);
	if (len != sizeof(answer))
		return error_set(err, len < 0 ? (int)len : EPIPE,
				 "the process in the container has ended");
	if (answer.result < 0)
		*err = answer.err;
	return answer.result;
}

/* As plan_lock_sources() at create: what the host forbids, its users cannot allow themselves. */
static int lock_sources(const struct change *change, struct error *err)
{
	const struct plan *plan = &change->plan;
	struct mount_lock *locks = arena_array(&change->container->arena, plan->mounts_len,
					       sizeof(*locks));
	size_t len = 0;

	for (size_t i = 0; (plan->own & CLONE_NEWUSER) && i < plan->mounts_len; i++) {
		struct plan_mount *mount = &plan->mounts[i];

		if (mount->source && !mount->options.idmap)
			locks[len++] = (struct mount_lock){ mount->source, mount->how,
							    &mount->source_fd };
	}
	return mount_lock_sources(locks, len, err);
}

static int plan_change(struct change *change, struct error *err)
{
	struct container *container = change->container;
	int r = plan_mount_all(&container->config, container->state.bundle, &container->arena,
			       &change->plan, err);

	for (size_t i = 0; r == 0 && i < change->plan.mounts_len; i++)
		if (change->plan.mounts[i].is_cgroup)
			return error_set(err, EINVAL, "%s: /mounts/%zu: a mount of type \"cgroup\" "
					 "is made with the container only", change->plan.document,
					 i);
	return r < 0 ? r : lock_sources(change, err);
}

/* The config as it was at create, but for its mounts: with those of the document. */
static int read_document(struct change *change, struct error *err)
{
	const struct mounts_request *request = change->request;
	struct container *container = change->container;
	const struct spec_linux *linux;
	int r = container_read_config(container, err);

	if (r == 0)
		r = spec_mounts_parse(request->name, request->text, request->len,
				      &container->arena, &container->config, err);
	if (r < 0)
		return r;
	linux = container->config.linux;
	for (size_t i = 0; linux && i < linux->namespaces_len; i++)
		change->plan.own |= (uint64_t)linux->namespaces[i].type;
	if (!(change->plan.own & CLONE_NEWNS))
		return error_set(err, EINVAL, "the container has no mount namespace of its own");
	change->plan.document = request->name;
	return 0;
}

int mounts_change(int store, const struct mounts_request *request, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	struct change change = {
		.request = request, .container = &container, .plan = PLAN_NONE, .init = -1
	};
	int r = container_open(store, request->id, true, &container, err);

	if (r == 0)
		r = change.init = container_open_process(&container, err);
	if (r >= 0)
		r = read_document(&change, err);
	if (r == 0 && !request->removes)
		r = plan_change(&change, err);
	if (r == 0)
		r = run_in_container(&change, err);
	plan_close(&change.plan);
	fd_close(&change.init);
	return r;
}
