#!/usr/bin/env bats
# rootless.bats - containers of a plain user: with one id, with ranges, in podman's namespace

load helpers
load rootless

setup_test() {
	rootless_prepare
}

teardown_test() {
	run gocker list -q
	[[ -z $output ]] || fail "left: $output"
	[[ -z $(ls "$TEST_ROOT" 2>/dev/null) ]] || fail "left: $(ls "$TEST_ROOT")"
}

# in_user_namespace COMMAND...: as podman calls, root of a user namespace that is the user's.
# shellcheck disable=SC2016 # expands in the inner shell
in_user_namespace() {
	SUBIDS=plain:200000:65536 as_user env _CONTAINERS_USERNS_CONFIGURED=done \
		unshare -m --map-root-user --map-auto "$@"
}

@test "what spec --rootless writes runs, with one id" {
	# shellcheck disable=SC2016 # expands in the container
	config_shell 'id -u; echo $(cat /proc/self/uid_map) $(cat /proc/self/setgroups)
		echo x >/dev/null && head -c 2 /dev/zero | wc -c; ls -d /dev/mqueue /dev/shm
		touch /made; stat -c %u:%g /made; hostname; ls /sys/kernel >/dev/null && echo sys'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $output == "0
0 $USER_ID 1 deny
2
/dev/mqueue
/dev/shm
0:0
gocker
sys" ]] || fail "$output"
	[[ $(stat -c %u "$BUNDLE/rootfs/made") == "$USER_ID" ]]
}

@test "mounts adds what is nobody's, and nothing of the host's" {
	config_args sleep 1000
	start_container
	echo '[{"destination": "/work", "type": "tmpfs"}]' >"$BUNDLE/mounts.json"
	run gocker mounts add "$ID" "$BUNDLE/mounts.json"
	assert_status 0
	run gocker exec "$ID" stat -f -c %T /work
	[[ $output == tmpfs ]] || fail "$output"
	run gocker mounts remove "$ID" "$BUNDLE/mounts.json"
	assert_status 0
	echo '[{"destination": "/work", "type": "bind", "source": "/etc"}]' >"$BUNDLE/mounts.json"
	run gocker mounts add "$ID" "$BUNDLE/mounts.json"
	assert_status 1
	assert_output_has 'open mount source "/etc": operation not permitted'
	gocker delete --force "$ID"
}

@test "ranges of subordinate ids, written by newuidmap and newgidmap" {
	with_ranges
	config_edit '.process.user = {"uid": 7, "gid": 8, "additionalGids": [9]}'
	config_shell 'id; cat /proc/self/uid_map /proc/self/setgroups; touch /tmp/made'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has "uid=7"
	assert_output_has "gid=8"
	assert_output_has "groups=9"
	assert_output_has allow
	[[ $(stat -c %u:%g "$BUNDLE/rootfs/tmp/made") == 200006:200007 ]]
	SUBIDS=plain:200000:65536 as_user unshare --map-root-user --map-auto \
		rm "$BUNDLE/rootfs/tmp/made"
}

@test "root of the container may be a user who gets to nothing of the caller's" {
	need_command newuidmap
	SUBIDS=plain:200000:65536
	config_edit '.linux.uidMappings = [{"containerID": 0, "hostID": 200000, "size": 65536}] |
		.linux.gidMappings = .linux.uidMappings'
	chmod 777 "$BUNDLE/rootfs/tmp"
	install -d -o "$USER_ID" -m 700 "$USER_DIR/volume"
	install -m 644 -o "$USER_ID" /dev/null "$USER_DIR/volume/file"
	add_mount /tmp/data bind "$USER_DIR/volume/file" bind ro
	config_shell 'cat /proc/self/uid_map; cat /tmp/data && echo read'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has 200000
	assert_output_has read
}

# On one processor the process that is born last often runs before the one that tells of it.
@test "a process is told of before it says anything itself" {
	start_container
	# shellcheck disable=SC2016 # expands in the inner shell
	as_user taskset -c 0 sh -c 'for _ in 1 2 3 4 5 6 7 8; do
		"$@" </dev/null || exit; done' sh "$USER_GOCKER" exec -t "$ID" true
	gocker delete --force "$ID"
}

