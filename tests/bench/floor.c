/* floor.c - runs /bin/true in the default bundle's container with nothing but the system calls */

/*
 * The yardstick of the bench: what the kernel needs for a container, and nothing for JSON, errors,
 * hostile paths, a state directory or a lifecycle. It has no C library, because the start of glibc
 * alone is a fifth of the whole. What the bundle says stands in the tables below, and is not read;
 * compare.sh shows that a container of gocker looks the same from inside.
 *
 *	floor BUNDLE [PROGRAM [ARGUMENT...]]		PROGRAM is /bin/true unless given
 *
 * On a host with cgroup v1 hierarchies it uses them, with a limit of processes and device rules;
 * where /sys/fs/cgroup is v2 it makes a cgroup with device rules and no limit. "floor-timings
 * ROUNDS BUNDLE ..." is the same built with -DFLOOR_TIMINGS: it makes many containers and prints
 * median and mean of each step in microseconds.
 */

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "tests/bench/marks.h"
#include "tests/bench/raw.h"

/* What the bundle says. */

struct mount_row {
	const char *where, *type, *source;
	unsigned int attributes;
	const char *options[4]; /* key, value, ...; for the super block */
};

#define CAREFUL (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV)

static const struct mount_row mounts[] = {
	{ "proc", "proc", "proc", 0, { NULL } },
	{ "dev", "tmpfs", "tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME,
	  { "mode", "755", "size", "65536k" } },
	{ "dev/pts", "devpts", "devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
	  { "ptmxmode", "0666", "mode", "0620" } }, /* and gid=5, see devpts_gid */
	{ "dev/shm", "tmpfs", "shm", CAREFUL, { "mode", "1777", "size", "65536k" } },
	{ "dev/mqueue", "mqueue", "mqueue", CAREFUL, { NULL } },
	{ "sys", "sysfs", "sysfs", CAREFUL | MOUNT_ATTR_RDONLY, { NULL } },
};

static const char devpts_gid[] = "5";

static const struct { const char *path; unsigned int major, minor; } devices[] = {
	{ "dev/null", 1, 3 }, { "dev/zero", 1, 5 }, { "dev/full", 1, 7 },
	{ "dev/random", 1, 8 }, { "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
};

static const struct { const char *path, *target; } links[] = {
	{ "dev/fd", "/proc/self/fd" }, { "dev/stdin", "/proc/self/fd/0" },
	{ "dev/stdout", "/proc/self/fd/1" }, { "dev/stderr", "/proc/self/fd/2" },
	{ "dev/ptmx", "pts/ptmx" },
};

static const char *const masked[] = {
	"proc/acpi", "proc/asound", "proc/kcore", "proc/keys", "proc/latency_stats",
	"proc/timer_list", "proc/timer_stats", "proc/sched_debug", "sys/firmware", "proc/scsi",
};

static const char *const read_only[] = {
	"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger",
};

static const uint64_t capabilities =
	1ull << CAP_CHOWN | 1ull << CAP_DAC_OVERRIDE | 1ull << CAP_FSETID | 1ull << CAP_FOWNER |
	1ull << CAP_MKNOD | 1ull << CAP_NET_RAW | 1ull << CAP_SETGID | 1ull << CAP_SETUID |
	1ull << CAP_SETFCAP | 1ull << CAP_SETPCAP | 1ull << CAP_NET_BIND_SERVICE |
	1ull << CAP_SYS_CHROOT | 1ull << CAP_KILL | 1ull << CAP_AUDIT_WRITE;

static const struct rlimit64 open_files = { 1024, 1024 };
static const char hostname[] = "gocker";
static const char pids_limit[] = "2048";

static const char *const environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", NULL,
};

/* What may be opened; all may be made, and all else is denied. */
#define ANY (~0u)
static const struct { unsigned int major, minor; const char *v1; } device_rules[] = {
	{ 1, 3, "c 1:3 rwm" }, { 1, 5, "c 1:5 rwm" }, { 1, 7, "c 1:7 rwm" }, { 1, 8, "c 1:8 rwm" },
	{ 1, 9, "c 1:9 rwm" }, { 5, 0, "c 5:0 rwm" }, { 5, 1, "c 5:1 rwm" }, { 5, 2, "c 5:2 rwm" },
	{ 136, ANY, "c 136:* rwm" }, { 10, 200, "c 10:200 rwm" },
};

/* The hierarchies of a hybrid host, below /sys/fs/cgroup; on v2 there is one, the folder itself. */
static const char *const hierarchies[] = {
	"systemd", "pids", "blkio", "freezer", "devices", "memory", "cpuset", "cpuacct", "cpu",
};
static const char unified[] = "unified";

