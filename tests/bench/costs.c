/* costs.c - measures single kernel operations of a container's life, and their alternatives */

/*
 *	costs ROUNDS [PROGRAM...]
 *
 * Each row is measured once a round, all rows in turn, and printed as median and 90th percentile in
 * microseconds. The programs are executed without arguments as further rows. Runs as root, in a
 * mount namespace of its own, which it makes; wants a hybrid host for the rows of cgroup v1.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *name;
	uint64_t (*measure)(const struct row *row); /* nanoseconds */
	uint64_t number;                            /* flags, a count, ... */
	const char *text;                           /* a type, a hierarchy, a path ... */
	uint64_t child; /* measured in a child with these new namespaces; PLAIN: with none */
};

#define PLAIN 1
#define NS_BUT_NET ((uint64_t)CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS)

static char place[] = "/tmp/costs-XXXXXX"; /* an empty folder to mount on */

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static long must(const char *what, long result)
{
	if (result < 0) {
		fprintf(stderr, "costs: %s: %s\n", what, strerror(errno));
		exit(1);
	}
	return result;
}

static pid_t clone_flags(uint64_t flags, int cgroup)
{
	struct clone_args args = {
		.flags = flags, .exit_signal = SIGCHLD, .cgroup = (uint64_t)cgroup,
	};

	return (pid_t)must("clone3", syscall(SYS_clone3, &args, sizeof(args)));
}

static void wait_for(pid_t pid)
{
	int status;

	must("wait", waitpid(pid, &status, 0));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		exit(1);
}

/* Measures in a child of its own, so that nothing of it is left in this process. */
static uint64_t in_child(const struct row *row)
{
	uint64_t *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t ns;
	pid_t pid = clone_flags(row->child & ~(uint64_t)PLAIN, 0);

	if (!pid) {
		*result = row->measure(row);
		_exit(0);
	}
	wait_for(pid);
	ns = *result;
	munmap(result, sizeof(*result));
	return ns;
}

/* Processes and namespaces. */

static uint64_t clone_return(const struct row *row)
{
	uint64_t start = now(), end;
	pid_t pid = clone_flags(row->number, 0);

	if (!pid)
		_exit(0);
	end = now();
	wait_for(pid);
	return end - start;
}

static uint64_t clone_to_wait(const struct row *row)
{
	uint64_t start = now();
	pid_t pid = clone_flags(row->number, 0);

	if (!pid)
		_exit(0);
	wait_for(pid);
	return now() - start;
}

static uint64_t clone_touched(const struct row *row)
{
	char *heap = mmap(NULL, row->number, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct row plain = { NULL, NULL, 0, NULL, 0 };
	uint64_t ns;

	memset(heap, 1, row->number);
	ns = clone_return(&plain);
	munmap(heap, row->number);
	return ns;
}

static uint64_t vfork_exit(const struct row *row)
{
	uint64_t start = now();
	pid_t pid = vfork(); /* NOLINT: what it costs is the question */

	(void)row;
	if (!pid)
		_exit(0);
	wait_for(pid);
	return now() - start;
}

static uint64_t unshare_one(const struct row *row)
{
	uint64_t start = now();

	must("unshare", unshare((int)row->number));
	return now() - start;
}

static uint64_t loopback(const struct row *row)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	uint64_t start = now();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)row;
	must("lo", ioctl(fd, SIOCSIFFLAGS, &lo));
	close(fd);
	return now() - start;
}

/* Joins all namespaces of a waiting process, as exec does. */
static uint64_t setns_here(const struct row *row)
{
	uint64_t start = now();

	must("setns", setns((int)row->number, CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
				      CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP));
	return now() - start;
}

static uint64_t setns_all(const struct row *row)
{
	pid_t pid = clone_flags(NS_BUT_NET | CLONE_NEWNET | CLONE_NEWCGROUP, 0);
	struct row of_pid = { .measure = setns_here, .child = PLAIN };
	uint64_t ns;

	(void)row;
	if (!pid) {
		pause();
		_exit(0);
	}
	of_pid.number = (uint64_t)must("pidfd", syscall(SYS_pidfd_open, pid, 0));
	ns = in_child(&of_pid);
	close((int)of_pid.number);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return ns;
}

