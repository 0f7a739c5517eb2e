#!/usr/bin/env bats
# valgrind.bats - no leak, no bad access and no forgotten descriptor in a container's life

load helpers

setup_test() {
	local calls=$TEST_BUILD/tests/runtime/valgrind_calls.so
	[[ -z ${SANITIZERS-} ]] || skip "valgrind cannot run a build with sanitizers"
	need_command valgrind
	[[ -e $calls ]] || skip "configure did not find valgrind"
	# It sees into no memory of a program that is linked statically.
	[[ ! -e $GOCKER-dynamic ]] || GOCKER=$GOCKER-dynamic
	REPORTS=$BATS_TEST_TMPDIR/reports
	mkdir "$REPORTS"
	GOCKER_WRAPPER="env LD_PRELOAD=$calls valgrind -q --vgdb=no --fair-sched=yes"
	GOCKER_WRAPPER+=" --leak-check=full --show-leak-kinds=all --track-fds=yes"
	GOCKER_WRAPPER+=" --log-file=$REPORTS/%p"
}

# What valgrind says of descriptors is good where each one comes from the test. The container's
# process, pid 1, is mostly killed before it comes to a report; if not, it leaves to the kernel what
# it has of the runtime's, and valgrind has not heard of its close_range(2).
assert_clean() {
	local bad
	bad=$(cat "$REPORTS"/* | awk '
		/^==1==/ { next }
		/Open .*(file descriptor|socket)/ { open = $0; next }
		/<inherited from parent>/ { open = "" }
		open != "" { print open; open = "" }
		/== *$|FILE DESCRIPTORS|<inherited/ { next }
		{ print }')
	[[ -z $bad ]] || fail "$bad"
}

@test "create, state, start, exec, list, ps, pause, update, events, top, kill, delete" {
	create_container
	[[ $(container_state) == created ]]
	gocker start "$ID"
	[[ $(gocker exec "$ID" echo hello) == hello ]]
	gocker list >/dev/null
	gocker ps "$ID" >/dev/null
	gocker pause "$ID"
	gocker resume "$ID"
	gocker update --cpuset-cpus 0 "$ID"
	gocker events --stats "$ID" >/dev/null
	gocker top --count 2 --interval 100ms >/dev/null
	gocker kill "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	assert_clean
}

@test "run, and its exit status" {
	config_shell 'exit 7'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 7
	assert_clean
}

@test "delete --force of a running container" {
	start_container
	gocker delete --force "$ID"
	assert_clean
}

@test "a container that cannot be made" {
	config_args /no/such/program
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	config_edit '.mounts += [{"destination": "/mnt", "type": "nothing", "source": "nothing"}]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	echo '{"ociVersion": 1}' >"$BUNDLE/config.json"
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_clean
}

@test "spec, features, help, a container that is not there" {
	gocker spec >/dev/null -b "$BATS_TEST_TMPDIR"
	gocker features >/dev/null
	gocker create --help >/dev/null
	run gocker state "$ID"
	assert_status 1
	assert_clean
}
