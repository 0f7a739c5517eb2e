#!/usr/bin/env bats
# seccomp.bats - filters for system calls: actions, arguments, new calls, the cache

load helpers
load seccomp

setup_test() { prepare_probe; }

@test "an action answers: ERRNO with its number or EPERM, TRAP, LOG, TRACE without a tracer" {
	allows_but '{names: ["getuid"], action: "SCMP_ACT_ERRNO"}' \
		'{names: ["getpriority"], action: "SCMP_ACT_ERRNO", errnoRet: 28}' \
		'{names: ["umask"], action: "SCMP_ACT_TRAP"}' \
		'{names: ["sendmsg"], action: "SCMP_ACT_LOG"}' \
		'{names: ["personality"], action: "SCMP_ACT_TRACE", errnoRet: 7}'
	assert_probe "errno 1" getuid
	assert_probe "errno 28" getpriority
	assert_probe trapped umask
	assert_probe "errno 9" sendmsg 99
	assert_probe "errno 38" personality
}

@test "the three KILLs end the process with SIGSYS" {
	local action
	for action in KILL KILL_THREAD KILL_PROCESS; do
		allows_but "{names: [\"getuid\"], action: \"SCMP_ACT_$action\"}"
		config_args probe getuid
		run gocker run -b "$BUNDLE" "$ID"
		assert_status 159
	done
}

@test "arguments: each operator, several of one call, several of one index" {
	local row
	for row in "NE 5 0:4" "EQ 5 0:5" "LT 5 0:4" "LE 5 0:5" "GT 5 0:6" "GE 5 0:5"; do
		local op=${row%% *} hit=${row##*:}
		allows_but "{names: [\"personality\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 77,
			args: [{index: 1, value: 5, op: \"SCMP_CMP_$op\"}]}"
		assert_probe "errno 77" personality 0xffffffff "$hit"
		[[ $op != EQ ]] || assert_probe 0 personality 0xffffffff 4
	done
	allows_but '{names: ["personality"], action: "SCMP_ACT_ERRNO", errnoRet: 77,
		args: [{index: 1, value: 12, valueTwo: 4, op: "SCMP_CMP_MASKED_EQ"}]}'
	assert_probe "errno 77" personality 0xffffffff 0x17
	assert_probe 0 personality 0xffffffff 12
	# all of them
	allows_but '{names: ["personality"], action: "SCMP_ACT_ERRNO", errnoRet: 77, args: [
		{index: 1, value: 1, op: "SCMP_CMP_EQ"}, {index: 2, value: 2, op: "SCMP_CMP_EQ"}]}'
	assert_probe "errno 77" personality 0xffffffff 1 2
	assert_probe 0 personality 0xffffffff 1 3
	# any of them, where they are about the same argument
	allows_but '{names: ["personality"], action: "SCMP_ACT_ERRNO", errnoRet: 77, args: [
		{index: 1, value: 1, op: "SCMP_CMP_EQ"}, {index: 1, value: 2, op: "SCMP_CMP_EQ"}]}'
	assert_probe "errno 77" personality 0xffffffff 1
	assert_probe "errno 77" personality 0xffffffff 2
	assert_probe 0 personality 0xffffffff 3
}