static uint64_t ping_pong(const struct row *row)
{
	uint64_t start, ns;
	int pair[2];
	char byte = 0;
	pid_t pid;

	must("socketpair", socketpair(AF_UNIX, (int)row->number, 0, pair));
	pid = clone_flags(0, 0);
	if (!pid) {
		for (int i = 0; i < 3; i++)
			if (read(pair[1], &byte, 1) != 1 || write(pair[1], &byte, 1) != 1)
				_exit(1);
		_exit(0);
	}
	must("write", write(pair[0], &byte, 1)); /* the first finds the child asleep for certain */
	must("read", read(pair[0], &byte, 1));
	start = now();
	for (int i = 0; i < 2; i++) {
		must("write", write(pair[0], &byte, 1));
		must("read", read(pair[0], &byte, 1));
	}
	ns = (now() - start) / 2;
	wait_for(pid);
	close(pair[0]);
	close(pair[1]);
	return ns;
}

/* Mounts. */

static int fs_mount(const char *type)
{
	int fs = (int)must("fsopen", fsopen(type, FSOPEN_CLOEXEC)), tree;

	must("source", fsconfig(fs, FSCONFIG_SET_STRING, "source", type, 0));
	must("create", fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	tree = (int)must("fsmount", fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID));
	close(fs);
	return tree;
}

static void attach(int tree)
{
	must("move_mount", move_mount(tree, "", AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH));
}

/* The new mount interface, with a new super block where the type and the namespaces want one. */
static uint64_t mount_new(const struct row *row)
{
	uint64_t start = now(), end;
	int tree = fs_mount(row->text);

	attach(tree);
	end = now();
	close(tree);
	return end - start;
}

static uint64_t mount_old(const struct row *row)
{
	uint64_t start = now();

	must("mount", mount(row->text, place, row->text, MS_NOSUID, NULL));
	return now() - start;
}

static uint64_t tree_clone(const struct row *row)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	uint64_t start = now();
	int tree = (int)must("open_tree", open_tree(AT_FDCWD, row->text, OPEN_TREE_CLONE));

	must("setattr", mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)));
	attach(tree);
	return now() - start;
}

static uint64_t bind_old(const struct row *row)
{
	uint64_t start = now();

	must("bind", mount(row->text, place, NULL, MS_BIND, NULL));
	must("remount", mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
	return now() - start;
}

static uint64_t umount_each(const struct row *row)
{
	uint64_t start;

	for (uint64_t i = 0; i < row->number; i++)
		mount_old(row);
	start = now();
	for (uint64_t i = 0; i < row->number; i++)
		must("umount", umount2(place, MNT_DETACH));
	return now() - start;
}

static uint64_t pivot(const struct row *row)
{
	uint64_t start;

	attach(open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE));
	must("chdir", chdir(place));
	start = now();
	must("pivot_root", syscall(SYS_pivot_root, ".", "."));
	if (!row->number)
		return now() - start;
	start = now();
	must("umount", umount2(".", MNT_DETACH));
	return now() - start;
}

static uint64_t close_detached(const struct row *row)
{
	int tree = (int)must("open_tree", open_tree(AT_FDCWD, row->text, OPEN_TREE_CLONE));
	uint64_t start = now();

	close(tree);
	return now() - start;
}

/* Cgroups. number says what is timed. */

enum { CGROUP_MKDIR, CGROUP_PROCS, CGROUP_SELF, CGROUP_INTO, CGROUP_RMDIR, CGROUP_OF_PARENT };

static void cgroup_write(const char *dir, const char *file, const char *value)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = (int)must(path, open(path, O_WRONLY | O_CLOEXEC));
	must(path, write(fd, value, strlen(value)));
	close(fd);
}

