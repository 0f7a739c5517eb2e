#!/usr/bin/env bats
# failures.bats - a program that cannot be executed is told by what is wrong with it, in one line

load helpers

# program NAME CONTENT: an executable file in the rootfs; CONTENT is a format of printf.
# shellcheck disable=SC2059 # CONTENT is the format
program() {
	printf "$2" >"$BUNDLE/rootfs/bin/$1"
	chmod 755 "$BUNDLE/rootfs/bin/$1"
}

# assert_told COMMAND ERRNO [REASON]: run and exec say it, each in one line.
assert_told() {
	local text="exec: \"$1\": $2${3:+: $3}" got
	config_args "$1"
	got=$(gocker run -b "$BUNDLE" "$ID" 2>&1) && fail "run of $1 succeeds"
	[[ $got == "gocker: run \"$ID\": $text" ]] || fail "$got" "expected: $text" || return
	got=$(gocker exec "$ID-running" "$1" 2>&1) && fail "exec of $1 succeeds"
	[[ $got == "gocker: exec \"$ID-running\": $text" ]] || fail "$got" "expected: $text"
}

# assert_create_fails COMMAND, and leaves nothing.
assert_create_fails() {
	config_args "$1"
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	[[ ! -e $TEST_ROOT/$ID ]]
}

# assert_start_fails COMMAND: create works.
assert_start_fails() {
	config_args "$1"
	create_container
	run gocker start "$ID"
	assert_status 1
	wait_for_state stopped
	gocker delete "$ID"
}

setup_test() { start_container "$ID-running"; }

@test "scripts: an interpreter that is not there, CRLF, no first line" {
	program lost '#!/no/such -x\n'
	assert_told /bin/lost 'no such file or directory' \
		'the interpreter "/no/such" of "/bin/lost" is not there'
	program crlf '#!/bin/sh\r\necho\r\n'
	assert_told crlf 'no such file or directory' \
		'"/bin/crlf" has CRLF line ends: "#!/bin/sh" is followed by a carriage return'
	program plain 'echo hello\n'
	assert_told plain 'exec format error' \
		'"/bin/plain" has neither a "#!" line nor an ELF header'
	program nothing ''
	assert_told nothing 'exec format error' \
		'"/bin/nothing" is empty'
	program l '#!/no/such\n'
	program two '#!/bin/l\n'
	assert_told two 'no such file or directory' \
		'the interpreter "/no/such" of the interpreter "/bin/l" of "/bin/two" is not there'
	program folder '#!/etc\n'
	assert_told folder 'permission denied' \
		'the interpreter "/etc" of "/bin/folder" is a directory, not a file'
}

@test "ELF: another machine's program" {
	[[ $(uname -m) != aarch64 ]] || skip "its programs are this machine's"
	program other '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0'
	truncate -s 64 "$BUNDLE/rootfs/bin/other"
	assert_told other "exec format error" \
		"\"/bin/other\" is a program for aarch64 (64 bit), and this machine is $(uname -m)"
}

@test "ELF: a loader that is not there" {
	local loader
	loader=$(grep -aom1 '/lib[a-z0-9/]*/ld-[A-Za-z0-9._-]*' "$(command -v ls)") ||
		skip "this machine's ls is static"
	cp "$(command -v ls)" "$BUNDLE/rootfs/bin/foreign"
	assert_told foreign "no such file or directory" \
		"the ELF loader \"$loader\" of \"/bin/foreign\" is not there"
}

@test "what cannot be executed at all fails create" {
	program closed '#!/bin/sh\n'
	chmod 644 "$BUNDLE/rootfs/bin/closed"
	assert_told /bin/closed 'permission denied' \
		'"/bin/closed" has no execute bit: its mode is 0644'
	assert_told closed 'executable file not found in $PATH' \
		'"/bin/closed" has no execute bit: its mode is 0644'
	assert_create_fails /bin/closed
	mkdir "$BUNDLE/rootfs/bin/folder"
	assert_told /bin/folder 'is a directory: permission denied'
	assert_create_fails /bin/folder
	ln -s /no/such "$BUNDLE/rootfs/bin/dangling"
	assert_told /bin/dangling 'stat /bin/dangling: no such file or directory' \
		'"/bin/dangling" is a symlink to "/no/such", which leads nowhere'
	assert_create_fails /bin/dangling
	assert_told /no/such 'stat /no/such: no such file or directory'
	assert_create_fails /no/such
	assert_told /dev/null 'permission denied' \
		'"/dev/null" is a character device, not a file'
	assert_create_fails /dev/null
}

