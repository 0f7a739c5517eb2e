#!/usr/bin/env bats
# limits.bats - memory, cpu and pids limits: in the kernel's files, and their effect

load helpers

# value CONTROLLER FILE-V1 FILE-V2
value() {
	local dir
	dir=$(cgroup_dir "$1" "$(container_pid)")
	if [[ -e $dir/$2 ]]; then cat "$dir/$2"; else cat "$dir/$3"; fi
}

@test "the container is in a cgroup of its own, which is removed with it" {
	start_container
	local dir
	dir=$(cgroup_dir pids "$(container_pid)")
	[[ $dir == *"gocker-$ID" ]]
	[[ $(cat "$dir/cgroup.procs") == "$(container_pid)" ]]
	gocker delete --force "$ID"
	[[ ! -e $dir ]]
	[[ -z $(find /sys/fs/cgroup -type d -name "*$ID*" 2>/dev/null) ]]
}

@test "cgroupsPath" {
	config_edit --arg path "/gocker-test/$ID" '.linux.cgroupsPath = $path'
	start_container
	[[ $(cgroup_dir pids "$(container_pid)") == *"/gocker-test/$ID" ]]
	gocker delete --force "$ID"
	[[ -z $(find /sys/fs/cgroup -type d -path "*/gocker-test/$ID*" 2>/dev/null) ]]
}

@test "cgroupsPath with .. is refused" {
	config_edit '.linux.cgroupsPath = "/a/../../b"'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/a/../../b"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a memory limit kills a hog, and state says stopped" {
	need_cgroup memory
	config_edit '.linux.resources.memory = {"limit": 67108864}'
	config_shell 'x=x; while :; do x=$x$x; done'
	start_container
	wait_until is_in_state "$ID" stopped
}

@test "run gives 137 for a hog" {
	need_cgroup memory
	config_edit '.linux.resources.memory = {"limit": 67108864}'
	config_args tail /dev/zero
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 137
}

@test "memory limits are in the kernel's files" {
	need_cgroup memory
	config_edit '.linux.resources.memory = {"limit": 67108864, "reservation": 33554432}'
	start_container
	[[ $(value memory memory.limit_in_bytes memory.max) == 67108864 ]]
	[[ $(value memory memory.soft_limit_in_bytes memory.low) == 33554432 ]]
}

@test "a pids limit stops a fork bomb" {
	need_cgroup pids
	config_edit '.linux.resources.pids = {"limit": 20}'
	config_shell 'sh -c "while :; do sleep 100 & done" 2>/dev/null & exec sleep 100'
	start_container
	wait_until has_many_processes
	[[ $(value pids pids.max pids.max) == 20 ]]
	[[ $(gocker ps -f json "$ID" | jq length) -le 20 ]]
	gocker delete --force "$ID"
}
has_many_processes() { [[ $(gocker ps -f json "$ID" | jq length) -ge 15 ]]; }

# The share of a processor that the container gets in about two seconds, in percent.
cpu_share() {
	local dir usage time
	dir=$(cgroup_dir cpuacct "$(container_pid)")
	usage=$(read_usage "$dir") time=$(date +%s%N)
	sleep 2
	echo $((($(read_usage "$dir") - usage) * 100 / ($(date +%s%N) - time)))
}
read_usage() {
	if [[ -e $1/cpuacct.usage ]]; then
		cat "$1/cpuacct.usage"
	else
		echo "$(sed -n 's/^usage_usec //p' "$1/cpu.stat")000"
	fi
}

@test "a cpu quota of a half halves a busy loop" {
	need_cgroup cpu
	config_edit '.linux.resources.cpu = {"quota": 50000, "period": 100000}'
	config_shell 'while :; do :; done'
	start_container
	sleep 0.3
	local got
	got=$(cpu_share)
	# a busy machine may give less, the kernel's slices a little more
	((got > 15 && got < 62)) || fail "got $got % of a processor"
	[[ $(value cpu cpu.cfs_quota_us cpu.max) == 50000* ]]
}

@test "devices that are not allowed cannot be opened" {
	config_edit '.process.capabilities[] += ["CAP_MKNOD"] |
		.linux.resources.devices = [{"allow": false, "access": "rwm"}]'
	config_shell 'mknod /tmp/kmsg c 1 11 && head -c 1 /tmp/kmsg; echo x >/dev/null && echo fine'
	run gocker run -b "$BUNDLE" "$ID"
	assert_output_has "peration not permitted"
	assert_output_has "fine"
}

@test "limits work where the host looks like pure v2 without controllers" {
	config_edit 'del(.linux.resources)'
	config_args echo yes
	[[ $(on_pure_v2 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID") == yes ]]
}

@test "a limit whose controller the host lacks is refused with its name" {
	[[ $(stat -fc %T /sys/fs/cgroup) != cgroup2fs ]] ||
		skip "the host has all controllers on v2"
	config_edit '.linux.resources = {"pids": {"limit": 20}}'
	run on_pure_v2 "$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "pids"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a cgroup that others are in is refused" {
	start_container
	local path
	path=$(awk -F: '$2 == "pids" || $1 == 0 { print $3; exit }' "/proc/$(container_pid)/cgroup")
	config_edit --arg path "$path" '.linux.cgroupsPath = $path'
	run gocker create -b "$BUNDLE" "$ID-2"
	assert_status 1
	[[ ! -e $TEST_ROOT/$ID-2 ]]
	[[ $(container_state) == running ]]
}