@test "all commands" {
	create_container
	[[ $(container_state) == created ]]
	run gocker list
	assert_output_has plain
	gocker start "$ID"
	[[ $(container_state) == running ]]
	[[ $(gocker ps -f json "$ID") == "[$(container_pid)]" ]]
	[[ $(gocker exec "$ID" sh -c 'id -u; cat /proc/self/uid_map | wc -l
		tr "\\0" " " </proc/1/cmdline') == $'0\n1\nsleep 1000 ' ]]
	run gocker exec "$ID" sh -c 'exit 7'
	assert_status 7
	[[ $(gocker exec -t "$ID" tty </dev/null) == /dev/pts/* ]]
	gocker events --stats "$ID" | jq -e '.type == "stats"'
	run gocker delete "$ID"
	assert_output_has "not stopped: running"
	gocker kill "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
}

# Without a control group they are known by the pid namespace, with those made in it.
@test "ps shows all processes, whoever they belong to, and no other container's" {
	with_ranges
	config_edit '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"])'
	config_shell 'unshare -p -f sleep 1000 & sleep 1000 & wait'
	start_container
	start_container "$ID-other"
	gocker exec -d -u 33:33 "$ID" sleep 1000 </dev/null >/dev/null 2>&1 3>&-
	wait_until processes_are 5
	run gocker ps "$ID"
	assert_status 0
	((${#lines[@]} == 6)) || fail "$output"
	# In the namespace of its user there is no telling whose is whose.
	without_namespace pid
	config_args sleep 1000
	start_container "$ID-shared"
	[[ $(gocker ps -f json "$ID-shared") == "[$(container_pid "$ID-shared")]" ]]
}

@test "exec with ranges, as another user, and before start" {
	with_ranges
	create_container
	run gocker exec "$ID" id
	assert_status 255
	assert_output_has "until it is started, only root may"
	gocker start "$ID"
	[[ $(gocker exec -u 33:33 "$ID" sh -c 'id -u; id -g') == $'33\n33' ]]
}

@test "a user who is in no map is refused" {
	start_container
	run gocker exec -u 5 "$ID" id
	assert_status 255
	assert_output_has "become user 5 (not mapped in the user namespace)"
}

@test "ids that are not the user's are refused, and it is said what is missing" {
	with_ranges
	SUBIDS='' assert_refused "newgidmap: " \
		"there is no range of gids for user \"plain\" ($USER_ID)"
	SUBIDS=$USER_ID:300000:65536 assert_refused "has these in /etc/subgid: 300000:65536"
	SUBIDS=other:200000:65536 assert_refused 'there is no range'
	config_edit '.linux.gidMappings |= [.[0]]'
	SUBIDS='' assert_refused "newuidmap: " "there is no range of uids"
}

@test "newuidmap is not looked for in the working directory" {
	with_ranges
	printf '#!/bin/sh\ntouch "%s/called"\n' "$USER_DIR" >"$USER_DIR/newgidmap"
	chmod 755 "$USER_DIR/newgidmap"
	run as_user sh -c "cd '$USER_DIR' && PATH=. exec '$USER_GOCKER' run -b '$BUNDLE' '$ID'"
	assert_status 1
	assert_output_has "newgidmap is not installed (package uidmap)"
	[[ ! -e $USER_DIR/called ]]
}

@test "what takes privileges is refused with what the config lacks" {
	local saved
	saved=$(<"$BUNDLE/config.json")
	config_edit 'del(.linux.uidMappings, .linux.gidMappings)'
	without_namespace user
	assert_refused "rootless container requires user namespaces"
	echo "$saved" >"$BUNDLE/config.json"
	config_edit 'del(.linux.maskedPaths, .linux.readonlyPaths)'
	without_namespace mount
	assert_refused "mount namespace"
	echo "$saved" >"$BUNDLE/config.json"
	add_mount /data bind "$USER_DIR" bind idmap
	assert_mount_refused 'id-mapped'
	add_mount /data bind "$USER_DIR/missing" bind
	assert_mount_refused \
		"config.json: /mounts/7 (\"/data\"): open mount source \"$USER_DIR/missing\""
	config_edit '.linux.devices = [
		{"path": "/dev/gocker", "type": "c", "major": 1, "minor": 3}]'
	assert_refused 'without privileges devices are the host'
}

@test "a fifo among the devices is made" {
	config_edit '.linux.devices = [{"path": "/dev/fifo", "type": "p"}]'
	config_args stat -c %F /dev/fifo
	[[ $(gocker run -b "$BUNDLE" "$ID") == fifo ]]
}

@test "a network namespace of its own has a loopback interface and a sysfs" {
	config_edit '.linux.namespaces += [{"type": "network"}] |
		(.mounts[] | select(.destination == "/sys")) |= (
			.type = "sysfs" | .source = "sysfs" |
			.options = ["nosuid", "noexec", "nodev", "ro"])'
	config_shell 'ls /sys/class/net; cat /sys/class/net/lo/flags'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'lo\n0x9' ]]
}

@test "the group of terminals goes where it has no id; other ids are refused" {
	config_edit '(.mounts[] | select(.type == "devpts")).options += ["gid=5"]'
	config_args true
	gocker run -b "$BUNDLE" "$ID"
	config_edit '(.mounts[] | select(.type == "devpts")).options += ["gid=6"]'
	assert_refused 'mount option "gid=6"' 'mapped in the user namespace'
}

@test "cgroups below a bound /sys can be written by nobody" {
	config_edit '.mounts |= map(select(.type != "cgroup"))'
	config_shell 'mkdir /sys/fs/cgroup/x /sys/fs/cgroup/unified/x 2>&1 | grep -v "Read-only"
		grep " /sys" /proc/self/mountinfo | cut -d" " -f6 | grep -v "^ro"; true'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ -z $output ]] || fail "$output"
}

@test "a limit that cannot be set is an error, and so is a cgroup that is named" {
	config_edit '.linux.resources = {"memory": {"limit": 100000000}}'
	assert_refused '/linux/resources/memory/limit: ' \
		"user $USER_ID may not make \"/sys/fs/cgroup/"
	config_edit '.linux.resources = {"devices": [{"allow": false, "access": "rwm"}]} |
		.linux.cgroupsPath = "/gocker-plain"'
	assert_refused 'make cgroup "/sys/fs/cgroup/' 'permission denied'
	config_edit 'del(.linux.cgroupsPath)'
	run gocker --rootless false create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'permission denied'
	gocker --rootless true run -d -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	run gocker pause "$ID"
	assert_status 1
	run gocker update --memory 100m "$ID"
	assert_output_has "the container has no cgroup"
	gocker kill --all "$ID" KILL
	wait_for_state stopped
}

@test "the oom score of create and exec; only root lowers it" {
	config_edit '.process.oomScoreAdj = 500'
	start_container
	[[ $(gocker exec "$ID" cat /proc/1/oom_score_adj /proc/self/oom_score_adj) == $'500\n500' ]]
	gocker delete --force "$ID"
	config_edit '.process.oomScoreAdj = -500'
	assert_refused 'set oomScoreAdj to -500: Permission denied'
}

@test "hooks, a terminal, a filter" {
	config_edit --arg out "$USER_DIR/hooks" '
		.hooks = {"createRuntime": [
			{"path": "/bin/sh", "args": ["sh", "-c", "id -u >>\($out)"]}]} |
		.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls":
			[{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}'
	config_shell 'test -t 0 && tty; mkdir /x 2>&1 | grep -o "not permitted"'
	run gocker run -t -b "$BUNDLE" "$ID" </dev/null
	assert_status 0
	assert_output_has /dev/pts/0
	assert_output_has "not permitted"
	[[ $(<"$USER_DIR/hooks") == "$USER_ID" ]]
}

# refused_place TEXT VARIABLE=VALUE...
refused_place() {
	run as_user env "${@:2}" "$USER_GOCKER" run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "$1"
}

@test "states are where the user alone can write" {
	refused_place "set XDG_RUNTIME_DIR to an absolute path or give --root" -u XDG_RUNTIME_DIR
	refused_place "set XDG_RUNTIME_DIR to an absolute path or give --root" XDG_RUNTIME_DIR=run
	refused_place 'no such file or directory' XDG_RUNTIME_DIR="$USER_DIR/none"
	refused_place "belongs to user 0, not to user $USER_ID" XDG_RUNTIME_DIR=/run
	refused_place 'is not a directory' XDG_RUNTIME_DIR="$BUNDLE/config.json"
	chmod 770 "$USER_DIR/run"
	refused_place 'can be written by other users (mode 0770)' XDG_RUNTIME_DIR="$USER_DIR/run"
	chmod 700 "$USER_DIR/run"
	# root's own commands leave alone what is the user's
	start_container
	run "$GOCKER" --root "$TEST_ROOT" delete --force "$ID"
	assert_status 1
	assert_output_has "belongs to user $USER_ID, not to user 0"
	[[ $(stat -c %u "$TEST_ROOT/$ID") == "$USER_ID" ]]
	[[ -z $(as_user env XDG_RUNTIME_DIR="$USER_DIR/none" "$USER_GOCKER" list -q) ]]
}

@test "a host without user namespaces is told by the name of the setting" {
	run as_user unshare -m --map-root-user sh -c "
		echo 0 >/proc/sys/user/max_user_namespaces && '$USER_GOCKER' run -b '$BUNDLE' '$ID'"
	assert_status 1
	assert_output_has 'user.max_user_namespaces is 0'
}

# archive_of_owners: with a device, a program of root's set-user-ID, files of users 0, 5 and 65536.
archive_of_owners() {
	local tree=$BATS_TEST_TMPDIR/archive
	install -m 755 "$GOCKER_BUNDLE" "$BATS_FILE_TMPDIR/gocker-bundle"
	mkdir -p "$tree/dev" "$tree/closed"
	cp -a "$ROOTFS_TEMPLATE/bin" "$ROOTFS_TEMPLATE/lib" "$tree" || :
	mknod "$tree/dev/gocker" c 1 3
	echo x | tee "$tree/foreign" "$tree/last" >"$tree/closed/file"
	cp "$tree/foreign" "$tree/setuid"
	chown 5:6 "$tree/foreign" "$tree/closed" "$tree/closed/file"
	chown 65536:65536 "$tree/last"
	chmod 4755 "$tree/setuid"
	chmod 0 "$tree/closed"
	tar -cf "$USER_DIR/rootfs.tar" -C "$tree" .
}

# bundle WORD...: gocker-bundle, called by the user in his directory.
# shellcheck disable=SC2016 # expands in the inner shell
bundle() {
	as_user sh -c 'cd "$1" && shift && exec "$@"' sh "$USER_DIR" \
		"$BATS_FILE_TMPDIR/gocker-bundle" "$@"
}

# only_own [OPTION...]: a bundle whose files are all the user's.
only_own() {
	run bundle init archive --rootfs-archive rootfs.tar "$@" made -- stat -c %u:%g /foreign
	assert_status 0
	assert_output_has "1 device nodes or sockets of the archive were left out"
	[[ $(find "$USER_DIR/made" -printf '%U:%G\n' | sort -u) == "$USER_ID:$USER_ID" ]]
	[[ ! -e $USER_DIR/made/rootfs/dev/gocker ]]
	[[ $(gocker run -b "$USER_DIR/made" "$ID") == 0:0 ]]
}

@test "gocker-bundle without subordinate ids: all files are the user's, and it is said why" {
	archive_of_owners
	only_own
	assert_output_has 'there is no range of uids for user "plain"'
	bundle remove made
	[[ ! -e $USER_DIR/made ]]
	SUBIDS=plain:200000:65536
	only_own --userns own
	assert_output_has "other owners for 4 of them: as --userns own asks for"
	run bundle init busybox --userns 1:1000 new
	assert_output_has "option --userns needs root"
}

@test "gocker-bundle with subordinate ids: the owners of the archive, in the user's ranges" {
	need_command newuidmap
	SUBIDS=plain:200000:65536
	archive_of_owners
	run bundle init archive --rootfs-archive rootfs.tar made -- \
		sh -c 'grep Uid: /proc/self/status; stat -c %u:%g:%a /foreign /last /setuid /closed'
	assert_status 0
	assert_output_has "1 device nodes or sockets of the archive were left out"
	[[ $output != *"other owners"* ]]
	[[ $(cd "$USER_DIR/made/rootfs" && stat -c %u:%g . foreign last closed/file) == \
		"$USER_ID:$USER_ID"$'\n200004:200005\n265535:265535\n200004:200005' ]]
	[[ ! -e $USER_DIR/made/rootfs/dev/gocker ]]
	run gocker run -b "$USER_DIR/made" "$ID"
	[[ $output == $'Uid:\t0\t0\t0\t0\n5:6:644\n65536:65536:644\n0:0:4755\n5:6:0' ]] ||
		fail "$output"
	# again: the old tree goes
	bundle init archive --force --rootfs-archive rootfs.tar made -- sleep 1000
	[[ $(ls -A "$USER_DIR/made") == $'config.json\nrootfs' ]]
	BUNDLE=$USER_DIR/made start_container
	run gocker exec -u 5:6 "$ID" sh -c 'grep Uid: /proc/self/status; stat -c %u:%g /foreign'
	[[ $output == $'Uid:\t5\t5\t5\t5\n5:6' ]] || fail "$output"
	gocker delete --force "$ID"
	bundle remove made
	[[ ! -e $USER_DIR/made ]]
}

@test "gocker-bundle with subordinate ids: what fails leaves nothing" {
	need_command newuidmap
	archive_of_owners
	SUBIDS=plain:200000:1000 run bundle init archive --rootfs-archive rootfs.tar made
	assert_status 1
	assert_output_has 'owner 65536:65536 is outside of the 1001 ids of the user namespace'
	[[ ! -e $USER_DIR/made ]]
	# a program that fails, and none
	printf '#!/bin/sh\necho broken; exit 1\n' >"$USER_DIR/newgidmap"
	chmod 755 "$USER_DIR/newgidmap"
	SUBIDS=plain:200000:65536 run as_user env PATH="$USER_DIR:$PATH" \
		"$BATS_FILE_TMPDIR/gocker-bundle" init busybox "$USER_DIR/made"
	assert_status 1
	assert_output_has 'map the ids of /etc/subuid: broken'
	[[ ! -e $USER_DIR/made ]]
	SUBIDS=plain:200000:65536 run as_user env PATH=/nowhere \
		"$BATS_FILE_TMPDIR/gocker-bundle" init archive \
		--rootfs-archive "$USER_DIR/rootfs.tar" "$USER_DIR/made"
	assert_status 0
	assert_output_has 'newuidmap is not installed (package uidmap)'
	run bundle remove run
	assert_status 1
	assert_output_has '"run" is no bundle: it has no config.json'
}

@test "as root of a user namespace, which podman makes" {
	need_command newuidmap
	"$GOCKER" spec -b "$BATS_TEST_TMPDIR"
	config_edit --slurpfile root "$BATS_TEST_TMPDIR/config.json" '
		.process as $process | $root[0] | .process = $process | .root.readonly = false'
	without_namespace network
	config_edit '(.mounts[] | select(.destination == "/sys")) |= (
		.type = "bind" | .source = "/sys" | .options = ["rbind", "ro"])'
	in_user_namespace "$USER_GOCKER" create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&- ||
		fail "$(<"$OUT")"
	[[ -d $TEST_ROOT/$ID ]]
	# these have nothing else in their environment
	in_user_namespace env -i XDG_RUNTIME_DIR="$USER_DIR/run" "$USER_GOCKER" start "$ID"
	run in_user_namespace env -i XDG_RUNTIME_DIR="$USER_DIR/run" "$USER_GOCKER" state "$ID"
	[[ $(jq -r .status <<<"$output") == running ]]
	in_user_namespace env -i XDG_RUNTIME_DIR="$USER_DIR/run" "$USER_GOCKER" delete --force "$ID"
}

@test "as root of a user namespace that shares the mounts of the host" {
	config_shell 'id -u; cat /proc/self/uid_map'
	config_edit '.linux.uidMappings[0].hostID = 0 | .linux.gidMappings = .linux.uidMappings'
	run as_user unshare --map-root-user "$USER_GOCKER" run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ ${lines[0]} == 0 ]]
}