@test "a call that is newer than the profile answers ENOSYS, an older one the default" {
	# Everything that the probe needs, and nothing with a high number.
	local calls='["execve", "brk", "arch_prctl", "prctl", "set_tid_address", "set_robust_list",
		"prlimit64", "readlink", "readlinkat", "getrandom", "mprotect", "rt_sigaction",
		"write", "writev", "fstat", "newfstatat", "ioctl", "exit_group", "exit", "mmap",
		"munmap", "tgkill", "gettid", "getpid", "rseq", "futex"]'
	profile "{defaultAction: \"SCMP_ACT_ERRNO\", defaultErrnoRet: 13,
		syscalls: [{names: $calls, action: \"SCMP_ACT_ALLOW\"}]}"
	assert_probe "errno 38" 5000
	assert_probe "errno 38" 440
	assert_probe "errno 13" getuid
	profile "{defaultAction: \"SCMP_ACT_ERRNO\", defaultErrnoRet: 13, flags: [],
		syscalls: [{names: $calls, action: \"SCMP_ACT_ALLOW\"},
			{names: [\"cachestat\", \"close_range\"], action: \"SCMP_ACT_ERRNO\"}]}"
	assert_probe "errno 38" 5000
	assert_probe "errno 13" 440
	# One that lets calls through needs no such help.
	allows_but '{names: ["getuid"], action: "SCMP_ACT_ERRNO"}'
	assert_probe "errno 38" 5000
	profile '{defaultAction: "SCMP_ACT_LOG"}'
	assert_probe "errno 38" 5000
}

@test "the filter is there with and without no_new_privs, for exec as well" {
	local value
	allows_but '{names: ["getuid"], action: "SCMP_ACT_ERRNO", errnoRet: 28}'
	for value in true false; do
		config_edit ".process.noNewPrivileges = $value | .process.user = {uid: 7, gid: 7} |
			.process.capabilities = {}"
		assert_probe "errno 28" getuid
		config_args sleep 1000
		start_container
		grep -qx $'Seccomp:\t2' "/proc/$(container_pid)/status"
		[[ $(gocker exec "$ID" probe getuid) == "errno 28" ]]
		config_edit '.process.args = ["probe", "getuid"]'
		jq .process "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/process.json"
		[[ $(gocker exec -p "$BATS_TEST_TMPDIR/process.json" "$ID") == "errno 28" ]]
		gocker delete --force "$ID"
	done
}

@test "with no_new_privs nothing but execve comes behind the filter" {
	config_edit '.process.noNewPrivileges = true | .process.user = {uid: 7, gid: 7}'
	allows_but '{names: ["prctl", "setresuid", "setresgid", "setgroups", "capset", "chdir",
		"getcwd", "close_range", "sendmsg", "sendto", "write"], action: "SCMP_ACT_ERRNO"}'
	config_args sleep 1000
	start_container
	wait_for_state running
}

@test "without no_new_privs the working directory is entered before the filter" {
	config_edit '.process.noNewPrivileges = false | .process.user = {uid: 7, gid: 7} |
		.process.cwd = "/closed"'
	mkdir -m 700 "$BUNDLE/rootfs/closed"
	allows_but '{names: ["chdir", "getcwd"], action: "SCMP_ACT_ERRNO"}'
	config_args readlink /proc/self/cwd
	[[ $(gocker run -b "$BUNDLE" "$ID") == /closed ]]
}

@test "a filter that denies what starts a program: the failure is told all the same" {
	config_edit '.process.noNewPrivileges = true'
	allows_but '{names: ["execve", "sendmsg", "write"], action: "SCMP_ACT_ERRNO"}'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/bin/sleep: operation not permitted"
	create_container
	run gocker start "$ID"
	assert_status 1
	assert_output_has "/bin/sleep: operation not permitted"
	config_edit '.process.noNewPrivileges = false'
	allows_but '{names: ["setresuid", "setuid"], action: "SCMP_ACT_ERRNO"}'
	run gocker run -b "$BUNDLE" "$ID-x"
	assert_status 1
	assert_output_has "operation not permitted"
	[[ ! -e $TEST_ROOT/$ID-x ]]
}

@test "what libseccomp does not have is refused with its place, unknown calls are skipped" {
	profile '{defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64",
		"SCMP_ARCH_S390X", "SCMP_ARCH_AARCH64", "SCMP_ARCH_PPC"]}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "config.json: /linux/seccomp: architectures/"
	profile '{defaultAction: "SCMP_ACT_ALLOW", flags: ["SECCOMP_FILTER_FLAG_X"]}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_output_has "config.json: /linux/seccomp/flags/0: "
	[[ ! -e $TEST_ROOT/$ID ]]
	allows_but '{names: ["of_the_future", "getuid"], action: "SCMP_ACT_ERRNO"}'
	config_args probe getuid
	run gocker --debug run -b "$BUNDLE" "$ID"
	assert_output_has "errno 1"
	assert_output_has 'unknown system call "of_the_future" ignored'
}

@test "an annotation makes unknown calls an error, also where the filter is in the cache" {
	allows_but '{names: ["of_the_future", "getuid"], action: "SCMP_ACT_ERRNO"}'
	config_args true
	config_edit '.annotations["run.oci.seccomp_fail_unknown_syscall"] = "0"'
	gocker run -b "$BUNDLE" "$ID"
	config_edit '.annotations["run.oci.seccomp_fail_unknown_syscall"] = "1"'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'config.json: /linux/seccomp: syscalls/0: '
	assert_output_has 'system call "of_the_future" is unknown'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "flags reach the kernel" {
	local row
	for row in 'null 4' '[] 0' '["SECCOMP_FILTER_FLAG_LOG"] 2' \
		'["SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_SPEC_ALLOW"] 6' \
		'["SECCOMP_FILTER_FLAG_TSYNC"] 0'; do
		profile "{defaultAction: \"SCMP_ACT_ALLOW\", flags: ${row% *},
			syscalls: [{names: [\"getuid\"], action: \"SCMP_ACT_ERRNO\"}]}"
		config_args true
		run gocker --debug run -b "$BUNDLE" "$ID"
		assert_output_has "seccomp filter flags: ${row##* }"
	done
}

# from: what a run says about where its filter is from.
from() {
	gocker --debug run -b "$BUNDLE" "$ID" 2>&1 |
		sed -n 's/.*seccomp filter \(found\|compiled\).*/\1/p'
}

@test "a filter is compiled once, whatever the flags, and again when the profile changes" {
	local cache=$TEST_ROOT/.seccomp
	config_args true
	allows_but '{names: ["getuid"], action: "SCMP_ACT_ERRNO"}'
	[[ $(from) == compiled && $(from) == found ]]
	config_edit '.linux.seccomp.flags = ["SECCOMP_FILTER_FLAG_LOG"]'
	[[ $(from) == found ]]
	config_edit '.linux.seccomp.syscalls[0].errnoRet = 7'
	[[ $(from) == compiled ]]
	[[ $(stat -c %a "$cache") == 700 && $(find "$cache" -mindepth 1 | wc -l) == 2 ]]
	[[ $(stat -c %a "$cache"/*) == $'600\n600' ]]
	[[ -z $(gocker list -q) ]]
	# The cached one denies as well.
	assert_probe "errno 7" getuid
	config_args sleep 1000
	start_container
	gocker --debug exec "$ID" true 2>&1 | grep -q "filter found"
}

@test "what is wrong in the cache is passed over and replaced" {
	local cache=$TEST_ROOT/.seccomp file change
	config_args true
	allows_but '{names: ["getuid"], action: "SCMP_ACT_ERRNO", errnoRet: 7}'
	[[ $(from) == compiled ]]
	file=$(ls "$cache"/*)
	for change in 'truncate -s -8 "$file"' ': >"$file"' 'chmod 666 "$file"' 'chown 7 "$file"' \
		'rm "$file"; ln -s /dev/zero "$file"' 'rm "$file"; mkfifo "$file"' \
		'truncate -s 100M "$file"' \
		'printf X | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") - 6)) conv=notrunc'; do
		eval "$change" 2>/dev/null
		[[ $(from) == compiled ]] || fail "after $change"
		[[ $(from) == found ]] || fail "not replaced after $change"
	done
	[[ $(find "$cache" -mindepth 1 | wc -l) == 1 ]]
	assert_probe "errno 7" getuid
	# Neither is a directory of somebody else's used, nor is what is in its place removed.
	config_args true
	chmod 777 "$cache"
	[[ $(from) == compiled && $(from) == compiled ]]
	rm -r "$cache"
	: >"$cache"
	[[ $(from) == compiled && $(from) == compiled && -f $cache ]]
	assert_probe "errno 7" getuid
}
