#!/usr/bin/env bats
# namespace_paths.bats - namespaces that are joined by their paths, alone and with a user namespace

load helpers

# The file below /proc/PID/ns for a type of config.json.
ns_file() {
	case $1 in
	mount) echo mnt ;;
	network) echo net ;;
	*) echo "$1" ;;
	esac
}

# start_pod FILTER: a container "$ID-pod" whose namespaces are joined; POD is its process.
start_pod() {
	local bundle=$BUNDLE
	BUNDLE=$BATS_TEST_TMPDIR/pod
	bundle_make "$BUNDLE"
	config_edit "$1"
	start_container "$ID-pod"
	POD=$(container_pid "$ID-pod")
	BUNDLE=$bundle
}

with_user='.linux.namespaces += [{"type": "user"}] |
	.linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}] |
	.linux.gidMappings = .linux.uidMappings'

# join TYPE...: the container joins these of the pod.
join() {
	local type
	for type; do
		config_edit --arg type "$type" --arg path "/proc/$POD/ns/$(ns_file "$type")" '
			.linux.namespaces |= map(select(.type != $type)) +
				[{"type": $type, "path": $path}]'
	done
}

# ns_of_type PID TYPE
ns_of_type() { ns_of "$1" "$(ns_file "$2")"; }

assert_joined() {
	local type pid
	pid=$(container_pid)
	for type; do
		[[ $(ns_of_type "$pid" "$type") == "$(ns_of_type "$POD" "$type")" ]] ||
			fail "$type is not joined"
	done
}

assert_new() {
	local type pid
	pid=$(container_pid)
	for type; do
		[[ $(ns_of_type "$pid" "$type") != "$(ns_of_type "$POD" "$type")" &&
			$(ns_of_type "$pid" "$type") != "$(ns_of_type self "$type")" ]] ||
			fail "$type is not new"
	done
}

# exec is in all namespaces of the container's process.
assert_exec_is_inside() {
	local file pid wanted=''
	pid=$(container_pid)
	for file in cgroup ipc mnt net pid time user uts; do
		wanted+=$(ns_of "$pid" "$file")$'\n'
	done
	# shellcheck disable=SC2016 # expands in the container
	run gocker exec "$ID" sh -c 'cd /proc/self/ns
		for file in cgroup ipc mnt net pid time user uts; do readlink $file; done'
	[[ $output == "${wanted%$'\n'}" ]] || fail "exec is in" "$output" "not in" "$wanted"
}

@test "each type alone" {
	local type
	start_pod '.linux.namespaces += [{"type": "time"}]'
	cp "$BUNDLE/config.json" "$BUNDLE/plain.json"
	for type in pid network ipc uts cgroup time; do
		cp "$BUNDLE/plain.json" "$BUNDLE/config.json"
		join "$type"
		start_container
		assert_joined "$type"
		assert_new mount
		assert_exec_is_inside
		gocker delete --force "$ID"
	done
}

@test "all of a pod but its mounts" {
	start_pod '.linux.namespaces += [{"type": "time"}] | .hostname = "pod"'
	config_edit 'del(.hostname)'
	join network ipc uts pid cgroup time
	start_container
	assert_joined network ipc uts pid cgroup time
	assert_new mount
	assert_exec_is_inside
	[[ $(gocker exec "$ID" hostname) == pod ]]
	gocker exec "$ID" ps -o pid,comm | grep -q '^ *1 sleep'
}

@test "a hostname is set in the uts namespace that is joined" {
	start_pod '.hostname = "pod"'
	config_edit '.hostname = "mine"'
	join uts
	start_container
	[[ $(gocker exec "$ID-pod" hostname) == mine ]]
}

@test "a new user namespace together with joined ones of the host's" {
	start_pod '.hostname = "pod"'
	config_edit "del(.hostname) | $with_user | .mounts |= map(select(.type != \"sysfs\"))"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	join network uts
	start_container
	assert_joined network uts
	assert_new user pid ipc mount cgroup
	assert_exec_is_inside
	[[ $(gocker exec "$ID" id -u) == 0 && $(gocker exec "$ID" hostname) == pod ]]
	[[ $(stat -c %u "/proc/$(container_pid)") == 100000 ]]
	[[ $(gocker exec "$ID" sh -c 'cat /proc/1/cmdline') == sleep* ]]
}

