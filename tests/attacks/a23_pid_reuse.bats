#!/usr/bin/env bats
# a23_pid_reuse.bats - the container's process has died and another one has its number
#
# Detects: a build whose proc_is_alive() (proc.c) does not look at the time of the start, or whose
# pidfs_is_alive() (pidfs.c) not at the inode
# With a state that is edited: tests/runtime/lifecycle.bats.

load helpers

# Its first process has the next number that anybody gets, in a pid namespace of the test's own;
# there the last number can be set, proc_sys_kernel(5).
# shellcheck disable=SC2016 # expands in the namespace
setup_attack() {
	export -f gocker
	export TEST_ROOT GOCKER ID BUNDLE OUT
	VICTIM='
		die() { echo "$*"; exit 1; }
		pid_of() { gocker state "$1" | jq .pid; }
		reuse() {
			local round
			for round in $(seq 50); do
				[[ ! -e /proc/$1 ]] || { sleep 0.05; continue; }
				echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
				sleep 1000 </dev/null >/dev/null 2>&1 &
				victim=$!
				[[ $victim != "$1" ]] || break
				kill -9 $victim
			done
			[[ $victim == "$1" ]] || die "no process got the number $1"
			# Until it has executed its program it has the shell'"'"'s name.
			until [[ $(cat /proc/$victim/comm) != bash ]]; do sleep 0.01; done
		}
		is_whole() { [[ $(cat /proc/$victim/comm) == sleep ]] || die "$1: it was killed"; }
		untouched() {
			"${@:2}" >"$OUT" 2>&1 </dev/null && [[ $1 == fails ]] &&
				die "${*:2}: $(<"$OUT")"
			is_whole "${*:2}"
		}'
}

# in_namespace SCRIPT: bash reaps what ends.
in_namespace() {
	run timeout -k 1 30 unshare -m --propagation private -p -f --kill-child --mount-proc \
		bash -c "$VICTIM$1" </dev/null 3>&-
	assert_status 0
}

@test "of a container that ran: state, start, exec, kill, pause, update, delete" {
	# shellcheck disable=SC2016 # expands in the namespace
	in_namespace '
		gocker run -d -b "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1
		pid=$(pid_of "$ID")
		kill -9 $pid
		reuse $pid
		[[ $(gocker state "$ID" | jq -r ".status, .pid" | xargs) == "stopped 0" ]] ||
			die state
		[[ $(gocker list -q) == "$ID" ]] || die list
		[[ $(gocker list -f json | jq -r ".[].status") == stopped ]] || die "list tells"
		for command in "kill $ID TERM" "kill $ID KILL" "exec $ID true" "pause $ID" \
			"start $ID" "kill --all $ID KILL" "ps $ID" "update --pids-limit 7 $ID"; do
			expected=fails
			case $command in kill*--all* | ps*) expected=any ;; esac
			untouched $expected gocker $command
		done
		untouched any gocker delete "$ID"
		[[ ! -e $TEST_ROOT/$ID ]] || die "not deleted"'
	host_is_untouched
}

@test "of a container that was created: start, delete" {
	# shellcheck disable=SC2016 # expands in the namespace
	in_namespace '
		for command in "start $ID" "delete $ID" "delete --force $ID"; do
			gocker create -b "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 || die create
			pid=$(pid_of "$ID")
			kill -9 $pid
			reuse $pid
			untouched any gocker $command
			gocker delete --force "$ID"
			is_whole "delete --force"
			kill -9 $victim
			wait $victim 2>/dev/null || true
		done'
	host_is_untouched
}

# There is nothing else by which it could be told.
@test "of one without a control group, whose processes are only known by that number" {
	# shellcheck disable=SC2016 # expands in the namespace
	in_namespace '
		gocker --cgroup-manager disabled run -d -b "$BUNDLE" "$ID" </dev/null \
			>/dev/null 2>&1
		pid=$(pid_of "$ID")
		kill -9 $pid
		reuse $pid
		untouched fails gocker kill "$ID" KILL
		untouched any gocker kill --all "$ID" KILL
		[[ $(gocker ps -f json "$ID") != *"$victim"* ]] || die "ps shows it"
		untouched any gocker delete --force "$ID"'
	host_is_untouched
}
