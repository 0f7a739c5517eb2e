/* device_probe.c - what device rules do, moment by moment, and programs beside gocker's */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 *	device_probe watch ALLOWED DENIED FILE
 *
 * Opens both devices again and again. FILE has "watching", then a line for each moment when the
 * first one was forbidden or the second one was not. (Numbers that no driver has do for both.)
 *
 *	device_probe attach CGROUP multi|alone
 *
 * Attaches an eBPF program for devices that allows everything, beside others or as the only one.
 *
 *	device_probe list CGROUP
 *
 * Prints the names of the programs that are attached, "-" for one without.
 */

enum { PROGRAMS_MAX = 64 };

static int try_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK);
	int num = fd < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return num;
}

static int watch(const char *allowed, const char *denied, const char *file)
{
	FILE *out = fopen(file, "w");

	if (!out)
		return 1;
	setvbuf(out, NULL, _IOLBF, 0);
	fputs("watching\n", out);
	for (;;) {
		int num = try_open(allowed);

		if (num == EPERM)
			fprintf(out, "%s: %s\n", allowed, strerror(num));
		num = try_open(denied);
		if (num != EPERM)
			fprintf(out, "%s: %s\n", denied, strerror(num));
	}
}

static int bpf(int command, union bpf_attr *attr)
{
	int ret = (int)syscall(SYS_bpf, command, attr, sizeof(*attr));

	if (ret < 0) {
		perror("bpf");
		exit(1);
	}
	return ret;
}

static int attach(int cgroup, const char *how)
{
	const struct bpf_insn yes[] = {
		{ .code = BPF_ALU | BPF_K | BPF_MOV, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insn_cnt = sizeof(yes) / sizeof(*yes),
		.insns = (uintptr_t)yes,
		.license = (uintptr_t) "GPL",
		.prog_name = "somebody",
	};
	union bpf_attr attr = {
		.target_fd = (uint32_t)cgroup,
		.attach_bpf_fd = (uint32_t)bpf(BPF_PROG_LOAD, &load),
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = strcmp(how, "alone") ? BPF_F_ALLOW_MULTI : 0,
	};

	return bpf(BPF_PROG_ATTACH, &attr);
}

static int list(int cgroup)
{
	uint32_t ids[PROGRAMS_MAX] = { 0 };
	union bpf_attr query = {
		.query.target_fd = (uint32_t)cgroup,
		.query.attach_type = BPF_CGROUP_DEVICE,
		.query.prog_ids = (uintptr_t)ids,
		.query.prog_cnt = PROGRAMS_MAX,
	};

	bpf(BPF_PROG_QUERY, &query);
	for (uint32_t i = 0; i < query.query.prog_cnt; i++) {
		union bpf_attr open = { .prog_id = ids[i] };
		struct bpf_prog_info info = { 0 };
		union bpf_attr attr = {
			.info.bpf_fd = (uint32_t)bpf(BPF_PROG_GET_FD_BY_ID, &open),
			.info.info_len = sizeof(info),
			.info.info = (uintptr_t)&info,
		};

		bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
		puts(*info.name ? info.name : "-");
	}
	return 0;
}

int main(int argc, char **argv)
{
	int cgroup;

	if (argc == 5 && !strcmp(argv[1], "watch"))
		return watch(argv[2], argv[3], argv[4]);
	cgroup = argc > 2 ? open(argv[2], O_RDONLY | O_DIRECTORY) : -1;
	if (cgroup < 0)
		return 2;
	return !strcmp(argv[1], "list") ? list(cgroup) : attach(cgroup, argc > 3 ? argv[3] : "");
}
