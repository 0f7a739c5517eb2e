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

# with_noted_words: what goes on in what follows is noted before it does.
with_noted_words() {
	NOTE=$BATS_TEST_TMPDIR/note
	printf '#!/bin/bash\n{ echo "$@"; echo "$GIVEN"; cat <&3; } >%q\nexec -a gocker %q "$@"\n' \
		"$NOTE" "$GOCKER-dynamic" >"$BATS_TEST_TMPDIR/gocker-dynamic"
	chmod +x "$BATS_TEST_TMPDIR/gocker-dynamic"
	without_libraries
}

@test "it needs no library, the other one does" {
	run ldd "$GOCKER"
	[[ $output == *static* ]] || fail "$output"
	run ldd "$GOCKER-dynamic"
	[[ $output == *libc.so* ]] || fail "$output"
}

@test "what needs no library does not need the other program" {
	without_libraries
	config_edit '.annotations["org.gocker.net.0.type"] = "none"'
	start_container
	gocker exec "$ID" true
	gocker delete --force "$ID"
}

@test "a systemd cgroup does, and without it nothing is made" {
	without_libraries
	config_edit '.linux.cgroupsPath = "system.slice:gocker:test"'
	run gocker --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'systemd cgroups need libsystemd: libsystemd.so.0: execute "/'
	assert_output_has 'gocker-dynamic", which can load it: no such file or directory'
	[[ ${#lines[@]} == 1 && ! -e $TEST_ROOT/$ID ]] || fail "$output"
}

@test "the other program is given the words, the environment and the descriptors" {
	with_noted_words
	create_container
	[[ ! -e $NOTE ]]
	echo content >"$BATS_TEST_TMPDIR/file"
	echo '{"pids": {"limit": 7}}' |
		GIVEN=yes gocker update --resources - "$ID" 3<"$BATS_TEST_TMPDIR/file"
	run cat "$NOTE"
	[[ $output == "--root $TEST_ROOT update --resources - $ID"$'\nyes\ncontent' ]] ||
		fail "$output"
	[[ $(cat "$(cgroup_dir pids "$(container_pid)")/pids.max") == 7 ]]
}

@test "a config that is read from a pipe is not read twice" {
	config_args echo hello
	run gocker run --bundle "$BUNDLE" --config /dev/stdin "$ID" < <(cat "$BUNDLE/config.json")
	assert_status 0
	[[ $output == hello ]] || fail "$output"
}
