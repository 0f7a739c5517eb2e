#!/usr/bin/env bats
# lifecycle.bats - create, start, state, kill, delete: the state machine

load helpers

@test "a container goes from created to running to stopped to nothing" {
	create_container
	[[ $(container_state) == created ]]
	gocker start "$ID"
	[[ $(container_state) == running ]]
	gocker kill "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	run gocker state "$ID"
	assert_status 1
	assert_output_has "container does not exist"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "state has all members, with a pid that is the container's" {
	config_edit '.annotations = {"org.example.a": "b/c"}'
	start_container
	run gocker state "$ID"
	assert_status 0
	jq -e --arg id "$ID" --arg bundle "$BUNDLE" '
		.ociVersion == "1.3.0" and .id == $id and .status == "running" and
		.bundle == $bundle and .rootfs == $bundle + "/rootfs" and
		(.created | test("^[0-9-]+T[0-9:]+\\.[0-9]{9}Z$")) and
		.annotations == {"org.example.a": "b/c"} and has("owner")' <<<"$output"
	[[ $(tr '\0' ' ' <"/proc/$(container_pid)/cmdline") == "sleep 1000 " ]]
	gocker kill "$ID" 9
	wait_for_state stopped
	[[ $(container_pid) == 0 ]]
}

@test "an id in use is refused and its container untouched" {
	create_container
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "container with given ID already exists"
	[[ $(container_state) == created ]]
}

@test "the process of a created container is not asked for its state" {
	local pid
	create_container
	pid=$(container_pid)
	kill -STOP "$pid"
	for _ in 1 2 3; do
		[[ $(container_state) == created ]]
	done
	run ss -xlpH
	kill -CONT "$pid"
	[[ $(awk -v pid="pid=$pid," 'index($0, pid) { print $3 }' <<<"$output") == 0 ]] ||
		fail "$output"
}

@test "start is refused unless the container is created" {
	start_container
	run gocker start "$ID"
	assert_status 1
	assert_output_has "cannot start an already running container"
	gocker kill "$ID" KILL
	wait_for_state stopped
	run gocker start "$ID"
	assert_status 1
	assert_output_has "cannot start a container that has stopped"
	run gocker start "$ID-none"
	assert_status 1
	assert_output_has "container does not exist"
}

@test "delete refuses a running container, with --force removes it" {
	start_container
	local pid
	pid=$(container_pid)
	run gocker delete "$ID"
	assert_status 1
	assert_output_has "cannot delete container $ID that is not stopped: running"
	gocker delete --force "$ID"
	[[ ! -e /proc/$pid ]] || [[ $(awk '{ print $3 }' "/proc/$pid/stat") == Z ]]
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "delete removes a container that was never started" {
	create_container
	gocker delete "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "delete of nothing fails, with --force it does not" {
	run gocker delete "$ID"
	assert_status 1
	assert_output_has "does not exist"
	gocker delete --force "$ID"
}

@test "kill sends the signal asked for" {
	config_shell 'trap "exit 7" USR1; echo ready; while :; do sleep 0.1; done'
	start_container
	wait_until grep -q ready "$OUT"
	gocker kill "$ID" 0
	gocker kill "$ID" SIGUSR1
	wait_for_state stopped
}

@test "kill of a stopped container and of a wrong signal fail" {
	start_container
	run gocker kill "$ID" SIGNONE
	assert_status 1
	assert_output_has 'SIGNONE'
	gocker kill "$ID" KILL
	wait_for_state stopped
	run gocker kill "$ID" KILL
	assert_status 1
	assert_output_has "container not running"
}

@test "kill --all reaches every process" {
	config_shell 'sleep 1000 & sleep 1001 & wait'
	start_container
	wait_until processes_are 3
	gocker kill --all "$ID" KILL
	wait_for_state stopped
	processes_are 0
}
@test "list and ps show what is there" {
	start_container
	gocker create -b "$BUNDLE" "$ID-2" </dev/null >"$OUT" 2>&1 3>&-
	run gocker list
	assert_status 0
	[[ ${lines[0]} =~ ^ID\ +PID\ +STATUS\ +BUNDLE\ +CREATED\ +OWNER$ ]]
	[[ ${lines[1]} =~ ^$ID\ +$(container_pid)\ +running\ +$BUNDLE\ +20.*Z\ +root$ ]]
	[[ ${lines[2]} =~ ^$ID-2\ +[0-9]+\ +created ]]
	[[ $(gocker list -q) == "$ID"$'\n'"$ID-2" ]]
	[[ $(gocker list -f json | jq -c '[.[].status]') == '["running","created"]' ]]
	[[ $(gocker ps -f json "$ID") == "[$(container_pid)]" ]]
	run gocker ps "$ID"
	[[ ${lines[0]} == *PID* && ${lines[1]} == *"sleep 1000" && ${#lines[@]} == 2 ]]
	run gocker ps "$ID" -o pid,comm
	[[ ${lines[1]} == *sleep ]]
}

@test "list without a state directory prints nothing" {
	[[ $(gocker list -q) == "" && $(gocker list -f json) == "[]" ]]
}

@test "the end of the program is seen although nobody reaps it" {
	config_args true
	start_container
	wait_for_state stopped
	gocker delete "$ID"
}

@test "start tells that the program cannot be executed" {
	printf '#!/no/such/interpreter\n' >"$BUNDLE/rootfs/script"
	chmod +x "$BUNDLE/rootfs/script"
	config_args /script
	create_container
	run gocker start "$ID"
	assert_status 1
	assert_output_has "/script"
	assert_output_has "no such file or directory"
	wait_for_state stopped
	gocker delete "$ID"
}

@test "delete --force removes what a killed create left" {
	create_container
	local pid
	pid=$(container_pid)
	jq '.status = "creating" | .pid = 0' <"$TEST_ROOT/$ID/state.json" >"$OUT"
	cp "$OUT" "$TEST_ROOT/$ID/state.json"
	[[ $(container_state) == creating ]]
	run gocker start "$ID"
	assert_status 1
	gocker delete --force "$ID"
	wait_until is_gone "$pid"
	[[ ! -e $TEST_ROOT/$ID ]]
	[[ -z $(find /sys/fs/cgroup -type d -name "*$ID*" 2>/dev/null) ]]
}
@test "a state that cannot be read hides no other, and delete --force removes it" {
	start_container
	mkdir "$TEST_ROOT/$ID-empty" "$TEST_ROOT/$ID-broken"
	echo '{"id": 7' >"$TEST_ROOT/$ID-broken/state.json"
	run gocker list
	assert_status 0
	assert_output_has "running"
	run gocker state "$ID-broken"
	assert_status 1
	assert_output_has "state.json"
	gocker delete --force "$ID-broken"
	gocker delete --force "$ID-empty"
	[[ $(gocker list -q) == "$ID" ]]
}

@test "a pid that another process has taken is not the container" {
	start_container
	local pid other
	pid=$(container_pid)
	sleep 100 3>&- &
	other=$!
	jq --argjson pid "$other" '.pid = $pid' <"$TEST_ROOT/$ID/state.json" >"$OUT"
	cp "$OUT" "$TEST_ROOT/$ID/state.json"
	[[ $(container_state) == stopped ]]
	[[ $(gocker list -f json | jq -r '.[].status') == stopped ]]
	# Nor where the inode is a third process's.
	start_container "$ID-b"
	jq -c --slurpfile b "$TEST_ROOT/$ID-b/state.json" '.pidInode = ($b[0].pidInode // 2)' \
		<"$TEST_ROOT/$ID/state.json" >"$OUT"
	cp "$OUT" "$TEST_ROOT/$ID/state.json"
	[[ $(gocker list -f json | jq -r '.[].status' | xargs) == "stopped running" ]]
	run gocker kill "$ID" KILL
	assert_status 1
	gocker delete --force "$ID"
	kill -0 "$other"
	kill "$other"
	wait_until is_gone "$pid"
}

@test "the program sees none of the runtime's descriptors, signals and masks" {
	config_shell 'ls /proc/self/fd; grep -E "^Sig(Blk|Ign)" /proc/self/status; umask'
	(
		trap '' PIPE CHLD USR1
		umask 077
		exec 7</dev/null 8</dev/null
		gocker run -b "$BUNDLE" "$ID" >"$OUT"
	)
	run cat "$OUT"
	# 3 is the directory that ls reads
	[[ $output == $'0\n1\n2\n3\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0022' ]]
}

@test "--preserve-fds passes on what it says, and no more" {
	config_shell 'cat /proc/self/fd/3; ls /proc/self/fd'
	echo three >"$BATS_TEST_TMPDIR/three"
	gocker run -b "$BUNDLE" --preserve-fds 1 "$ID" 3<"$BATS_TEST_TMPDIR/three" 4</dev/null \
		>"$OUT"
	run cat "$OUT"
	[[ $output == $'three\n0\n1\n2\n3\n4' ]]
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "--preserve-fds passes over descriptors that are not there" {
	local fd
	config_edit '.hooks.createRuntime = [{ path: "/bin/sh",
		args: ["sh", "-c", "! test -e /proc/self/fd/5"] }]'
	config_shell 'cat /proc/self/fd/5; ls /proc/self/fd'
	echo five >"$BATS_TEST_TMPDIR/five"
	(
		for fd in {3..50}; do
			eval "exec $fd>&-"
		done
		gocker run -b "$BUNDLE" --preserve-fds 40 "$ID" 5<"$BATS_TEST_TMPDIR/five" \
			7</dev/null >"$OUT"
	)
	run cat "$OUT"
	[[ $output == $'five\n0\n1\n2\n3\n5\n7' ]] || fail "$output"
}

@test "pipes and files become the user's and his group's, /dev/null stays root's" {
	config_edit '.process.user = {uid: 1000, gid: 1001}'
	config_shell 'stat -L -c %u:%g /proc/self/fd/1 /proc/self/fd/2 /dev/null >&2'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	gocker run -b "$BUNDLE" "$ID" >"$OUT" 2>"$OUT.err"
	[[ $(stat -c %u:%g "$OUT" "$OUT.err" /dev/null | xargs) == "1000:1001 1000:1001 0:0" ]]
	[[ $output == $'1000:1001\n1000:1001\n0:0' ]] || fail "$output"
}

@test "--pid-file has the pid and nothing else" {
	gocker create -b "$BUNDLE" --pid-file "$BATS_TEST_TMPDIR/pid" "$ID" </dev/null >"$OUT" \
		2>&1 3>&-
	[[ $(od -An -c "$BATS_TEST_TMPDIR/pid" | tr -d ' \n') == "$(container_pid)" ]]
}
