#!/usr/bin/env bats
# container.bats - the default command, and busybox, in a container

load helpers

# Nothing is made in the network of the host that runs the tests: --network none.

setup_test() {
	ID=gocker-bundle-$$-$BATS_TEST_NUMBER
	TEST_ROOT=$BATS_TEST_TMPDIR/state
	chmod 711 "$BATS_RUN_TMPDIR"{,/file,/test} "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$WORK"
}

teardown_test() {
	local id
	for id in $(gocker list -q); do
		gocker delete --force "$id"
	done
}

# start: create and start, as they are typed, in the bundle's directory.
start() {
	gocker create "$ID" </dev/null >created 2>&1 3>&- || fail "$(cat created)"
	gocker start "$ID"
}

@test "init, create, start, exec, kill: without a file changed" {
	bundle init alpine --network none --rootfs-archive "$ARCHIVE" --sha512 "$SUM"
	start
	is_in_state "$ID" running
	run gocker exec "$ID" cat /etc/os-release
	assert_output_has "ID=alpine"
	run gocker exec "$ID" sh -c \
		'hostname; id -u; cd /sys/fs/cgroup; cat pids/pids.max || cat pids.max'
	[[ $output == $'alpine\n0\n'*2048 ]]
	# the default command ends when it is told to, as process 1
	gocker kill "$ID" TERM
	wait_for_state stopped
	gocker delete "$ID"
}

@test "busybox, with a command" {
	bundle init busybox new --network none --env "WHO=you" --cwd /tmp -- \
		sh -c 'echo "hello $WHO from $PWD"'
	run gocker run -b new "$ID"
	assert_status 0
	[[ $output == "hello you from /tmp" ]]
}

@test "with a terminal the default command is a shell" {
	need_command script
	bundle init busybox --network none --tty
	run script -qec "'$GOCKER' --root '$TEST_ROOT' run '$ID'" /dev/null \
		<<<$'echo $((6 * 7))\nexit'
	assert_output_has "42"
	assert_output_has "busybox:/#"
}
