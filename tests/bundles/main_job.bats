#!/usr/bin/env bats
# main_job.bats - what gocker is for, in one piece: a bundle, a container, its whole life
#
# --network none, as nothing is made in the network of the host that runs the tests.
# With GOCKER_TRANSCRIPT=FILE each command and what it printed is appended to FILE.

load helpers

setup_test() {
	TEST_ROOT=$BATS_TEST_TMPDIR/state
	ID=gocker-job-$$
	OUT=$BATS_TEST_TMPDIR/out
}

teardown_test() { gocker delete --force "$ID"; }

# does STATUS COMMAND...: the output is in $output.
does() {
	local wanted=$1
	shift
	run "$@"
	if [[ -n ${GOCKER_TRANSCRIPT-} ]]; then
		printf '$ %s\n%s\n' "$*" "$output${output:+$'\n'}[$status]" >>"$GOCKER_TRANSCRIPT"
	fi
	assert_status "$wanted"
}

# A container's output would keep the pipe of "run" open.
create() { gocker create "$@" </dev/null >"$OUT" 2>&1 3>&-; }
exec_in_terminal() {
	script -qefc "'$GOCKER' --root '$TEST_ROOT' exec -t $*" /dev/null </dev/null 2>&1 3>&-
}
exec_detached() { gocker exec --detach "$@" </dev/null >"$OUT" 2>&1 3>&-; }
exec_pipe() { echo "through a pipe" | gocker exec "$ID" "$@"; }

whole_life() {
	does 0 create "$ID"
	does 0 gocker state "$ID"
	assert_output_has '"status": "created"'
	does 0 gocker start "$ID"
	does 0 gocker state "$ID"
	assert_output_has '"status": "running"'
	does 0 gocker exec "$ID" cat /etc/os-release
	assert_output_has "Alpine"
	does 0 exec_pipe cat
	[[ $output == "through a pipe" ]]
	does 0 exec_in_terminal "$ID" tty
	assert_output_has "/dev/pts/"
	does 0 exec_detached "$ID" sleep 300
	does 0 gocker exec "$ID" sh -c 'tr "\0" " " </proc/1/cmdline; id'
	assert_output_has "uid=0(root)"
	does 0 gocker list
	assert_output_has "running"
	does 0 gocker ps "$ID"
	assert_output_has "sleep 300"
	does 0 gocker kill "$ID" KILL
	wait_for_state stopped
	does 0 gocker state "$ID"
	assert_output_has '"status": "stopped"'
	does 0 gocker delete "$ID"
	does 1 gocker state "$ID"
	assert_output_has "container does not exist"
}

@test "from a local archive: init, create, state, start, exec three ways, list, ps, kill, delete" {
	need_command script
	does 0 bundle init alpine --network none --rootfs-archive "$ARCHIVE" --sha512 "$SUM"
	whole_life
}

@test "from a mirror: the same" {
	need_command script
	mirror_start
	does 0 bundle init alpine --network none --mirror "$MIRROR/good"
	whole_life
}

# in_bundle OPTION... -- COMMAND...: what a container of such a bundle prints, or its status.
in_bundle() {
	bundle init alpine --network none --rootfs-archive "$ARCHIVE" --force "$@" >/dev/null
	gocker run "$ID"
}

@test "options of init are felt in the container" {
	mkdir data
	echo content >data/file
	[[ $(in_bundle -- cat /proc/1/comm) == cat ]]
	[[ $(in_bundle --hostname here --env A=b -- sh -c 'hostname; echo $A') == $'here\nb' ]]
	[[ $(in_bundle --volume "$PWD/data:/data:ro" -- \
		sh -c 'cat /data/file; touch /data/x 2>/dev/null || echo no') == $'content\nno' ]]
	[[ $(in_bundle --read-only -- sh -c 'touch /x 2>/dev/null || echo no') == no ]]
	[[ $(in_bundle --user 1000:100 -- id -u) == 1000 ]]
	run in_bundle --memory 64M -- tail /dev/zero
	assert_status 137
}

@test "--userns 100000:65536 with a volume" {
	mkdir data
	chown 100000:100000 data
	in_bundle --userns 100000:65536 --volume "$PWD/data:/data" -- \
		sh -c 'cat /proc/self/uid_map; touch /data/made' >"$OUT"
	[[ $(awk '{ print $1, $2, $3 }' "$OUT") == "0 100000 65536" ]]
	[[ $(stat -c %u data/made) == 100000 ]]
}
