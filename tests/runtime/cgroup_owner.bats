#!/usr/bin/env bats
# cgroup_owner.bats - whose a cgroup is: containers that are given the same one

load helpers

setup_test() {
	config_edit --arg path "/gocker-test-$$/$ID" '.linux.cgroupsPath = $path'
}

# What a test has made itself.
teardown_test() {
	local dir
	find /sys/fs/cgroup -depth -type d -path "*/gocker-test-$$*" | while read -r dir; do
		rmdir "$dir"
	done
}

directories() { find /sys/fs/cgroup -type d -path "*/gocker-test-$$/*"; }
is_alive() { [[ -d /proc/$1 ]] && ! grep -q '^State:.*[ZX]' "/proc/$1/status"; }

# container_stop ID: as if it had ended by itself; its cgroup stays, empty.
container_stop() {
	gocker kill "$1" KILL
	wait_for_state stopped "$1"
}

@test "the directories go with the container, also the parent that was made for it" {
	start_container
	[[ -n $(directories) ]]
	gocker delete --force "$ID"
	[[ -z $(find /sys/fs/cgroup -type d -path "*/gocker-test-$$*") ]]
}

@test "an empty cgroup that is there is used, and goes with the container" {
	local dir
	start_container
	dir=$(cgroup_dir pids "$(container_pid)")
	gocker delete --force "$ID"
	mkdir -p "$dir"
	start_container
	[[ $(cgroup_dir pids "$(container_pid)") == "$dir" ]]
	gocker delete --force "$ID"
	[[ ! -e $dir ]]
}

@test "one with processes is refused, and they stay" {
	local pid
	start_container
	pid=$(container_pid)
	run gocker create -b "$BUNDLE" "$ID-b"
	assert_status 1
	assert_output_has "exists and has processes"
	[[ ! -e $TEST_ROOT/$ID-b ]]
	is_alive "$pid"
	[[ -n $(directories) ]]
}

@test "of several creates at once one wins, and the failing ones leave it alone" {
	local round i winner
	for round in 1 2 3 4 5 6; do
		for i in 1 2 3 4; do
			"$GOCKER" --root "$TEST_ROOT" run -d -b "$BUNDLE" "$ID-$i" \
				</dev/null >>"$OUT" 2>&1 3>&- &
		done
		wait
		winner=$(gocker list -q)
		[[ -n $winner && $winner != *$'\n'* ]] ||
			fail "round $round: $winner" "$(cat "$OUT")"
		sleep 0.02
		[[ $(container_state "$winner") == running ]]
		gocker delete --force "$winner"
		[[ -z $(directories) ]]
	done
}

@test "who gets the cgroup of a stopped container keeps it when that is deleted" {
	local pid
	start_container "$ID-a"
	container_stop "$ID-a"
	start_container "$ID-b"
	pid=$(container_pid "$ID-b")
	[[ $(gocker ps -f json "$ID-a") == "[]" ]]
	gocker kill --all "$ID-a" KILL
	gocker delete --force "$ID-a"
	is_alive "$pid"
	[[ $(gocker ps -f json "$ID-b") == "[$pid]" ]]
	gocker delete --force "$ID-b"
	[[ -z $(directories) ]]
}

# What a create leaves that is killed between its first state and its cgroup.
forge_remnant() {
	mkdir -m 700 "$TEST_ROOT/$ID-b"
	jq --arg id "$ID-b" '.id = $id | .status = "creating" | .pid = 0 | .created = "2026" |
		del(.startTime)' "$TEST_ROOT/$ID-a/state.json" >"$TEST_ROOT/$ID-b/state.json"
}

@test "the remnant of a killed create does not take another container with it" {
	local pid
	start_container "$ID-a"
	pid=$(container_pid "$ID-a")
	forge_remnant
	gocker delete --force "$ID-b"
	[[ ! -e $TEST_ROOT/$ID-b ]]
	is_alive "$pid"
	[[ -n $(directories) ]]
}

@test "nor the empty cgroup of one that is stopped, nor does it leave one that is nobody's" {
	start_container "$ID-a"
	container_stop "$ID-a"
	forge_remnant
	gocker delete --force "$ID-b"
	[[ -n $(directories) ]]
	forge_remnant
	gocker delete "$ID-a"
	[[ -z $(directories) ]]
	jq -r '.cgroupPaths[]' "$TEST_ROOT/$ID-b/state.json" | xargs mkdir -p
	gocker delete --force "$ID-b"
	[[ -z $(directories) ]]
}

@test "creates that are killed at any moment, with the cgroup of another" {
	local pid moment create
	start_container "$ID-a"
	pid=$(container_pid "$ID-a")
	for moment in $(seq 0 300 6000); do
		"$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID-b" </dev/null \
			>/dev/null 2>&1 3>&- &
		create=$!
		sleep "$(printf '0.%06d' "$moment")"
		kill -KILL "$create" 2>/dev/null || true
		wait "$create" 2>/dev/null || true
		gocker delete --force "$ID-b"
		is_alive "$pid" || fail "killed after $moment us"
	done
	[[ -n $(directories) ]]
}

@test "a container may be made in the cgroup of one that is being deleted" {
	local round pid
	for round in 1 2 3 4 5 6 7 8; do
		start_container "$ID-a"
		container_stop "$ID-a"
		"$GOCKER" --root "$TEST_ROOT" delete "$ID-a" &
		until gocker run -d -b "$BUNDLE" "$ID-b" </dev/null >"$OUT" 2>&1 3>&-; do
			grep -q "is being made or removed" "$OUT" || fail "$(cat "$OUT")"
		done
		wait "$!" || fail "round $round: delete failed"
		pid=$(container_pid "$ID-b")
		is_alive "$pid" || fail "round $round"
		[[ $(gocker ps -f json "$ID-b") == "[$pid]" ]]
		gocker delete --force "$ID-b"
		[[ -z $(directories) ]]
	done
}
