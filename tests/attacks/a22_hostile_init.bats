#!/usr/bin/env bats
# a22_hostile_init.bats - the container's process does all to be misjudged, or not to end
#
# Detects: a build that takes a process that has ended and waits for its tracer for alive, or reads
# its name up to the first ")" (proc.c); one that waits for the gate to be looked at (gate.c) or for
# a command that waits there (delete.c); that kills the first process alone (kill.c); that looks for
# a number anywhere in a line of ps (ps.c). crun 1.8.1 says that start worked where it did not.
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
	# For longer than the others: it holds the lock.
	timeout 30 "$GOCKER" --root "$TEST_ROOT" start "$ID" >/dev/null 2>&1 3>&- &
	start=$!
	sleep 0.2
	[[ $(in_time list -q) == "$ID" ]]
	in_time delete --force "$ID"
	wait "$start" && fail "start says that it worked"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

@test "a stopped container, deaf and with a strange name, is seen and deleted" {
	local pid
	config_shell 'trap "" TERM HUP INT QUIT USR1; printf "x) Z 1" >/proc/$$/comm
		echo ready; while :; do sleep 1; done'
	start_container
	wait_until grep -q ready "$OUT"
	pid=$(container_pid)
	# 0 would be the test itself.
	((pid > 0)) || fail "$(container_state)"
	kill -STOP "$pid"
	[[ $(in_time state "$ID" | jq -r .status) == running ]]
	in_time kill "$ID" TERM
	in_time ps "$ID" | grep -q "$pid"
	[[ $(in_time ps -f json "$ID" | jq ".[0]") == "$pid" ]]
	in_time list | grep -q running
	in_time delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

# In the host's pid namespace, where they do not all die with the first one. Nobody reads what is
# written.
@test "a container that floods its output and forks without end is deleted" {
	config_edit '.linux.resources.pids = {"limit": 100}'
	without_namespace pid
	config_shell 'for i in 1 2 3; do while :; do /bin/true; done & done; exec yes flood'
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	sleep 30 <>"$BATS_TEST_TMPDIR/fifo" >/dev/null 2>&1 3>&- &
	READER=$!
	gocker create -b "$BUNDLE" "$ID" </dev/null >"$BATS_TEST_TMPDIR/fifo" 2>&1 3>&-
	gocker start "$ID"
	sleep 0.3
	[[ $(in_time state "$ID" | jq -r .status) == running ]]
	(($(in_time ps -f json "$ID" | jq length) > 3)) || fail "nobody forks"
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
	wait_until is_traced "$1"
}
is_traced() { grep -q 'State:.*tracing' "/proc/$1/status"; }
teardown_test() {
	local pid
	for pid in ${TRACER-} ${READER-} ${IMPOSTOR-}; do
		kill "$pid" 2>/dev/null || true
	done
}

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
	wait_until processes_are 2
	# And one of the host's that has the number.
	bash -c 'exec -a "x $0 x" sleep 30' "$(container_pid)" </dev/null >/dev/null 2>&1 3>&- &
	IMPOSTOR=$!
	wait_until grep -q "^x " "/proc/$IMPOSTOR/cmdline"
	run in_time ps "$ID"
	assert_status 0
	[[ ${#lines[@]} == 3 && $output != *$'\033'* ]] || fail "$output"
	[[ $(in_time list | wc -l) == 2 ]]
	in_time delete --force "$ID"
	host_is_untouched
}

@test "one that takes its ending signal for a reason to fork leaves nothing" {
	config_edit '.linux.resources.pids = {"limit": 100}'
	without_namespace pid
	config_shell 'trap "sleep 1000 & sleep 1000 & sleep 1000 &" TERM HUP INT
		echo ready; while :; do sleep 0.01; done'
	start_container
	wait_until grep -q ready "$OUT"
	in_time kill "$ID" TERM
	in_time kill --all "$ID" TERM
	in_time delete --force "$ID"
	[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID") ]]
	host_is_untouched
}
