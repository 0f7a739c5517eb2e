#!/usr/bin/env bats
# cgroup_freezer.bats - what freezes, and what does not: cgroups above and below, stuck processes

load helpers

setup_test() {
	PARENT=gocker-test-$$-$BATS_TEST_NUMBER
	config_edit --arg path "/$PARENT/$ID" '.linux.cgroupsPath = $path'
}

# What is frozen now may not have been deleted.
teardown_test() {
	local dir
	[[ -z ${server-} ]] || kill -KILL "$server" || true
	find /sys/fs/cgroup -type d -path "*/$PARENT*" | while read -r dir; do
		freeze "$dir" 0
	done
	gocker delete --force "$ID" || true
	find /sys/fs/cgroup -depth -type d -path "*/$PARENT*" -delete 2>/dev/null || true
}

# freeze DIRECTORY 1|0: with whatever freezer is there.
freeze() {
	local words=(THAWED FROZEN)
	[[ ! -e $1/cgroup.freeze ]] || echo "$2" >"$1/cgroup.freeze"
	[[ ! -e $1/freezer.state ]] || echo "${words[$2]}" >"$1/freezer.state"
}

# freezer_dirs [SUFFIX]: the container's directories in the hierarchies with a freezer that gocker
# sees, with the suffix behind each.
freezer_dirs() {
	local dir
	for dir in $(jq -r '.cgroupPaths[]' "$TEST_ROOT/$ID/state.json"); do
		[[ ${VIEW-} != on_pure_v2 ]] || dir=${dir/cgroup/cgroup\/unified}
		[[ ! -e $dir/cgroup.freeze && ! -e $dir/freezer.state ]] || echo "$dir${1-}"
	done
}

is_dead() { [[ ! -e /proc/$1 ]] || grep -q '^State:.*[ZX]' "/proc/$1/status"; }

# One of its processes in a cgroup below its own, which is frozen.
freeze_child() {
	local dir child
	child=$(gocker ps -f json "$ID" | jq '.[]' | grep -v "^$(container_pid)\$")
	for dir in $(freezer_dirs /below); do
		mkdir "$dir"
		echo "$child" >"$dir/cgroup.procs"
		freeze "$dir" 1
	done
	echo "$child"
}

delete_in_time() {
	export TEST_ROOT GOCKER_WRAPPER
	timeout 5 "$BASH" -c "$(declare -f gocker on_pure_v1 on_pure_v2); gocker delete --force $ID"
}

delete_with_frozen_child() {
	local child
	start_container
	wait_until test -e "$BUNDLE/rootfs/ready"
	child=$(freeze_child)
	[[ $(container_state) == running ]]
	delete_in_time
	[[ ! -e $TEST_ROOT/$ID ]]
	wait_until is_dead "$child"
	[[ -z $(find /sys/fs/cgroup -type d -path "*/$PARENT*") ]]
}

@test "what a container has frozen itself is killed all the same" {
	config_shell 'sleep 1000 & echo >/ready; exec sleep 1001'
	each_view delete_with_frozen_child
}

# Only the freezer of v1 is a hierarchy of its own.
delete_with_moved_process() {
	local dir pid elsewhere=
	start_container
	pid=$(container_pid)
	for dir in $(freezer_dirs); do
		[[ -e $dir/freezer.state ]] || continue
		elsewhere=${dir%"/$PARENT/"*}/$PARENT-elsewhere
		mkdir "$elsewhere"
		echo "$pid" >"$elsewhere/cgroup.procs"
		freeze "$elsewhere" 1
	done
	delete_in_time
	wait_until is_dead "$pid"
	[[ -z $elsewhere ]] || rmdir "$elsewhere"
}

@test "what somebody has moved to a frozen cgroup elsewhere is killed all the same" {
	each_view delete_with_moved_process
}

kill_with_frozen_child() {
	local child
	start_container
	wait_until test -e "$BUNDLE/rootfs/ready"
	child=$(freeze_child)
	gocker pause "$ID"
	[[ $(container_state) == paused ]]
	gocker kill "$ID" KILL
	wait_for_state stopped
	wait_until is_dead "$child"
	gocker delete "$ID"
}