@test "a user namespace that is joined, all others new and its own" {
	start_pod "$with_user"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	config_edit '.process.capabilities[] += ["CAP_SYS_ADMIN", "CAP_NET_ADMIN"]'
	join user
	start_container
	assert_joined user
	assert_new pid network ipc uts mount cgroup
	assert_exec_is_inside
	[[ $(gocker exec "$ID" id -u) == 0 ]]
	# They belong to it: its root may change them.
	gocker exec "$ID" hostname other
	gocker exec "$ID" ip link add name v0 type veth
	gocker exec "$ID" sh -c 'mount -t tmpfs tmpfs /mnt && mount -t proc proc /mnt'
}

@test "a user namespace that is joined with all that belong to it" {
	start_pod "$with_user | .linux.namespaces += [{\"type\": \"time\"}]"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	config_edit 'del(.hostname)'
	join network ipc uts pid user cgroup time
	start_container
	assert_joined user network ipc uts pid cgroup time
	assert_new mount
	assert_exec_is_inside
}

@test "a user namespace that is joined, with the host's pid namespace" {
	start_pod "$with_user"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	config_edit '.linux.namespaces |= map(select(.type != "pid")) |
		.mounts |= map(if .destination == "/proc" then
			{"destination": "/proc", "type": "bind", "source": "/proc",
				"options": ["rbind"]}
			else . end) | .linux.maskedPaths = [] | .linux.readonlyPaths = []'
	join user
	start_container
	assert_joined user
	[[ $(ns_of "$(container_pid)" pid) == "$(ns_of self pid)" ]]
	assert_exec_is_inside
}

@test "a path that is no namespace of its type is refused, with its place" {
	config_edit 'del(.hostname) |
		.linux.namespaces = [{"type": "mount"}, {"type": "network", "path": "/no"}]'
	assert_refused "config.json: /linux/namespaces/1/path: " '"/no"' "no such file or directory"
	config_edit '.linux.namespaces[1].path = "/proc/self/ns/uts"'
	assert_refused "config.json: /linux/namespaces/1/path: " "is a uts namespace, not a network"
	config_edit '.linux.namespaces[1].path = "/etc/passwd"'
	assert_refused "config.json: /linux/namespaces/1/path: " '"/etc/passwd" is not a namespace'
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	config_edit --arg path "$BATS_TEST_TMPDIR/fifo" '.linux.namespaces[1].path = $path'
	assert_refused "is not a namespace"
	config_edit '.linux.namespaces[1] = {"type": "mount"}'
	assert_refused "/linux/namespaces/1" "there twice"
}

@test "the mount namespace of process 1 is refused" {
	config_edit '.linux.namespaces |= map(select(.type != "mount")) +
		[{"type": "mount", "path": "/proc/1/ns/mnt"}]'
	run unshare -m "$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/linux/namespaces" "the mounts of process 1"
}

@test "sysctl of a joined namespace are set, but not where that is the host's" {
	local before
	before=$(cat /proc/sys/net/ipv4/ip_forward)
	start_pod .
	config_edit '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
	join network
	start_container
	[[ $(gocker exec "$ID-pod" cat /proc/sys/net/ipv4/ip_forward) == 1 ]]
	gocker delete --force "$ID"
	config_edit '.linux.namespaces |= map(if .type == "network" then
		.path = "/proc/self/ns/net" else . end)'
	assert_refused "/linux/sysctl" "net.ipv4.ip_forward" "the host's"
	[[ $(cat /proc/sys/net/ipv4/ip_forward) == "$before" ]]
}

@test "id maps with a joined user namespace must be its own" {
	start_pod "$with_user"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	config_edit "$with_user"
	join user
	start_container
	assert_joined user
	gocker delete --force "$ID"
	config_edit '.linux.gidMappings[0].size = 65535'
	assert_refused "config.json: /linux/gidMappings" "others"
}

# Root of a user namespace may not join what belongs to the host, and not even look at it below the
# processes of others.
@test "a namespace that belongs to somebody else is refused with the reason" {
	local file=$BATS_TEST_TMPDIR/namespace
	start_pod .
	join network
	run unshare -U -r "$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "open the network namespace \"/proc/$POD/ns/net\": permission denied"
	touch "$file"
	config_edit --arg path "$file" '.linux.namespaces |= map(
		if .type == "network" then .path = $path else . end)'
	# shellcheck disable=SC2016 # expands in the inner shell
	run unshare -m --propagation private sh -c '
		mount --bind "$1" "$2" && shift 2 && exec unshare -U -r -m "$@"' sh \
		"/proc/$POD/ns/net" "$file" \
		"$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "join the network namespace \"$file\": operation not permitted"
	assert_output_has "CAP_SYS_ADMIN in the user namespace that owns it"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a mount namespace that is joined gets the container's root" {
	local holder
	unshare -m --propagation private sleep 1000 3>&- &
	holder=$!
	wait_until grep -qx sleep "/proc/$holder/comm"
	config_edit --arg path "/proc/$holder/ns/mnt" '.linux.namespaces |= map(
		if .type == "mount" then .path = $path else . end)'
	start_container
	[[ $(ns_of "$(container_pid)" mnt) == "$(ns_of "$holder" mnt)" ]]
	assert_exec_is_inside
	gocker exec "$ID" grep -q '^NAME' /etc/os-release
	! grep -q "$BUNDLE" /proc/mounts || fail "mounts on the host"
	gocker delete --force "$ID"
	kill "$holder"
}