@test "what only execve can tell fails start, and the container is stopped" {
	program lost '#!/no/such\n'
	assert_start_fails lost
	assert_output_has 'the interpreter "/no/such" of "/bin/lost" is not there'
	program plain 'echo hello\n'
	assert_start_fails plain
	assert_output_has 'exec format error'
}

@test "a mount with noexec" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	cp "$BUNDLE/rootfs/bin/busybox" "$BATS_TEST_TMPDIR/volume/program"
	config_edit --arg source "$BATS_TEST_TMPDIR/volume" '.mounts += [{"type": "bind",
		"destination": "/volume", "source": $source, "options": ["bind", "noexec"]}]'
	start_container "$ID-noexec"
	config_args /volume/program
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'exec: "/volume/program": permission denied: '\
		'"/volume/program" is on a mount with the option noexec'
	run gocker exec "$ID-noexec" /volume/program
	assert_status 255
	assert_output_has '"/volume/program" is on a mount with the option noexec'
	# what execve itself finds: the interpreter is there
	program script '#!/volume/program\n'
	run gocker exec "$ID-noexec" script
	assert_output_has 'permission denied: the interpreter '\
		'"/volume/program" of "/bin/script" is on a mount with the option noexec'
}

@test "a user who may not execute it, or may not get there" {
	config_edit '.process.user = {"uid": 1000, "gid": 1000} | del(.process.capabilities)'
	program private '#!/bin/sh\n'
	chmod 750 "$BUNDLE/rootfs/bin/private"
	config_args private
	run gocker run -b "$BUNDLE" "$ID"
	assert_output_has 'exec: "private": executable file not found in $PATH: '\
		'"/bin/private" is not for user 1000 to execute: its mode is 0750, its owner 0:0'
	config_args /bin/private
	run gocker run -b "$BUNDLE" "$ID"
	assert_output_has 'exec: "/bin/private": permission denied: '\
		'"/bin/private" is not for user 1000 to execute: its mode is 0750, its owner 0:0'
	mkdir -m 700 "$BUNDLE/rootfs/closed"
	cp "$BUNDLE/rootfs/bin/private" "$BUNDLE/rootfs/closed/x"
	config_args /closed/x
	run gocker run -b "$BUNDLE" "$ID"
	assert_output_has 'exec: "/closed/x": permission denied: '\
		'"/closed/x" cannot be reached: user 1000 may not enter "/closed/"'
}

@test "a user who may not execute one program of a name gets the next in PATH" {
	mkdir -m 700 "$BUNDLE/rootfs/closed"
	program same '#!/bin/sh\necho mine\n'
	cp "$BUNDLE/rootfs/bin/same" "$BUNDLE/rootfs/closed/same"
	config_edit '.process.user = {"uid": 1000, "gid": 1000} | del(.process.capabilities) |
		.process.env = ["PATH=/closed:/bin"]'
	config_args same
	[[ $(gocker run -b "$BUNDLE" "$ID") == mine ]]
}

@test "a program that somebody is writing" {
	cp "$BUNDLE/rootfs/bin/busybox" "$BUNDLE/rootfs/bin/busy"
	exec 8>>"$BUNDLE/rootfs/bin/busy"
	assert_told busy 'text file busy' \
		'"/bin/busy" is open for writing'
	exec 8>&-
}

@test "arguments that are too long" {
	jq -n '[range(40) | "x" * 120000] | {
		"cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 0, "gid": 0},
		"args": (["true"] + .)}' >"$BATS_TEST_TMPDIR/process.json"
	run gocker exec --process "$BATS_TEST_TMPDIR/process.json" "$ID-running"
	assert_status 255
	assert_output_has 'exec: "true": argument list too long: '\
		'the arguments and the environment are larger than the kernel takes'
}

@test "file capabilities that the bounding set does not have" {
	need_command setcap
	cp "$BUNDLE/rootfs/bin/busybox" "$BUNDLE/rootfs/bin/mighty"
	setcap cap_sys_admin+ep "$BUNDLE/rootfs/bin/mighty"
	config_edit '.process.noNewPrivileges = false'
	assert_told mighty 'operation not permitted' \
		'"/bin/mighty" has file capabilities that are not in the bounding set'
}

