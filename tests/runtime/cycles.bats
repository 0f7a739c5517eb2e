#!/usr/bin/env bats
# cycles.bats - the whole life of many containers, four at a time: no failure, and nothing left
#
# CYCLES: how many; 200 take half a minute.

load helpers

AT_A_TIME=4

# step ARGUMENT...: gocker, bounded, with its words in the cycle's own file.
step() {
	timeout 20 "$GOCKER" --root "$TEST_ROOT" "$@" </dev/null \
		>>"$BATS_TEST_TMPDIR/$name" 2>&1 3>&- && return
	echo "$name: $*: status $?" >>"$OUT"
	return 1
}

# cycle NAME: fails where any of its commands does.
cycle() {
	local name=$1
	step create -b "$BUNDLE" "$name" && step start "$name" &&
		step pause "$name" && step update --pids-limit 50 --cpu-share 512 "$name" &&
		step resume "$name" && step update --memory 64M "$name" &&
		step pause "$name" && step kill "$name" KILL && step delete --force "$name"
}

cycles() {
	local i
	for ((i = $1; i < $2; i += AT_A_TIME)); do
		cycle "$ID-$i" || true
	done
}

setup_test() {
	need_cgroup pids
	need_cgroup cpu
	need_cgroup memory
}

@test "create, pause, update, resume, kill and delete in turn" {
	local i total=${CYCLES-40}
	: >"$OUT"
	for ((i = 0; i < AT_A_TIME; i++)); do
		cycles "$i" "$total" 3>&- &
	done
	wait
	if [[ -s $OUT ]]; then
		fail "$(cat "$OUT" "$BATS_TEST_TMPDIR/$ID"-*)"
	fi
	[[ -z $(find "$TEST_ROOT" -mindepth 1 -maxdepth 1 -not -name ".*") ]]
	[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID-*") ]]
	! pgrep -f -- "--root $TEST_ROOT " || fail "processes are left"
}