@test "kill KILL of a paused container, parts of which are frozen" {
	config_shell 'sleep 1000 & echo >/ready; exec sleep 1001'
	each_view kill_with_frozen_child
}

create_below_frozen() {
	config_edit --arg path "/$PARENT/$ID-b" '.linux.cgroupsPath = $path'
	run gocker create -b "$BUNDLE" "$ID-b"
	assert_status 1
	assert_output_has "is below one that is frozen"
	[[ ! -e $TEST_ROOT/$ID-b ]]
	[[ -z $(find /sys/fs/cgroup -type d -path "*/$PARENT/$ID-b") ]]
	config_edit --arg path "/$PARENT/$ID" '.linux.cgroupsPath = $path'
}

# v1 lets nothing die that is frozen from above; v2 does.
frozen_from_above() {
	local dir is_v1=
	start_container
	gocker pause "$ID"
	for dir in $(freezer_dirs); do
		[[ ! -e $dir/freezer.state ]] || is_v1=1
		freeze "$dir/.." 1
	done
	run gocker resume "$ID"
	assert_status 1
	assert_output_has "stays frozen, as one above it is"
	create_below_frozen
	if [[ -n $is_v1 ]]; then
		run gocker delete --force "$ID"
		assert_status 1
		assert_output_has "cannot die before one above it, which is frozen, is thawed"
		for dir in $(freezer_dirs /..); do
			freeze "$dir" 0
		done
	fi
	gocker delete --force "$ID"
	[[ -z $(find /sys/fs/cgroup -type d -path "*/$PARENT/*") ]]
	find /sys/fs/cgroup -depth -type d -path "*/$PARENT" -delete 2>/dev/null || true
}

@test "a cgroup above that somebody else has frozen" {
	each_view frozen_from_above
}

# stuck_container: reads a file that never answers; its server is $server.
stuck_container() {
	mkdir "$BATS_TEST_TMPDIR/stuck"
	config_edit --arg source "$BATS_TEST_TMPDIR/stuck" '.mounts += [
		{"destination": "/stuck", "source": $source, "type": "none", "options": ["bind"]}]'
	config_shell 'echo $$ >/ready; exec cat /stuck/stuck'
	# shellcheck disable=SC2016 # expands in the inner shell
	unshare -m --propagation private bash -c '
		python3 "$1/stuck_fs.py" "$2" >"$3" 2>&1 &
		echo $! >"$2.pid"
		until mountpoint -q "$2"; do sleep 0.05; done
		"${@:4}"' bash "$BATS_TEST_DIRNAME" "$BATS_TEST_TMPDIR/stuck" \
		"$BATS_TEST_TMPDIR/reads" \
		"$GOCKER" --root "$TEST_ROOT" run -d -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	server=$(cat "$BATS_TEST_TMPDIR/stuck.pid")
	wait_until grep -q reading "$BATS_TEST_TMPDIR/reads"
}

@test "a process that cannot be frozen: pause gives up, and all go on" {
	need_command python3
	[[ -c /dev/fuse ]] || skip "no /dev/fuse"
	local dir child
	stuck_container
	gocker exec -d "$ID" sh -c 'while :; do date +%s%N >/count; sleep 0.02; done'
	wait_until test -s "$BUNDLE/rootfs/count"
	run gocker pause "$ID"
	assert_status 1
	assert_output_has "cannot be frozen"
	[[ $(container_state) == running ]]
	child=$(cat "$BUNDLE/rootfs/count")
	wait_until has_changed "$child"
	for dir in $(freezer_dirs); do
		[[ ! -e $dir/cgroup.freeze ]] || [[ $(cat "$dir/cgroup.freeze") == 0 ]]
	done
	kill -KILL "$server"
	server=
	wait_for_state stopped
}
has_changed() { [[ $(cat "$BUNDLE/rootfs/count") != "$1" ]]; }
