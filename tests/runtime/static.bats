#!/usr/bin/env bats
# static.bats - the program that is linked statically, and the one that goes on for it

load helpers

setup_test() {
	[[ -e $GOCKER-dynamic ]] || skip "gocker is linked dynamically in this build"
}

# without_libraries: what follows has no other program to go on with.
without_libraries() {
	[[ ! -e /usr/local/libexec/gocker/gocker-dynamic ]] ||
		skip "another gocker is installed, whose program would go on"
	install -m 755 "$GOCKER" "$BATS_TEST_TMPDIR/gocker"
	GOCKER=$BATS_TEST_TMPDIR/gocker
}

add_network() { config_edit '.annotations["org.gocker.net.0.type"] = "none"'; }

@test "it needs no library, the other one does" {
	run ldd "$GOCKER"
	[[ $output == *static* ]] || fail "$output"
	run ldd "$GOCKER-dynamic"
	[[ $output == *libc.so* ]] || fail "$output"
}

@test "what needs no library does not need the other program" {
	without_libraries
	start_container
	gocker exec "$ID" true
	gocker delete --force "$ID"
}

@test "a network does, and without it nothing is made" {
	without_libraries
	add_network
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'networks need libmnl: libmnl.so.0: execute "/'
	assert_output_has 'gocker-dynamic", which can load it: no such file or directory'
	[[ ${#lines[@]} == 1 && ! -e $TEST_ROOT/$ID ]] || fail "$output"
}

@test "a systemd cgroup does, and without it nothing is made" {
	without_libraries
	config_edit '.linux.cgroupsPath = "system.slice:gocker:test"'
	run gocker --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'systemd cgroups need libsystemd: libsystemd.so.0: execute "/'
	[[ ${#lines[@]} == 1 && ! -e $TEST_ROOT/$ID ]] || fail "$output"
}

@test "the other program is given the words, the environment and the descriptors" {
	add_network
	# shellcheck disable=SC2016 # expands in the container
	config_shell 'cat <&3; echo "$GIVEN"'
	config_edit '.process.env += ["GIVEN=yes"]'
	echo content >"$BATS_TEST_TMPDIR/file"
	run gocker --debug run --preserve-fds 1 --bundle "$BUNDLE" "$ID" 3<"$BATS_TEST_TMPDIR/file"
	assert_status 0
	assert_output_has "libmnl.so.0: going on with the program that is linked dynamically"
	[[ $output == *$'content\nyes'* ]] || fail "$output"
}

@test "a config that is read from a pipe is not read twice" {
	add_network
	config_args echo hello
	run gocker run --bundle "$BUNDLE" --config /dev/stdin "$ID" < <(cat "$BUNDLE/config.json")
	assert_status 0
	[[ $output == hello ]] || fail "$output"
}
