#!/usr/bin/env bats
# crash.bats - gocker killed with SIGKILL at any moment: delete --force removes what it left

load helpers

processes_left() { pgrep -f -- "--root $TEST_ROOT |$ID-marker"; }
no_process_left() { ! processes_left >/dev/null; }

check_clean() {
	timeout 10 "$GOCKER" --root "$TEST_ROOT" delete --force "$ID" ||
		fail "delete --force after $1"
	[[ ! -e $TEST_ROOT/$ID ]] || fail "a state directory after $1: $(ls "$TEST_ROOT/$ID")"
	[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID") ]] || fail "a cgroup after $1"
	wait_until no_process_left || fail "processes after $1:" "$(processes_left)"
}

# kill_at MICROSECONDS ARGUMENT...: gocker, killed after that time.
kill_at() {
	local pid
	"$GOCKER" --root "$TEST_ROOT" "${@:2}" </dev/null >/dev/null 2>&1 3>&- &
	pid=$!
	sleep "$(printf '0.%06d' "$1")"
	kill -KILL "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
}

# The whole of a command takes some milliseconds; what is later finds it ended.
moments() { seq 0 300 11700; }

# state_is WORD...: what the state says is one of these, or there is none.
state_is() {
	local status
	status=$(gocker state "$ID" 2>/dev/null | jq -r .status)
	[[ " $* " == *" ${status:-none} "* ]] || fail "state is $status"
}

@test "create" {
	local moment
	config_args sh -c "sleep 1000; : $ID-marker"
	for moment in $(moments); do
		kill_at "$moment" create -b "$BUNDLE" "$ID"
		sleep 0.01
		state_is none creating created stopped
		check_clean "$moment us"
	done
}

@test "run --detach" {
	local moment
	config_args sh -c "sleep 1000; : $ID-marker"
	for moment in $(moments); do
		kill_at "$moment" run -d -b "$BUNDLE" "$ID"
		sleep 0.01
		state_is none creating running stopped
		check_clean "$moment us"
	done
}

@test "a killed create leaves nothing that waits for ever" {
	local moment
	map_ids
	for moment in $(seq 0 500 9500); do
		kill_at "$moment" run -d -b "$BUNDLE" "$ID"
		# Nobody deletes it: what is not running must have ended by itself.
		wait_until running_or_ended || fail "after $moment us:" "$(processes_left)"
		check_clean "$moment us"
	done
}
running_or_ended() {
	[[ $(container_state "$ID" 2>/dev/null) == running ]] || no_process_left
}

@test "start" {
	local moment
	for moment in $(seq 0 200 3800); do
		create_container
		kill_at "$moment" start "$ID"
		state_is created running
		check_clean "$moment us"
	done
}

@test "exec" {
	local moment
	start_container
	for moment in $(moments); do
		kill_at "$moment" exec "$ID" sleep 0.02
		state_is running
	done
	wait_until only_init
	check_clean "the last"
}
only_init() { [[ $(gocker ps -f json "$ID" | jq length) == 1 ]]; }

@test "delete --force" {
	local moment
	config_args sh -c "sleep 1000; : $ID-marker"
	for moment in $(seq 0 250 4750); do
		start_container
		kill_at "$moment" delete --force "$ID"
		check_clean "$moment us"
	done
}

@test "a killed start is finished by the next" {
	create_container
	kill -STOP "$(container_pid)"
	kill_at 100000 start "$ID"
	kill -CONT "$(container_pid)"
	wait_until is_started
	run gocker start "$ID"
	assert_output_has "already running"
}
is_started() { [[ $(container_state) == running ]]; }