static void cgroup_copy(const char *dir, const char *file)
{
	char value[256] = "", path[256];
	int fd;

	snprintf(path, sizeof(path), "/sys/fs/cgroup/cpuset/%s", file);
	fd = (int)must(path, open(path, O_RDONLY | O_CLOEXEC));
	must(path, read(fd, value, sizeof(value) - 1));
	close(fd);
	cgroup_write(dir, file, value);
}

/* Moves a waiting child by its pid, or lets the child move itself. Return: nanoseconds of that. */
static uint64_t cgroup_move(const char *dir, uint64_t what)
{
	uint64_t *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t start = now(), ns = 0;
	int dir_fd = (int)must(dir, open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC)), go[2];
	char byte;
	pid_t pid;

	must("pipe", pipe(go));
	pid = clone_flags(what == CGROUP_INTO ? CLONE_INTO_CGROUP : 0, dir_fd);
	if (!pid) {
		*at = now();
		if (what == CGROUP_SELF)
			cgroup_write(dir, "tasks", "0");
		*at = now() - *at;
		close(go[1]);
		if (what == CGROUP_PROCS && read(go[0], &byte, 1))
			_exit(1);
		_exit(0);
	}
	if (what == CGROUP_INTO)
		ns = now() - start;
	if (what == CGROUP_PROCS) {
		char number[16];

		snprintf(number, sizeof(number), "%d", pid);
		start = now();
		cgroup_write(dir, "cgroup.procs", number);
		ns = now() - start;
	}
	close(go[0]);
	close(go[1]);
	close(dir_fd);
	wait_for(pid);
	if (what == CGROUP_SELF)
		ns = *at;
	munmap(at, 4096);
	return ns;
}

static uint64_t cgroup(const struct row *row)
{
	char dir[128];
	uint64_t start, ns;

	snprintf(dir, sizeof(dir), "/sys/fs/cgroup/%s/costs-%d", row->text, getpid());
	start = now();
	must(dir, mkdir(dir, 0755));
	ns = now() - start;
	if (!strcmp(row->text, "cpuset")) {
		cgroup_copy(dir, "cpuset.cpus");
		cgroup_copy(dir, "cpuset.mems");
	}
	if (row->number != CGROUP_MKDIR)
		ns = cgroup_move(dir, row->number);
	start = now();
	while (rmdir(dir) < 0 && errno == EBUSY)
		;
	return row->number == CGROUP_RMDIR ? now() - start : ns;
}

/* Programs and files. */

static uint64_t execute(const struct row *row)
{
	char *const none[] = { NULL }, *const args[] = { (char *)row->text, NULL };
	posix_spawn_file_actions_t files;
	uint64_t start, ns;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	start = now();
	errno = posix_spawn(&pid, row->text, &files, NULL, args, none);
	must(row->text, errno ? -1 : 0);
	must("wait", waitpid(pid, &status, 0));
	ns = now() - start;
	posix_spawn_file_actions_destroy(&files);
	return ns;
}

