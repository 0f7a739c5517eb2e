#!/usr/bin/env bats
# systemd.bats - systemd cgroups where systemd is slow, says no or is not there; see tests/vm, too

load helpers

# What is asked of systemd goes to a socket of our own; a time limit is a second.
setup_test() {
	mkdir -p "$BATS_TEST_TMPDIR/systemd"
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$BATS_TEST_TMPDIR/systemd/private
	export SYSTEMD_BUS_TIMEOUT=1s
}

teardown_test() {
	if [[ -n ${FAKE-} ]]; then
		kill "$FAKE"
		wait "$FAKE" || :
	fi
}

need_libsystemd() {
	ldconfig -p | grep -q 'libsystemd.so.0 ' || skip "libsystemd is not installed"
}

# fake_systemd WHAT: one that answers as fake_systemd.py says.
fake_systemd() {
	need_command python3
	need_libsystemd
	python3 "$BATS_TEST_DIRNAME/fake_systemd.py" "$BATS_TEST_TMPDIR/systemd/private" "$1" \
		</dev/null >"$BATS_TEST_TMPDIR/calls" 2>&1 3>&- &
	FAKE=$!
	wait_until test -e "$BATS_TEST_TMPDIR/systemd/private"
}

# Fails, and leaves neither a state nor a process.
create_fails() {
	run gocker --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	[[ $(gocker list -q) == "" ]]
	! pgrep -x gocker-place -P $$
	[[ $(ls -A "$TEST_ROOT") == "" || ! -e $TEST_ROOT/$ID ]]
}

calls_are() { assert_equal "$(cat "$BATS_TEST_TMPDIR/calls")" "$1"; }
assert_equal() { [[ $1 == "$2" ]] || fail "\"$1\" is not \"$2\""; }

@test "gocker is not linked with libsystemd, and does not load it where nobody asks for it" {
	run ldd "$GOCKER"
	[[ $output != *systemd* ]]
}

@test "a host without systemd is told" {
	need_libsystemd
	create_fails
	assert_output_has "connect to systemd at \"$DBUS_SYSTEM_BUS_ADDRESS\": no such file"
	unset DBUS_SYSTEM_BUS_ADDRESS
	[[ ! -e /run/dbus/system_bus_socket && ! -e /run/systemd/private ]] || skip "it has one"
	create_fails
	assert_output_has '"/run" has no socket of systemd'
}

@test "the user's systemd is asked for with --rootless true, and has to be somewhere" {
	need_libsystemd
	run env -u DBUS_SESSION_BUS_ADDRESS -u XDG_RUNTIME_DIR "$GOCKER" --root "$TEST_ROOT" \
		--rootless true --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR tells where"
	run env -u DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR" "$GOCKER" \
		--root "$TEST_ROOT" --rootless true --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "connect to systemd at \"unix:path=$BATS_TEST_TMPDIR/systemd/private\"" ||
		assert_output_has "has no socket of systemd"
}

@test "a socket that says nothing is waited for as long as the time limit" {
	fake_systemd silent
	create_fails
	assert_output_has 'timed out'
}

@test "a systemd that does not answer is waited for as long as the time limit, and told to stop" {
	fake_systemd hang
	create_fails
	assert_output_has "start unit \"gocker-$ID.scope\": call StartTransientUnit of systemd: "
	assert_output_has 'timed out'
	calls_are "StartTransientUnit gocker-$ID.scope
StopUnit gocker-$ID.scope
ResetFailedUnit gocker-$ID.scope"
}

@test "a job of which nothing is heard is waited for as long as the time limit" {
	fake_systemd no-job
	create_fails
	assert_output_has "start unit \"gocker-$ID.scope\": wait for a job of systemd: "
}

@test "an error of systemd is told with its name and its words" {
	fake_systemd refuse
	create_fails
	assert_output_has 'org.freedesktop.systemd1.BadUnitSetting: No such luck.'
}

@test "a job that fails is told with its result and that of the unit" {
	fake_systemd fail
	create_fails
	assert_output_has "error creating systemd unit \`gocker-$ID.scope\`: got \`failed\`"
	assert_output_has "its result is resources"
}

@test "a unit that runs already is another's, and left alone" {
	fake_systemd exists
	create_fails
	assert_output_has "unit \"gocker-$ID.scope\" exists already: it is active"
	calls_are ""
}

@test "a unit whose cgroup is not where it should be is refused" {
	fake_systemd elsewhere
	create_fails
	assert_output_has "systemd has put unit \"gocker-$ID.scope\" into"
}

@test "what is wrong in config.json is told before systemd is asked for anything" {
	fake_systemd elsewhere
	config_edit '.linux.cgroupsPath = "/a/b"'
	create_fails
	assert_output_has 'expected cgroupsPath to be of format "slice:prefix:name" for systemd '
	assert_output_has 'cgroups, got "/a/b" instead'
	config_edit '.linux.cgroupsPath = "a--b.slice:p:n"'
	create_fails
	assert_output_has 'invalid slice name: a--b.slice'
	config_edit '.linux.cgroupsPath = null |
		.annotations = {"org.systemd.property.CPUWeight": "[1"}'
	create_fails
	assert_output_has 'config.json: /annotations/org.systemd.property.CPUWeight: '
	config_edit '.annotations = {"run.oci.systemd.subgroup": "../x"}'
	create_fails
	assert_output_has 'config.json: /annotations/run.oci.systemd.subgroup: '
	config_edit '.annotations = {} | .linux.resources.cpu.cpus = "x"'
	create_fails
	assert_output_has '/linux/resources/cpu/cpus'
	[[ $(<"$BATS_TEST_TMPDIR/calls") != *Start* ]]
}

@test "an unknown cgroup manager is refused" {
	run gocker --cgroup-manager upstart create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '--cgroup-manager: "upstart" is not supported: use cgroupfs, systemd or '
}