offsets='.linux.namespaces += [{"type": "time"}] |
	.linux.timeOffsets = {"boottime": {"secs": 864000},
		"monotonic": {"secs": 0, "nanosecs": 5}}'

@test "time offsets" {
	local uptime
	config_edit "$offsets"
	start_container
	uptime=$(gocker exec "$ID" cut -d. -f1 /proc/uptime)
	((uptime > 864000 + $(cut -d. -f1 /proc/uptime) - 100)) || fail "$uptime"
	[[ $(ns_of "$(container_pid)" time_for_children) == "$(ns_of "$(container_pid)" time)" ]]
	[[ $(tr -s ' ' <"/proc/$(container_pid)/timens_offsets") == \
		$'monotonic 0 5\nboottime 864000 0' ]]
	assert_new time
	assert_exec_is_inside
	run gocker exec "$ID" sh -c 'echo "boottime 1 0" >/proc/self/timens_offsets'
	[[ $status != 0 ]]
}

@test "time offsets in a new user namespace, which owns the clocks" {
	config_edit "$with_user | $offsets"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	start_container
	(($(gocker exec "$ID" cut -d. -f1 /proc/uptime) > 864000))
	assert_new time user
	assert_exec_is_inside
}

@test "time offsets in a joined user namespace, and a clock that would be negative" {
	start_pod "$with_user"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	config_edit "$offsets"
	join user
	start_container
	(($(gocker exec "$ID" cut -d. -f1 /proc/uptime) > 864000))
	assert_exec_is_inside
	gocker delete --force "$ID"
	config_edit '.linux.timeOffsets.monotonic.secs = -100000000'
	assert_refused "make the time namespace" "negative"
}

@test "the processes of a container without a pid namespace of its own end with it" {
	local pid
	start_pod .
	config_shell 'sleep 1001 & sleep 1002'
	join pid
	start_container
	wait_until pgrep -x -f 'sleep 1001' >/dev/null
	pid=$(pgrep -x -f 'sleep 1001')
	gocker kill --all "$ID" KILL
	wait_for_state stopped
	[[ ! -e /proc/$pid ]] || [[ $(awk '{ print $3 }' "/proc/$pid/stat") == Z ]]
	gocker delete "$ID"
	start_container
	wait_until pgrep -x -f 'sleep 1001' >/dev/null
	pid=$(pgrep -x -f 'sleep 1001')
	gocker kill "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	[[ ! -e /proc/$pid ]] || [[ $(awk '{ print $3 }' "/proc/$pid/stat") == Z ]]
	is_in_state "$ID-pod" running
}

@test "exec is where the container is, also in what it shares with its maker" {
	config_edit 'del(.hostname) |
		.linux.namespaces |= map(select(.type == "mount" or .type == "pid"))'
	start_container
	run unshare -n -u "$GOCKER" --root "$TEST_ROOT" exec "$ID" sh -c \
		'readlink /proc/self/ns/net; readlink /proc/self/ns/uts'
	[[ $output == "$(ns_of "$(container_pid)" net)"$'\n'"$(ns_of "$(container_pid)" uts)" ]]
}

@test "a pid namespace whose first process has ended is refused with the reason" {
	local namespace
	start_pod .
	exec {namespace}</proc/"$POD"/ns/pid
	gocker delete --force "$ID-pod"
	config_edit --arg path "/proc/$BASHPID/fd/$namespace" '.linux.namespaces |= map(
		if .type == "pid" then .path = $path else . end)'
	assert_refused "join namespaces" "has the first one of the pid namespace ended?"
	exec {namespace}<&-
}

@test "run waits for a process that was born into what it joins" {
	start_pod "$with_user"
	chown -R 100000:100000 "$BUNDLE/rootfs"
	join user pid
	config_shell 'sleep 1005 & echo $(($$ > 1)); exit 7'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 7
	[[ $output == 1 && ! -e $TEST_ROOT/$ID ]]
	! pgrep -x -f 'sleep 1005' || fail "a process is left"
}
