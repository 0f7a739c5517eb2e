#!/usr/bin/env bats
# parallel.bats - several gocker at the same time on one container

load helpers

# cgroups_of ID: the directories that are left of a container.
cgroups_of() { find /sys/fs/cgroup -type d -name "gocker-$1"; }

# bounded ARGUMENT...: gocker, which has to return; its output is added to $OUT.
bounded() {
	timeout 10 "$GOCKER" --root "$TEST_ROOT" "$@" </dev/null >>"$OUT" 2>&1 3>&-
}

# start_jobs N COMMAND...: N of them at once, their statuses in $statuses.
start_jobs() {
	local i pids=()
	for ((i = 0; i < $1; i++)); do
		bounded "${@:2}" &
		pids+=($!)
	done
	statuses=
	for i in "${pids[@]}"; do
		wait "$i" && statuses+=0 || statuses+=1
	done
	statuses=$(fold -w1 <<<"$statuses" | sort | tr -d '\n')
}

@test "of several create with one id one wins, and its container is whole" {
	local round
	for round in 1 2 3 4 5; do
		start_jobs 6 create -b "$BUNDLE" "$ID"
		[[ $statuses == 011111 ]] || fail "round $round: $statuses" "$(cat "$OUT")"
		[[ $(container_state) == created ]]
		gocker start "$ID"
		gocker exec "$ID" true
		gocker delete --force "$ID"
		[[ -z $(cgroups_of "$ID") ]]
	done
}

@test "of several start one wins" {
	create_container
	start_jobs 6 start "$ID"
	[[ $statuses == 011111 ]] || fail "$statuses" "$(cat "$OUT")"
	[[ $(grep -c "cannot start an already running container" "$OUT") == 5 ]]
	[[ $(container_state) == running ]]
}

@test "several delete --force of one container are all content" {
	start_container
	start_jobs 6 delete --force "$ID"
	[[ $statuses == 000000 ]] || fail "$statuses" "$(cat "$OUT")"
	[[ -z $(cgroups_of "$ID") && ! -e $TEST_ROOT/$ID ]]
}

@test "create and delete --force in turn: each container is whole or gone" {
	local end=$((SECONDS + 4)) loops=() creates=0 i
	for i in 1 2; do
		while ((SECONDS < end)); do
			bounded delete --force "$ID" || echo "status $?" >>"$OUT.delete"
		done 3>&- &
		loops+=($!)
	done
	while ((SECONDS < end)); do
		bounded create -b "$BUNDLE" "$ID" && creates=$((creates + 1))
	done
	wait "${loops[@]}"
	[[ ! -e $OUT.delete ]] || fail "$(cat "$OUT.delete" "$OUT")"
	((creates > 0))
	gocker delete --force "$ID"
	[[ -z $(cgroups_of "$ID") && ! -e $TEST_ROOT/$ID ]]
	run pgrep -f -- "--root $TEST_ROOT create"
	[[ $output == "" ]]
}

@test "exec while the container is deleted: it works or says so, and nothing is left" {
	local round
	config_edit 'del(.linux.namespaces[] | select(.type == "pid"))'
	for round in 1 2 3 4 5 6; do
		start_container
		for _ in 1 2 3 4 5 6; do
			bounded exec -d "$ID" sleep 1000 &
		done
		gocker delete --force "$ID"
		wait
		[[ -z $(cgroups_of "$ID") && ! -e $TEST_ROOT/$ID ]]
	done
}

@test "a container that ends under exec is a stopped one" {
	local round
	for round in 1 2 3 4 5 6; do
		start_container
		for _ in 1 2 3 4; do
			bounded exec "$ID" true &
		done
		gocker kill "$ID" KILL
		wait
		gocker delete --force "$ID"
	done
	run grep -vE "cannot exec in a stopped container|container not running" "$OUT"
	[[ $output == "" ]] || fail "$output"
}

@test "the end of run leaves alone another container that has got its id" {
	config_args sh -c 'echo ready; exec sleep 1000'
	"$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&- &
	local runner=$!
	wait_until grep -q ready "$OUT"
	# What ends is told only when the runner goes on.
	kill -STOP "$runner"
	gocker delete --force "$ID"
	gocker create -b "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 3>&-
	gocker start "$ID"
	kill -CONT "$runner"
	wait "$runner" || true
	[[ $(container_state) == running ]]
}

@test "start fails where the container's process is killed before it starts" {
	create_container
	local pid start status=0
	pid=$(container_pid)
	kill -STOP "$pid"
	timeout 10 "$GOCKER" --root "$TEST_ROOT" start "$ID" >"$OUT" 2>&1 3>&- &
	start=$!
	sleep 0.2
	gocker kill "$ID" KILL
	wait "$start" || status=$?
	[[ $status == 1 ]]
	grep -q "ended before it could execute" "$OUT"
	wait_for_state stopped
}