/* The cgroup. */

static bool is_v2;
enum { TAG_LEN_MAX = 40 };
static const char *tag;
static char cgroup_name[TAG_LEN_MAX + 24];

static const char *cgroup_path(char *path, const char *hierarchy, const char *file)
{
	char *end = append(path, "/sys/fs/cgroup/");

	if (hierarchy)
		end = append(append(end, hierarchy), "/");
	end = append(end, cgroup_name);
	if (file)
		append(append(end, "/"), file);
	return path;
}

static int cgroup_open(const char *hierarchy, const char *file)
{
	char path[128];

	cgroup_path(path, hierarchy, file);
	return (int)must(path, call(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC));
}

static void cgroup_write(const char *hierarchy, const char *file, const char *value)
{
	int fd = cgroup_open(hierarchy, file);

	must(file, call(SYS_write, fd, value, length(value)));
	call(SYS_close, fd);
}

/* A new cpuset has neither processors nor memory, and takes no process before it has. */
static void cgroup_copy_cpuset(const char *file)
{
	char path[128], value[256];
	long len, fd;

	append(append(path, "/sys/fs/cgroup/cpuset/"), file);
	fd = must(path, call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC));
	len = must(path, call(SYS_read, fd, value, sizeof(value) - 1));
	call(SYS_close, fd);
	value[len] = 0;
	cgroup_write("cpuset", file, value);
}

static void devices_limit_v1(void)
{
	int fd;

	cgroup_write("devices", "devices.deny", "a");
	fd = cgroup_open("devices", "devices.allow");
	must("devices.allow", call(SYS_write, fd, "b *:* m", 7));
	must("devices.allow", call(SYS_write, fd, "c *:* m", 7));
	for (size_t i = 0; i < LEN(device_rules); i++)
		must("devices.allow", call(SYS_write, fd, device_rules[i].v1,
					   length(device_rules[i].v1)));
	call(SYS_close, fd);
}

#define INSN(op, to, from, jump, value) \
	(program[len++] = (struct bpf_insn){ (op), (to), (from), (short)(jump), (int)(value) })
#define RETURN(verdict) (INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, verdict), \
			 INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0))

/* R2: type, R3: access, R4: major, R5: minor; see struct bpf_cgroup_dev_ctx. */
static void devices_limit_v2(int cgroup)
{
	struct bpf_insn program[16 + 4 * LEN(device_rules)];
	union bpf_attr load = { .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE };
	union bpf_attr attach = { .target_fd = (uint32_t)cgroup, .attach_type = BPF_CGROUP_DEVICE,
				  .attach_flags = BPF_F_ALLOW_MULTI };
	unsigned int len = 0;
	long fd;

	INSN(BPF_LDX | BPF_MEM | BPF_W, 2, 1, 0, 0);
	INSN(BPF_LDX | BPF_MEM | BPF_W, 4, 1, 4, 0);
	INSN(BPF_LDX | BPF_MEM | BPF_W, 5, 1, 8, 0);
	INSN(BPF_ALU64 | BPF_MOV | BPF_X, 3, 2, 0, 0);
	INSN(BPF_ALU64 | BPF_RSH | BPF_K, 3, 0, 0, 16);
	INSN(BPF_ALU64 | BPF_AND | BPF_K, 2, 0, 0, 0xffff);
	INSN(BPF_JMP | BPF_JNE | BPF_K, 3, 0, 2, BPF_DEVCG_ACC_MKNOD);
	RETURN(1);
	INSN(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 2, BPF_DEVCG_DEV_CHAR);
	RETURN(0);
	for (size_t i = 0; i < LEN(device_rules); i++) {
		bool any = device_rules[i].minor == ANY;

		INSN(BPF_JMP | BPF_JNE | BPF_K, 4, 0, any ? 2 : 3, device_rules[i].major);
		if (!any)
			INSN(BPF_JMP | BPF_JNE | BPF_K, 5, 0, 2, device_rules[i].minor);
		RETURN(1);
	}
	RETURN(0);
	load.insns = (uint64_t)program;
	load.insn_cnt = len;
	load.license = (uint64_t)"Apache-2.0";
	fd = must("bpf", call(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load)));
	attach.attach_bpf_fd = (uint32_t)fd;
	must("bpf", call(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)));
	call(SYS_close, fd);
}