@test "a fifo in the program's place blocks nobody" {
	mkfifo -m 755 "$BUNDLE/rootfs/bin/fifo"
	config_args /bin/fifo
	run timeout 10 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'permission denied: "/bin/fifo" is a fifo, not a file'
	program named '#!/bin/fifo\n'
	config_args named
	run timeout 10 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'permission denied: the interpreter '\
		'"/bin/fifo" of "/bin/named" is a fifo, not a file'
}

@test "a memory limit that is too small for the set-up is named" {
	need_cgroup memory
	[[ $(stat -fc %T /sys/fs/cgroup/memory) == cgroupfs ]] || skip "v2 limits need a v2 host"
	config_edit '.linux.resources.memory.limit = 65536'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "killed while it was set up, because it needs more memory than its limit "
	assert_output_has "of 65536 bytes (/linux/resources/memory/limit)"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "limits that the kernel refuses come with the reason" {
	need_cgroup cpuset
	local last
	last=$(getconf _NPROCESSORS_CONF)
	config_edit --arg cpus "$((last + 500))" '.linux.resources.cpu.cpus = $cpus'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/linux/resources/cpu/cpus: "
	assert_output_has "numerical result out of range: this host has fewer processors"
	config_edit '.linux.resources.cpu = {"quota": 10}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "invalid argument: it must be 1000 microseconds or more"
}

@test "exec into a cpuset that is empty" {
	local dir
	dir=$(cgroup_dir cpuset "$(container_pid "$ID-running")")
	[[ -e $dir/cpuset.cpus && ! -e $dir/cgroup.controllers ]] || skip "cpusets are not v1 here"
	mkdir "$dir/below"
	run gocker exec --cgroup below "$ID-running" true
	assert_status 255
	assert_output_has "no space left on device: its cpuset.cpus or its cpuset.mems is empty"
}

@test "who is killed by somebody else is not told to want memory" {
	need_cgroup memory
	[[ $(stat -fc %T /sys/fs/cgroup/memory) == cgroupfs ]] || skip "v2 limits need a v2 host"
	config_edit '.linux.resources.memory.limit = 100000000 |
		.hooks.createContainer = [{"path": "/bin/sleep", "args": ["sleep", "60"]}] |
		.hooks.createRuntime = [{"path": "/bin/sh", "env": ["PATH=/usr/bin:/bin"],
			"args": ["sh", "-c",
				"pid=$(jq .pid); (sleep 0.3; kill -9 $pid) >/dev/null 2>&1 &"]}]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "the container's process was killed by signal 9"
	[[ $output != *memory* ]]
}

@test "a pids limit that leaves no room is named" {
	need_cgroup pids
	config_edit '.linux.resources.pids.limit = 1 |
		.hooks.createContainer = [{"path": "/bin/true"}]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "limit of 1 (/linux/resources/pids/limit)"
}

@test "a system call filter does not make up reasons" {
	program lost '#!/no/such\n'
	config_args lost
	config_edit '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{
		"names": ["stat", "lstat", "newfstatat", "statx", "access", "faccessat"],
		"action": "SCMP_ACT_ERRNO"}]}'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	[[ $output == 'gocker: run "'$ID'": exec: "lost": /bin/lost: no such file or directory' ]]
}

@test "a filter that kills for what it does not know lets the failure be told" {
	program lost '#!/no/such\n'
	config_args lost
	config_edit '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{
		"names": ["faccessat2", "statx", "openat2", "close_range"],
		"action": "SCMP_ACT_KILL_PROCESS"}]} | .process.noNewPrivileges = true'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'the interpreter "/no/such" of "/bin/lost" is not there'
}

@test "a user who has as many processes as the rlimit allows" {
	config_edit '.process.user = {"uid": 54321, "gid": 54321}'
	start_container "$ID-user"
	config_edit '.process.rlimits = [{"type": "RLIMIT_NPROC", "soft": 0, "hard": 0}]'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'exec: "sleep": resource temporarily unavailable: '\
		'user 54321 has as many processes as RLIMIT_NPROC allows'
}