static uint64_t seal_memfd(const struct row *row)
{
	uint64_t start = now(), ns;
	int from = (int)must("open", open(row->text, O_RDONLY | O_CLOEXEC));
	int copy = (int)must("memfd", memfd_create("self", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	struct stat st;

	must("stat", fstat(from, &st));
	must("sendfile", sendfile(copy, from, NULL, (size_t)st.st_size));
	must("seal", fcntl(copy, F_ADD_SEALS,
			   F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL));
	ns = now() - start;
	close(from);
	close(copy);
	return ns;
}

static uint64_t state_write(const struct row *row)
{
	char dir[64], draft[96], file[96], text[2048];
	uint64_t start = now(), ns;
	int fd;

	memset(text, ' ', sizeof(text));
	snprintf(dir, sizeof(dir), "%s/costs-%d", row->text, getpid());
	snprintf(draft, sizeof(draft), "%s/state.json.new", dir);
	snprintf(file, sizeof(file), "%s/state.json", dir);
	must("mkdir", mkdir(dir, 0700));
	fd = (int)must("open", open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
	must("write", write(fd, text, sizeof(text)));
	close(fd);
	must("rename", rename(draft, file));
	if (row->number) {
		must("unlink", unlink(file));
		must("rmdir", rmdir(dir));
		return now() - start;
	}
	ns = now() - start;
	unlink(file);
	rmdir(dir);
	return ns;
}

#define HIERARCHY(name, number, hierarchy) { name " " hierarchy, cgroup, number, hierarchy, 0 }
#define PER_HIERARCHY(name, number) \
	HIERARCHY(name, number, "cpu"), HIERARCHY(name, number, "cpuset"), \
	HIERARCHY(name, number, "memory"), HIERARCHY(name, number, "pids"), \
	HIERARCHY(name, number, "devices"), HIERARCHY(name, number, "blkio"), \
	HIERARCHY(name, number, "freezer"), HIERARCHY(name, number, "systemd")
#define MOUNTS (CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC)

static const struct row rows[] = {
	{ "clone3, until it returns: no namespace", clone_return, 0, NULL, 0 },
	{ "clone3, until it returns: uts", clone_return, CLONE_NEWUTS, NULL, 0 },
	{ "clone3, until it returns: cgroup", clone_return, CLONE_NEWCGROUP, NULL, 0 },
	{ "clone3, until it returns: pid", clone_return, CLONE_NEWPID, NULL, 0 },
	{ "clone3, until it returns: ipc", clone_return, CLONE_NEWIPC, NULL, 0 },
	{ "clone3, until it returns: mount", clone_return, CLONE_NEWNS, NULL, 0 },
	{ "clone3, until it returns: network", clone_return, CLONE_NEWNET, NULL, 0 },
	{ "clone3, until it returns: pid ipc uts mount", clone_return, NS_BUT_NET, NULL, 0 },
	{ "clone3, until it returns: those and network", clone_return,
	  NS_BUT_NET | CLONE_NEWNET, NULL, 0 },
	{ "clone3 with 1 MiB of touched memory", clone_touched, 1 << 20, NULL, 0 },
	{ "clone3 with 4 MiB of touched memory", clone_touched, 4 << 20, NULL, 0 },
	{ "clone3, exit, wait: no namespace", clone_to_wait, 0, NULL, 0 },
	{ "clone3, exit, wait: uts", clone_to_wait, CLONE_NEWUTS, NULL, 0 },
	{ "clone3, exit, wait: cgroup", clone_to_wait, CLONE_NEWCGROUP, NULL, 0 },
	{ "clone3, exit, wait: pid", clone_to_wait, CLONE_NEWPID, NULL, 0 },
	{ "clone3, exit, wait: ipc", clone_to_wait, CLONE_NEWIPC, NULL, 0 },
	{ "clone3, exit, wait: mount", clone_to_wait, CLONE_NEWNS, NULL, 0 },
	{ "clone3, exit, wait: network", clone_to_wait, CLONE_NEWNET, NULL, 0 },
	{ "clone3, exit, wait: those and network", clone_to_wait,
	  NS_BUT_NET | CLONE_NEWNET, NULL, 0 },
	{ "vfork, exit, wait", vfork_exit, 0, NULL, 0 },
	{ "unshare network", unshare_one, CLONE_NEWNET, NULL, PLAIN },
	{ "unshare cgroup", unshare_one, CLONE_NEWCGROUP, NULL, PLAIN },
	{ "unshare uts", unshare_one, CLONE_NEWUTS, NULL, PLAIN },
	{ "unshare mount", unshare_one, CLONE_NEWNS, NULL, PLAIN },
	{ "loopback up", loopback, 0, NULL, CLONE_NEWNET },
	{ "setns of all six by pidfd", setns_all, 0, NULL, 0 },
	{ "message there and back, seqpacket", ping_pong, SOCK_SEQPACKET, NULL, 0 },

	{ "fsopen..move_mount proc, new pid namespace", mount_new, 0, "proc", MOUNTS },
	{ "fsopen..move_mount sysfs, new network namespace", mount_new, 0, "sysfs",
	  MOUNTS | CLONE_NEWNET },
	{ "fsopen..move_mount tmpfs", mount_new, 0, "tmpfs", MOUNTS },
	{ "fsopen..move_mount devpts", mount_new, 0, "devpts", MOUNTS },
	{ "fsopen..move_mount mqueue, new ipc namespace", mount_new, 0, "mqueue", MOUNTS },
	{ "mount(2) proc", mount_old, 0, "proc", MOUNTS },
	{ "mount(2) tmpfs", mount_old, 0, "tmpfs", MOUNTS },
	{ "open_tree, mount_setattr, move_mount of a folder", tree_clone, 0, "/tmp", CLONE_NEWNS },
	{ "mount(2) MS_BIND and remount read-only", bind_old, 0, "/tmp", CLONE_NEWNS },
	{ "umount2(MNT_DETACH), one tmpfs", umount_each, 1, "tmpfs", CLONE_NEWNS },
	{ "umount2(MNT_DETACH), four tmpfs one by one", umount_each, 4, "tmpfs", CLONE_NEWNS },
	{ "pivot_root(\".\", \".\")", pivot, 0, NULL, CLONE_NEWNS },
	{ "umount2 of the old root", pivot, 1, NULL, CLONE_NEWNS },
	{ "close of a detached mount", close_detached, 0, "/tmp", PLAIN },

	PER_HIERARCHY("v1 mkdir", CGROUP_MKDIR),
	PER_HIERARCHY("v1 rmdir", CGROUP_RMDIR),
	PER_HIERARCHY("v1 other pid to cgroup.procs", CGROUP_PROCS),
	PER_HIERARCHY("v1 \"0\" to tasks", CGROUP_SELF),
	{ "v2 mkdir", cgroup, CGROUP_MKDIR, "unified", 0 },
	{ "v2 rmdir", cgroup, CGROUP_RMDIR, "unified", 0 },
	{ "v2 other pid to cgroup.procs", cgroup, CGROUP_PROCS, "unified", 0 },
	{ "v2 clone3(CLONE_INTO_CGROUP), until it returns", cgroup, CGROUP_INTO, "unified", 0 },

	{ "copy of the own program to a sealed memfd", seal_memfd, 0, "/proc/self/exe", 0 },
	{ "state: mkdir, write, rename in /run", state_write, 0, "/run", 0 },
	{ "state: the same and remove in /run", state_write, 1, "/run", 0 },
	{ "state: mkdir, write, rename in a tmpfs", state_write, 0, "/dev/shm", 0 },
};

static int compare(const void *left, const void *right)
{
	uint64_t l = *(const uint64_t *)left, r = *(const uint64_t *)right;

	return l < r ? -1 : l > r;
}

int main(int argc, char **argv)
{
	size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	size_t programs = argc > 2 ? (size_t)argc - 2 : 0, count = LEN(rows) + programs;
	uint64_t *samples;

	if (!rounds) {
		fprintf(stderr, "usage: costs ROUNDS [PROGRAM...]\n");
		return 1;
	}
	samples = calloc(count * rounds, sizeof(*samples));
	must("calloc", samples ? 0 : -1);
	must("unshare", unshare(CLONE_NEWNS));
	must("private", mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must("mkdtemp", mkdtemp(place) ? 0 : -1);
	for (size_t r = 0; r < rounds; r++)
		for (size_t i = 0; i < count; i++) {
			struct row program = { .measure = execute };
			const struct row *row = i < LEN(rows) ? &rows[i] : &program;

			if (row == &program)
				program.text = argv[i - LEN(rows) + 2];
			samples[i * rounds + r] = row->child ? in_child(row) : row->measure(row);
		}
	for (size_t i = 0; i < count; i++) {
		uint64_t *of_row = samples + i * rounds;

		qsort(of_row, rounds, sizeof(*of_row), compare);
		printf("%9.1f %9.1f  %s%s\n", (double)of_row[rounds / 2] / 1000,
		       (double)of_row[rounds * 9 / 10] / 1000,
		       i < LEN(rows) ? rows[i].name : "spawn, exec, exit, wait: ",
		       i < LEN(rows) ? "" : argv[i - LEN(rows) + 2]);
	}
	free(samples);
	rmdir(place);
	return 0;
}
