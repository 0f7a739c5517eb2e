#!/usr/bin/env bats
# pause.bats - pause and resume, and what the other commands do with a paused container

load helpers

setup_test() {
	[[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]] || need_cgroup freezer
}

# The container counts; grows SECONDS: whether it still does.
start_counter() {
	config_shell 'i=0; while :; do i=$((i + 1)); echo $i >/count; sleep 0.02; done'
	start_container
	wait_until test -s "$BUNDLE/rootfs/count"
}

count() { cat "$BUNDLE/rootfs/count"; }
has_grown() { [[ $(count) != "$1" ]]; }

@test "pause stops the processes, resume lets them go on" {
	local before
	start_counter
	gocker pause "$ID"
	[[ $(container_state) == paused ]]
	[[ $(gocker list | awk 'NR == 2 { print $3 }') == paused ]]
	before=$(count)
	sleep 0.3
	[[ $(count) == "$before" ]]
	gocker resume "$ID"
	[[ $(container_state) == running ]]
	wait_until has_grown "$before"
}

# In the view of a pure v2 host: paused with the v2 freezer, and deleted.
pause_on_v2() {
	"$GOCKER" --root "$1" run -d -b "$2" "$3" >/dev/null 2>&1 3>&- &&
		"$GOCKER" --root "$1" pause "$3" && "$GOCKER" --root "$1" state "$3" &&
		cat "$(jq -r '.cgroupPaths[0]' "$1/$3/state.json")/cgroup.events" &&
		"$GOCKER" --root "$1" delete --force "$3"
}

@test "pause on a host with cgroup v2 only" {
	on_pure_v2 bash -c "$(declare -f pause_on_v2); pause_on_v2 \"\$@\"" bash \
		"$TEST_ROOT" "$BUNDLE" "$ID" >"$OUT"
	grep -q '"status": "paused"' "$OUT"
	grep -q "^frozen 1" "$OUT"
}

@test "a created container is created again after a pause" {
	create_container
	gocker pause "$ID"
	[[ $(container_state) == paused ]]
	run gocker start "$ID"
	assert_status 1
	assert_output_has "cannot start a container in the paused state"
	gocker resume "$ID"
	[[ $(container_state) == created ]]
	gocker start "$ID"
	[[ $(container_state) == running ]]
}

@test "what is not in the right state is refused with runc's words" {
	start_container
	run gocker resume "$ID"
	assert_status 1
	assert_output_has "container not paused"
	gocker pause "$ID"
	run gocker pause "$ID"
	assert_status 1
	assert_output_has "container not running"
	run gocker delete "$ID"
	assert_status 1
	assert_output_has "cannot delete container $ID that is not stopped: paused"
	gocker kill "$ID" KILL
	wait_for_state stopped
	run gocker pause "$ID"
	assert_status 1
	assert_output_has "container not running"
	run gocker resume "$ID"
	assert_status 1
	assert_output_has "container not paused"
	run gocker pause "$ID-x"
	assert_status 1
	assert_output_has "container does not exist"
}

@test "exec in a paused container is refused, with --ignore-paused it waits" {
	start_container
	gocker pause "$ID"
	run gocker exec "$ID" true
	assert_status 255
	assert_output_has "container paused"
	assert_output_has "cannot exec in a paused container (use --ignore-paused to override)"
	gocker exec --ignore-paused "$ID" touch /done 3>&- &
	sleep 0.3
	[[ ! -e $BUNDLE/rootfs/done ]]
	gocker resume "$ID"
	wait $!
	[[ -e $BUNDLE/rootfs/done ]]
}

@test "kill --all KILL, and delete --force end a paused container" {
	start_container
	gocker pause "$ID"
	gocker kill --all "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	start_container
	gocker pause "$ID"
	gocker delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a container that somebody else has thawed is running, one left frozen can be resumed" {
	local dir
	start_container
	gocker pause "$ID"
	for dir in $(jq -r '.cgroupPaths[]' "$TEST_ROOT/$ID/state.json"); do
		[[ ! -e $dir/freezer.state ]] || echo THAWED >"$dir/freezer.state"
		[[ ! -e $dir/cgroup.freeze ]] || echo 0 >"$dir/cgroup.freeze"
	done
	wait_for_state running
	[[ $(gocker list -f json | jq -r '.[].status') == running ]]
	gocker pause "$ID"
	sed -i 's/"status":"paused"/"status":"running"/' "$TEST_ROOT/$ID/state.json"
	[[ $(container_state) == running ]]
	gocker resume "$ID"
	gocker exec "$ID" true
}
