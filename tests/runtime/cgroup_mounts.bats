#!/usr/bin/env bats
# cgroup_mounts.bats - what a container sees at /sys/fs/cgroup, on v1, hybrid and v2 hosts

load helpers

# The bundle's config has a read-only cgroup mount and a cgroup namespace.
setup_test() {
	config_edit --arg id "$ID" '.linux.cgroupsPath = "/gocker-seen/" + $id |
		.process.capabilities[] += ["CAP_DAC_OVERRIDE"]'
}

without_cgroup_namespace() {
	config_edit '.linux.namespaces |= map(select(.type != "cgroup"))'
}

writable() {
	config_edit '.mounts |= map(if .type == "cgroup" then .options -= ["ro"] else . end)'
}

need_v1() { [[ -d /sys/fs/cgroup/memory ]] || skip "no v1 hierarchies here"; }

count() { find "$1" -mindepth 1 -maxdepth 1 | wc -l; }

# hierarchies: where they are mounted; a link "cpu" may lead to "cpu,cpuacct".
hierarchies() { find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -type d; }
run_container() { gocker run -b "$BUNDLE" "$ID"; }
run_on_v2() { on_pure_v2 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"; }

# It prints each hierarchy of the mount, with how it is mounted and what of it is shown.
# shellcheck disable=SC2016 # expands in the container
list='cd /sys/fs/cgroup; awk "\$5 ~ \"^/sys/fs/cgroup\" { print \$4, \$5, \$6 }" \
	/proc/self/mountinfo | sort'

@test "v1: a directory for each hierarchy, which shows the container's own cgroup, read-only" {
	need_v1
	local name
	config_shell "$list"'; for d in *; do grep -qx 1 $d/cgroup.procs || echo $d: not in it
		mkdir $d/x 2>/dev/null && echo $d: writable; done
		mkdir x 2>/dev/null && echo writable'
	run run_container
	[[ ${#lines[@]} == $(($(hierarchies | wc -l) + 1)) ]]
	assert_output_has "/ /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime"
	for name in $(hierarchies); do
		assert_output_has "/ $name ro,nosuid,nodev,noexec,relatime"
	done
}

@test "v1: writable where the mount says so" {
	need_v1
	writable
	config_shell 'cd /sys/fs/cgroup && for d in memory pids unified; do
		[ ! -d $d ] || { mkdir $d/x && echo $$ >$d/x/cgroup.procs &&
			grep -c /x$ /proc/self/cgroup; } done'
	run run_container
	assert_status 0
	[[ ${lines[-1]} == "${#lines[@]}" ]]
	[[ ! -e /sys/fs/cgroup/pids/gocker-seen ]]
}

@test "v1: without a cgroup namespace it is a bind of the same directories" {
	need_v1
	local name
	without_cgroup_namespace
	config_shell "$list"'
		for d in *; do grep -qx 1 $d/cgroup.procs || echo $d: not in it; done'
	run run_container
	[[ ${#lines[@]} == $(($(hierarchies | wc -l) + 1)) ]]
	for name in $(hierarchies); do
		assert_output_has "/gocker-seen/$ID $name ro,nosuid,nodev,noexec,relatime"
	done
}

@test "v1: in a user namespace, with and without a cgroup namespace" {
	need_v1
	with_user_namespace
	writable
	config_shell 'cd /sys/fs/cgroup; for d in *; do grep -qx 1 $d/cgroup.procs ||
		echo $d: not in it; mkdir $d/x 2>/dev/null && echo $d: writable; done; ls | wc -l'
	[[ $(run_container) == $(count /sys/fs/cgroup) ]]
	without_cgroup_namespace
	[[ $(run_container) == $(count /sys/fs/cgroup) ]]
}

@test "v2: the container's own cgroup, read-only" {
	config_shell "$list; grep ^0: /proc/self/cgroup; grep -x 1 cgroup.procs
		mkdir x 2>/dev/null"
	run run_on_v2
	[[ $output == $'/ /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime\n0::/\n1' ]]
}

@test "v2: writable where the mount says so, and handed over to the container's user" {
	writable
	config_shell 'cd /sys/fs/cgroup; mkdir x && echo $$ >x/cgroup.procs
		grep ^0: /proc/self/cgroup
		stat -c "%n %u" . cgroup.procs cgroup.subtree_control cgroup.max.depth'
	run run_on_v2
	[[ $output == $'0::/x\n. 0\ncgroup.procs 0\ncgroup.subtree_control 0\ncgroup.max.depth 0' ]]
	with_user_namespace
	run run_on_v2
	[[ $output == "0::/x
. 0
cgroup.procs 0
cgroup.subtree_control 0
cgroup.max.depth 65534" ]]
}

@test "v2: not handed over where the mount is read-only or the cgroup namespace is the host's" {
	with_user_namespace
	config_shell 'stat -c %u /sys/fs/cgroup/cgroup.procs'
	run run_on_v2
	[[ $output == 65534 ]]
	writable
	without_cgroup_namespace
	config_shell 'stat -c %u "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)/cgroup.procs"'
	run run_on_v2
	[[ $output == 65534 ]]
}

# shellcheck disable=SC2016 # expands in the container
@test "v2: without a cgroup namespace the host's whole tree" {
	without_cgroup_namespace
	config_shell "$list"'; cd "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)" &&
		grep -x 1 cgroup.procs && pwd'
	run run_on_v2
	[[ $output == "/ /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime
1
/sys/fs/cgroup/gocker-seen/$ID" ]]
}
