#!/usr/bin/env bats
# a22_hostile_init.bats - the container's process does all to be misjudged, or not to end
#
# Detects: a build that takes a process that has ended and waits for its tracer for alive (proc.c)
# Frozen by itself or from above: tests/runtime/pause.bats.

load helpers

# in_time COMMAND...: gocker, which has to return.
in_time() { timeout 10 "$GOCKER" --root "$TEST_ROOT" "$@"; }

@test "a stopped process at the gate stops no other command" {
	create_container
	local pid start i
	pid=$(container_pid)
	kill -STOP "$pid"
	for i in $(seq 20); do
		[[ $(in_time state "$ID" | jq -r .status) == created ]]
	done
	in_time start "$ID" >/dev/null 2>&1 3>&- &
	start=$!
	sleep 0.2
	[[ $(in_time list -q) == "$ID" ]]
	in_time delete --force "$ID"
	wait "$start" && fail "start says that it worked"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

@test "a stopped container, deaf and with a strange name, is seen and deleted" {
	config_shell 'trap "" TERM HUP INT QUIT USR1; printf "x) Z 1" >/proc/$$/comm
		echo ready; while :; do sleep 1; done'
	start_container
	wait_until 5 grep -q ready "$OUT"
	kill -STOP "$(container_pid)"
	[[ $(in_time state "$ID" | jq -r .status) == running ]]
	in_time kill "$ID" TERM
	in_time ps "$ID" | grep -q "$(container_pid)"
	[[ $(in_time ps -f json "$ID" | jq ".[0]") == "$(container_pid)" ]]
	in_time list | grep -q running
	in_time delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

@test "a container that floods its output and forks without end is deleted" {
	config_edit '.linux.resources.pids = {"limit": 100}'
	config_shell 'f() { sleep 0.01 & f & f & }; (while :; do f; done) 2>/dev/null &
		exec yes flood'
	gocker create -b "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 3>&-
	gocker start "$ID"
	sleep 0.3
	[[ $(in_time state "$ID" | jq -r .status) == running ]]
	in_time delete --force "$ID"
	[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID") ]]
	host_is_untouched
}

# trace PID: a tracer that has stopped it, and neither lets it go on nor takes note of its end.
trace() {
	python3 -c '
import ctypes, sys, time
libc, pid = ctypes.CDLL(None), int(sys.argv[1])
PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
if libc.ptrace(PTRACE_SEIZE, pid, None, None) or libc.ptrace(PTRACE_INTERRUPT, pid, None, None):
    sys.exit("not traced")
time.sleep(60)' "$1" 3>&- &
	TRACER=$!
	wait_until 5 is_traced "$1"
}
is_traced() { grep -q 'State:.*tracing' "/proc/$1/status"; }
teardown_test() { [[ -z ${TRACER-} ]] || kill "$TRACER" 2>/dev/null || true; }

@test "a traced container is seen, signalled, entered and deleted" {
	need_command python3
	start_container
	trace "$(container_pid)"
	[[ $(in_time state "$ID" | jq -r .status) == running ]]
	in_time kill "$ID" TERM
	in_time ps "$ID" | grep -q sleep
	in_time list | grep -q running
	[[ $(in_time exec "$ID" echo entered </dev/null) == entered ]]
	in_time kill "$ID" KILL
	# A zombie until its tracer looks at it.
	wait_for_state stopped
	in_time delete "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

@test "a traced container that is created is started or deleted, and nobody waits for ever" {
	need_command python3
	create_container
	trace "$(container_pid)"
	[[ $(in_time state "$ID" | jq -r .status) == created ]]
	in_time delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

# What ps(1) says of it goes to the user's terminal, and is searched for numbers.
@test "processes that are named like lines of ps and state are each shown once" {
	local name=$'sh\nroot         1     1  0 00:00 ?  00:00:00 x\e[2J'
	config_args sh -c 'printf "a\n root 1 2\033[2J)" >/proc/$$/comm
		sleep 1000 & wait' "$name"
	start_container
	wait_until 5 processes_are 2
	run in_time ps "$ID"
	assert_status 0
	[[ ${#lines[@]} == 3 && $output != *$'\033'* ]] || fail "$output"
	[[ $(in_time list | wc -l) == 2 ]]
	in_time delete --force "$ID"
	host_is_untouched
}

@test "one that takes its ending signal for a reason to fork leaves nothing" {
	config_edit '.linux.resources.pids = {"limit": 100}'
	config_shell 'trap "sleep 1000 & sleep 1000 & sleep 1000 &" TERM HUP INT
		echo ready; while :; do sleep 0.01; done'
	start_container
	wait_until 5 grep -q ready "$OUT"
	in_time kill "$ID" TERM
	in_time kill --all "$ID" TERM
	in_time delete --force "$ID"
	[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID") ]]
	host_is_untouched
}
