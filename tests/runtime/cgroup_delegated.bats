#!/usr/bin/env bats
# cgroup_delegated.bats - where a container's cgroup is, and whose cgroups are changed for it

load helpers

bats_require_minimum_version 1.5.0

# A tree that looks like systemd's: $SLICE/run.service/leaf. The hierarchy of version 2 has
# "hugetlb" here even where the other controllers are at home in version 1.
setup_test() {
	V2=/sys/fs/cgroup
	if [[ $(stat -fc %T $V2) != cgroup2fs ]]; then
		V2=$V2/unified
		GOCKER_WRAPPER=on_pure_v2
	fi
	[[ $(stat -fc %T $V2) == cgroup2fs ]] || skip "no cgroup v2"
	SLICE=$V2/gockertest$$_$BATS_TEST_NUMBER.slice
	SERVICE=$SLICE/run.service
	mkdir -p "$SERVICE/leaf"
	config_edit 'del(.linux.cgroupsPath)'
}

teardown_test() {
	[[ -z ${SLICE-} ]] || find "$SLICE" -depth -type d -exec rmdir {} +
}

# from_cgroup DIR COMMAND...: on a pure v2 host, by a process that is in that cgroup.
from_cgroup() {
	# shellcheck disable=SC2016 # expands in the inner shell
	bash -c 'echo 0 >"$1/cgroup.procs" && shift && exec "$@"' bash "$1" \
		bash -c "$(declare -f on_pure_v2); on_pure_v2 \"\$@\"" bash "${@:2}"
}

gocker_from() { from_cgroup "$1" "$GOCKER" --root "$TEST_ROOT" "${@:2}" </dev/null; }
start_from() {
	gocker_from "$1" run -d -b "$BUNDLE" "$ID" >"$OUT" 2>&1 3>&- || fail "$(cat "$OUT")"
}

# Where the container is, below $V2.
place() { sed -n 's/^0:://p' "/proc/$(container_pid)/cgroup"; }

delegate() {
	python3 -c 'import os, sys; os.setxattr(sys.argv[1], "trusted.delegate", b"1")' "$1"
}

# have_hugetlb DIRECTORY...: each gives it to those below.
have_hugetlb() {
	local dir
	grep -qw hugetlb "$V2/cgroup.controllers" || skip "no hugetlb in cgroup v2"
	for dir; do
		grep -qw hugetlb "$dir/cgroup.subtree_control" ||
			echo +hugetlb >"$dir/cgroup.subtree_control"
	done
}

limit_hugetlb() {
	config_edit '.linux.resources.hugepageLimits = [{"pageSize": "2MB", "limit": 2097152}]'
}

@test "a relative path, and none, are beside the caller's cgroup, an absolute one below the root" {
	start_from "$SERVICE/leaf"
	[[ $(place) == "${SERVICE#"$V2"}/gocker-$ID" ]]
	gocker delete --force "$ID"
	config_edit '.linux.cgroupsPath = "a/b"'
	start_from "$SERVICE/leaf"
	[[ $(place) == "${SERVICE#"$V2"}/a/b" ]]
	gocker delete --force "$ID"
	[[ ! -e $SERVICE/a ]]
	config_edit --arg path "${SLICE#"$V2"}/c" '.linux.cgroupsPath = $path'
	start_from "$SERVICE/leaf"
	[[ $(place) == "${SLICE#"$V2"}/c" ]]
}

@test "a limit enables its controller in what is delegated, and not above" {
	need_command python3
	have_hugetlb "$V2"
	delegate "$SERVICE"
	limit_hugetlb
	run gocker_from "$SERVICE/leaf" create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/linux/resources/hugepageLimits: "
	assert_output_has "hugetlb"
	assert_output_has "run.service\" does not have it (its unit's Delegate= can give it)"
	run ! grep -w hugetlb "$SLICE/cgroup.subtree_control"
	[[ ! -e $SERVICE/gocker-$ID ]]
	have_hugetlb "$SLICE"
	start_from "$SERVICE/leaf"
	grep -qw hugetlb "$SERVICE/cgroup.subtree_control"
	[[ $(cat "$SERVICE/gocker-$ID/hugetlb.2MB.max") == 2097152 ]]
}

@test "without a limit nothing is enabled in systemd's cgroups, only in what is delegated" {
	need_command python3
	grep -qw pids "$V2/cgroup.controllers" || skip "no controllers in cgroup v2 here"
	local before
	before=$(cat "$V2/cgroup.subtree_control" "$SLICE/cgroup.subtree_control")
	start_from "$SERVICE/leaf"
	[[ -z $(cat "$SERVICE/cgroup.subtree_control") ]]
	gocker delete --force "$ID"
	echo +pids >"$SLICE/cgroup.subtree_control"
	before=$(cat "$V2/cgroup.subtree_control" "$SLICE/cgroup.subtree_control")
	delegate "$SERVICE"
	start_from "$SERVICE/leaf"
	[[ $(cat "$V2/cgroup.subtree_control" "$SLICE/cgroup.subtree_control") == "$before" ]]
	[[ $(cat "$SERVICE/cgroup.subtree_control") == pids ]]
}

@test "a cgroup with processes gives no controller: a limit says so" {
	have_hugetlb "$V2" "$SLICE"
	limit_hugetlb
	config_edit --arg path "${SERVICE#"$V2"}/leaf/x" '.linux.cgroupsPath = $path'
	run gocker_from "$SERVICE/leaf" create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "leaf\" cannot give the controller \"hugetlb\" to those below it while"
}

# systemd in a container has the processes in cgroups of its own, below what gocker has made.
@test "exec into a container whose cgroup is an inner node goes where its first process is" {
	local own pid
	have_hugetlb "$V2" "$SLICE" "$SERVICE"
	start_from "$SERVICE/leaf"
	own=$SERVICE/gocker-$ID
	pid=$(container_pid)
	mkdir "$own/init.scope" "$own/system.slice"
	echo "$pid" >"$own/init.scope/cgroup.procs"
	echo +hugetlb >"$own/cgroup.subtree_control"
	gocker_from "$SERVICE/leaf" exec -d "$ID" sleep 1001
	[[ $(wc -l <"$own/init.scope/cgroup.procs") == 2 ]]
	[[ $(gocker_from "$SERVICE/leaf" ps -f json "$ID" | jq length) == 2 ]]
	gocker_from "$SERVICE/leaf" exec -d --cgroup system.slice "$ID" sleep 1002
	[[ $(wc -l <"$own/system.slice/cgroup.procs") == 1 ]]
	run gocker_from "$SERVICE/leaf" exec --cgroup ../leaf "$ID" true
	assert_status 255
	assert_output_has "components are not allowed"
	run gocker_from "$SERVICE/leaf" exec --cgroup missing "$ID" true
	assert_status 255
	assert_output_has "does not exist"
	# A first process that somebody has moved out of the container leads nobody there.
	echo "$pid" >"$SERVICE/leaf/cgroup.procs"
	run gocker_from "$SERVICE/leaf" exec "$ID" true
	assert_status 255
	assert_output_has "is not in the container's cgroup"
	gocker_from "$SERVICE/leaf" delete --force "$ID"
	[[ ! -e $own ]]
}
