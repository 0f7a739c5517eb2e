#!/usr/bin/env bats
# seccomp_agent.bats - SCMP_ACT_NOTIFY: an agent answers system calls, late, or not at all
#
# Agents that are asked about the calls that gocker itself makes: tests/attacks/a21_notify.bats.

load helpers
load seccomp

setup_test() { prepare_probe; }
teardown_test() { stop_agents; }

@test "the agent answers, and knows the process and its container" {
	local value
	agent errno=39
	notifies '"getuid"'
	for value in true false; do
		config_edit ".process.noNewPrivileges = $value | .annotations = {a: \"b\"}"
		assert_probe "errno 39" getuid
	done
	jq -se --arg id "$ID" --arg bundle "$BUNDLE" 'length == 2 and all(.fds == ["seccompFd"] and
		.metadata == "meta \"data\"" and .pid > 1 and .pid == .state.pid and
		(.ociVersion | startswith("1.")) and .state.id == $id and
		.state.bundle == $bundle and .state.status == "created" and
		.state.annotations == {a: "b"})' "$DOCUMENTS"
}

@test "the listener goes to the agent at start, and again for exec" {
	agent errno=39
	notifies '"getuid"'
	create_container
	[[ ! -e $DOCUMENTS ]]
	gocker start "$ID"
	[[ $(jq .pid "$DOCUMENTS") == "$(container_pid)" ]]
	[[ $(gocker exec "$ID" probe getuid) == "errno 39" ]]
	jq -se --argjson pid "$(container_pid)" '.[1] | .pid != $pid and .state.pid == $pid and
		.state.status == "running"' "$DOCUMENTS"
}

@test "an agent that has gone: calls answer ENOSYS, nobody waits" {
	agent dead
	notifies '"getuid"'
	assert_probe "errno 38" getuid
}

@test "an agent makes a directory, refuses a mount, hands over a descriptor" {
	agent acts
	notifies '"mkdir", "mkdirat", "mount", "open", "openat"'
	config_edit '.process.capabilities[] += ["CAP_SYS_ADMIN"]'
	config_shell 'mkdir /made && mount -t tmpfs x /mnt 2>&1 | grep -o "not permitted\|denied"
		cat /from-the-agent'
	run_container
	[[ $status == 0 && $output == *$'\nhello' && $output == *@(permitted|denied)* ]] ||
		fail "$output"
	[[ -d $BUNDLE/rootfs/made.by-the-agent && ! -e $BUNDLE/rootfs/made ]]
	# The same for a process that comes later.
	rmdir "$BUNDLE/rootfs/made.by-the-agent"
	config_args sleep 1000
	start_container
	[[ $(gocker exec "$ID" cat /from-the-agent) == hello ]]
	gocker exec "$ID" mkdir /made
	[[ -d $BUNDLE/rootfs/made.by-the-agent && ! -e $BUNDLE/rootfs/made ]]
}

@test "an agent that is slow holds up the call that it is asked about, and nobody else" {
	agent slow
	notifies '"getuid", "getpriority"'
	config_shell 'probe getuid'
	start_container
	[[ $(gocker exec "$ID" true && container_state) == running ]]
	wait_for_state stopped
	[[ $(<"$OUT") == 0 ]]
	# The program itself waits, too; start does until it runs.
	gocker delete "$ID"
	notifies '"execve"'
	config_args echo ran
	start_container
	wait_for_state stopped
	[[ $(<"$OUT") == ran ]]
}

@test "an agent that ends while a call waits: the call answers ENOSYS" {
	agent quits
	notifies '"getuid"'
	assert_probe "errno 38" getuid
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "connect to the seccomp agent"
}

@test "without an agent: the program does not run, nothing is left" {
	AGENT=$BATS_TEST_TMPDIR/nobody
	notifies '"getuid"'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "connect to the seccomp agent at \"$AGENT\": no such file"
	[[ ! -e $TEST_ROOT/$ID ]]
	create_container
	run gocker start "$ID"
	assert_status 1
	assert_output_has "connect to the seccomp agent"
	wait_for_state stopped
}