/* Return: a descriptor of the v2 cgroup, of which a hybrid host has one as well. */
static int cgroup_make_v2(void)
{
	const char *path = cgroup_path((char[128]){ 0 }, is_v2 ? NULL : unified, NULL);

	must(path, call(SYS_mkdirat, AT_FDCWD, path, 0755));
	return (int)must(path, call(SYS_openat, AT_FDCWD, path,
				    O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static void cgroup_make_v1(void)
{
	char path[128];

	for (size_t i = 0; i < LEN(hierarchies); i++) {
		cgroup_path(path, hierarchies[i], NULL);
		must(path, call(SYS_mkdirat, AT_FDCWD, path, 0755));
		MARK(hierarchies[i]);
	}
	cgroup_copy_cpuset("cpuset.cpus");
	cgroup_copy_cpuset("cpuset.mems");
	cgroup_write("pids", "pids.max", pids_limit);
	MARK("cpuset and pids written");
	devices_limit_v1();
	MARK("device rules");
}

/*
 * A process that writes "0" to "tasks" moves itself alone, which is the one migration for which the
 * kernel takes no global lock and waits for no RCU grace period (cgroup_procs_write_start()).
 */
static void cgroup_enter_v1(void)
{
	for (size_t i = 0; i < LEN(hierarchies); i++) {
		cgroup_write(hierarchies[i], "tasks", "0");
		MARK(hierarchies[i]);
	}
}

static void cgroup_remove(bool is_complete)
{
	char path[128];

	for (size_t i = 0; i <= (is_v2 ? 0 : LEN(hierarchies)); i++) {
		const char *hierarchy = i ? hierarchies[i - 1] : is_v2 ? NULL : unified;

		cgroup_path(path, hierarchy, NULL);
		if (call(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR) < 0 && is_complete)
			die(path, 0);
		MARK(hierarchy ? hierarchy : "cgroup");
	}
}

/* The network. */

static void loopback_up(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = (int)must("socket", call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	must("lo", call(SYS_ioctl, fd, SIOCSIFFLAGS, &lo));
	call(SYS_close, fd);
}

/*
 * A network namespace is the longest single piece of work in the kernel. The runtime makes it for
 * itself while the container's process mounts on the other processor; only sysfs waits for it.
 */
static void network_make(int ready)
{
	uint64_t one = 1;

	must("network namespace", call(SYS_unshare, CLONE_NEWNET));
	loopback_up();
	must("eventfd", call(SYS_write, ready, &one, sizeof(one)));
}

static void network_join(int runtime, int ready)
{
	uint64_t one;

	must("eventfd", call(SYS_read, ready, &one, sizeof(one)));
	must("setns", call(SYS_setns, runtime, CLONE_NEWNET));
}

/* Mounts. */

static int tree_clone(int dir, const char *path, unsigned int flags)
{
	return (int)must(path, call(SYS_open_tree, dir, path,
				    flags | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
}

/* For the mount and all that are attached below it. */
static void tree_set(int tree, uint64_t attributes)
{
	struct mount_attr attr = { .attr_set = attributes };

	must("mount_setattr", call(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE,
				   &attr, sizeof(attr)));
}

static void tree_attach(int tree, int root, const char *where)
{
	must(where, call(SYS_move_mount, tree, "", root, where, MOVE_MOUNT_F_EMPTY_PATH));
	call(SYS_close, tree);
}

static void fs_set(int fs, const char *key, const char *value)
{
	must(key, call(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, value, 0));
}

static int fs_mount(const struct mount_row *row)
{
	int fs = (int)must(row->type, call(SYS_fsopen, row->type, FSOPEN_CLOEXEC));
	long tree;

	fs_set(fs, "source", row->source);
	for (size_t i = 0; i < LEN(row->options) && row->options[i]; i += 2)
		fs_set(fs, row->options[i], row->options[i + 1]);
	if (row->type[0] == 'd')
		fs_set(fs, "gid", devpts_gid);
	if (row->where[0] == 'm')
		must("ro", call(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "ro", NULL, 0));
	must(row->where, call(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
	tree = must(row->where, call(SYS_fsmount, fs, FSMOUNT_CLOEXEC, row->attributes));
	call(SYS_close, fs);
	return (int)tree;
}

static void dev_fill(int root)
{
	for (size_t i = 0; i < LEN(devices); i++)
		must(devices[i].path, call(SYS_mknodat, root, devices[i].path, S_IFCHR | 0666,
					   makedev(devices[i].major, devices[i].minor)));
	for (size_t i = 0; i < LEN(links); i++)
		must(links[i].path, call(SYS_symlinkat, links[i].target, root, links[i].path));
	if (call(SYS_faccessat, root, "proc/kcore", F_OK) == 0)
		must("core", call(SYS_symlinkat, "/proc/kcore", root, "dev/core"));
	must("dev/pts", call(SYS_mkdirat, root, "dev/pts", 0755));
	must("dev/shm", call(SYS_mkdirat, root, "dev/shm", 0755));
	must("dev/mqueue", call(SYS_mkdirat, root, "dev/mqueue", 0755));
}

static void cgroup_attach(int tmpfs, const char *hierarchy)
{
	const char *path = cgroup_path((char[128]){ 0 }, hierarchy, NULL);

	must("mkdir", call(SYS_mkdirat, tmpfs, hierarchy, 0755));
	tree_attach(tree_clone(AT_FDCWD, path, 0), tmpfs, hierarchy);
}

/* The hierarchies as the container may see them: its own parts, read-only, below a small tmpfs. */
static void cgroup_mount(int root)
{
	static const struct mount_row v1 = { "sys/fs/cgroup", "tmpfs", "cgroup", CAREFUL,
					     { "mode", "755" } };
	static const struct mount_row v2 = { "sys/fs/cgroup", "cgroup2", "cgroup",
					     CAREFUL | MOUNT_ATTR_RDONLY, { NULL } };
	int tmpfs;

	if (is_v2) {
		tree_attach(fs_mount(&v2), root, v2.where);
		return;
	}
	tmpfs = fs_mount(&v1);
	must(v1.where, call(SYS_move_mount, tmpfs, "", root, v1.where, MOVE_MOUNT_F_EMPTY_PATH));
	for (size_t i = 0; i < LEN(hierarchies); i++)
		cgroup_attach(tmpfs, hierarchies[i]);
	cgroup_attach(tmpfs, unified);
	tree_set(tmpfs, CAREFUL | MOUNT_ATTR_RDONLY);
	call(SYS_close, tmpfs);
}

static void make_read_only(int root)
{
	for (size_t i = 0; i < LEN(read_only); i++) {
		long tree = call(SYS_open_tree, root, read_only[i],
				 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

		if (tree < 0)
			continue;
		tree_set((int)tree, MOUNT_ATTR_RDONLY);
		tree_attach((int)tree, root, read_only[i]);
	}
}

/*
 * Files are hidden by /dev/null, folders by one empty tmpfs. Its first mount is attached and the
 * others are copies of that: a mount that is never attached is unmounted by the close of its
 * descriptor, which waits for an RCU grace period.
 */
static void mask(int root)
{
	static const struct mount_row empty = { "mask", "tmpfs", "tmpfs", MOUNT_ATTR_RDONLY,
						{ "nr_blocks", "1", "nr_inodes", "1" } };
	struct stat st;
	int first = -1, tree;

	for (size_t i = 0; i < LEN(masked); i++) {
		if (call(SYS_newfstatat, root, masked[i], &st, 0) < 0)
			continue;
		if (!S_ISDIR(st.st_mode))
			tree = tree_clone(root, "dev/null", 0);
		else if (first < 0)
			tree = first = fs_mount(&empty);
		else
			tree = tree_clone(first, "", AT_EMPTY_PATH);
		must(masked[i], call(SYS_move_mount, tree, "", root, masked[i],
				     MOVE_MOUNT_F_EMPTY_PATH));
		if (tree != first)
			call(SYS_close, tree);
	}
}

static void filesystem_make(const char *bundle, int runtime, int ready)
{
	struct mount_attr attr = { .propagation = MS_SLAVE }, alone = { .propagation = MS_PRIVATE };
	int root;

	must("propagation", call(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE,
				 &attr, sizeof(attr)));
	MARK("all mounts slave");
	must(bundle, call(SYS_chdir, bundle));
	root = tree_clone(AT_FDCWD, "rootfs", 0);
	must("propagation", call(SYS_mount_setattr, root, "", AT_EMPTY_PATH, &alone,
				 sizeof(alone)));
	must("rootfs", call(SYS_move_mount, root, "", AT_FDCWD, "rootfs",
			    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS));
	MARK("rootfs attached");
	for (size_t i = 0; i < LEN(mounts); i++) {
		if (mounts[i].type[0] == 's') {
			network_join(runtime, ready);
			MARK("network namespace waited for and joined");
		}
		tree_attach(fs_mount(&mounts[i]), root, mounts[i].where);
		MARK(mounts[i].where);
		if (i == 1) {
			dev_fill(root);
			MARK("devices, links, folders");
		}
	}
	cgroup_mount(root);
	MARK("cgroup mounts");
	make_read_only(root);
	MARK("read-only paths");
	mask(root);
	MARK("masked paths");

	must("chdir", call(SYS_fchdir, root));
	must("pivot_root", call(SYS_pivot_root, ".", "."));
	MARK("pivot_root");
	must("umount", call(SYS_umount2, ".", MNT_DETACH));
	MARK("old root detached");
	must("chdir", call(SYS_chdir, "/"));
}

/* The process. */

static void privileges_drop(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	uint32_t low = (uint32_t)capabilities, high = (uint32_t)(capabilities >> 32);
	struct __user_cap_data_struct sets[2] = { { low, low, 0 }, { high, high, 0 } };

	for (unsigned long cap = 0; cap < 64; cap++)
		if (!(capabilities >> cap & 1) &&
		    call(SYS_prctl, PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			break;
	must("setgroups", call(SYS_setgroups, 0, NULL));
	must("setresgid", call(SYS_setresgid, 0, 0, 0));
	must("setresuid", call(SYS_setresuid, 0, 0, 0));
	must("capset", call(SYS_capset, &header, sets));
	must("no_new_privs", call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

struct runtime {
	const char *bundle;
	const char *const *args;
	int cgroup; /* of v2 */
	int pidfd;  /* of the runtime, whose network namespace it will be */
	int ready;  /* eventfd: the network namespace is there */
};

static _Noreturn void container_run(const struct runtime *runtime)
{
	MARK("container's first instruction");
	must("setsid", call(SYS_setsid));
	must("keyring", call(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "_ses.floor"));
	MARK("session, keyring");
	if (is_v2) {
		devices_limit_v2(runtime->cgroup);
		MARK("device rules (eBPF)");
	} else {
		cgroup_make_v1();
		cgroup_enter_v1();
	}
	must("cgroup namespace", call(SYS_unshare, CLONE_NEWCGROUP));
	must("hostname", call(SYS_sethostname, hostname, length(hostname)));
	MARK("cgroup namespace, hostname");
	filesystem_make(runtime->bundle, runtime->pidfd, runtime->ready);
	must("rlimit", call(SYS_prlimit64, 0, RLIMIT_NOFILE, &open_files, NULL));
	privileges_drop();
	call(SYS_umask, 022);
	must("close_range", call(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC));
	MARK("limits, capabilities");
	die(runtime->args[0], call(SYS_execve, runtime->args[0], runtime->args, environment));
}

static int run(const char *bundle, const char *const *args)
{
	struct runtime runtime = { .bundle = bundle, .args = args };
	struct clone_args clone = {
		.flags = CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS |
			 CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
	};
	struct statfs st;
	int status = 0;
	long pid;

	must("/sys/fs/cgroup", call(SYS_statfs, "/sys/fs/cgroup", &st));
	is_v2 = st.f_type == CGROUP2_SUPER_MAGIC;
	append_number(append(append(cgroup_name, tag), "-floor-"), (unsigned long)call(SYS_getpid));
	call(SYS_umask, 0);
	MARK("start");
	runtime.cgroup = cgroup_make_v2();
	clone.cgroup = (uint64_t)runtime.cgroup;
	runtime.pidfd = (int)must("pidfd", call(SYS_pidfd_open, call(SYS_getpid), 0));
	runtime.ready = (int)must("eventfd", call(SYS_eventfd2, 0, EFD_CLOEXEC));
	MARK("v2 cgroup, descriptors");
	pid = must("clone3", call(SYS_clone3, &clone, sizeof(clone)));
	if (!pid)
		container_run(&runtime);
	network_make(runtime.ready);
	must("wait", call(SYS_wait4, pid, &status, 0, NULL));
	MARK("program and teardown");
	call(SYS_close, runtime.cgroup);
	call(SYS_close, runtime.pidfd);
	call(SYS_close, runtime.ready);
	cgroup_remove(!status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int floor_main(int argc, const char *const *argv)
{
	static const char *const args[] = { "/bin/true", NULL };

	/* What the scripts begin all names with, to find again what is left. */
	tag = find_variable(argv + argc + 1, "BENCH_TAG=", TAG_LEN_MAX);
	if (!tag)
		tag = "bench";
#ifdef FLOOR_TIMINGS
	unsigned int rounds = 0;

	for (const char *c = argc > 1 ? argv[1] : ""; *c; c++)
		rounds = rounds * 10 + (unsigned int)(*c - '0');
	if (argc < 3 || !rounds || rounds > LEN(samples[0]))
		die("usage: floor-timings ROUNDS BUNDLE [PROGRAM [ARGUMENT...]]", 0);
	return marks_run(rounds, run, argv[2], argc > 3 ? argv + 3 : args);
#else
	if (argc < 2)
		die("usage: floor BUNDLE [PROGRAM [ARGUMENT...]]", 0);
	return run(argv[1], argc > 2 ? argv + 2 : args);
#endif
}
