#!/usr/bin/env bats
# a21_notify.bats - an agent is asked about the very calls that hand its listener over (crun#1002)
#
# Detects: a build without the passage in the filter (seccomp_filter.c), which hangs.
# What agents do otherwise: tests/runtime/seccomp_agent.bats.

load helpers
load ../runtime/seccomp

setup_attack() { prepare_probe; }
teardown_test() { stop_agents; }

# within SECONDS ARGUMENT...: gocker, which returns in this time; $status and $output are its own.
within() {
	status=0
	timeout -k 1 "$1" "$GOCKER" --root "$TEST_ROOT" "${@:2}" </dev/null >"$OUT" 2>&1 3>&- ||
		status=$?
	output=$(<"$OUT")
	((status != 124 && status != 137)) || fail "${*:2} hangs: $output"
}

@test "an agent that lets them through: create, start, run, exec" {
	local value
	agent continue
	notifies "$HANDING_OVER"
	for value in true false; do
		config_edit ".process.noNewPrivileges = $value"
		config_args echo it runs
		within 10 run -b "$BUNDLE" "$ID"
		[[ $output == "it runs" ]] || fail "$output"
		config_args sleep 1000
		within 10 create -b "$BUNDLE" "$ID"
		within 10 start "$ID"
		within 10 exec "$ID" echo so does this
		[[ $output == "so does this" ]] || fail "$output"
		gocker delete --force "$ID"
	done
	host_is_untouched
}

# The sanitizer makes such calls between ours, and ends without a word where they are refused.
died_with_sanitizer() { [[ -n ${SANITIZERS-} && -z $output ]]; }

@test "an agent that refuses them, one that has gone: refused" {
	local how
	for how in errno=1 dead; do
		agent "$how"
		notifies "$HANDING_OVER"
		config_args true
		within 10 run -b "$BUNDLE" "$ID"
		assert_status 1
		[[ $output == *"not implemented"* || $output == *"not permitted"* ]] ||
			died_with_sanitizer || fail "$output"
		[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
	done
	host_is_untouched
}

@test "an agent that says nothing: start returns, and the container can be deleted" {
	agent silent
	notifies "$HANDING_OVER"
	within 10 create -b "$BUNDLE" "$ID"
	within 15 start "$ID"
	assert_status 0
	assert_output_has "it is left to the agent"
	[[ $(container_state) == running ]]
	within 10 delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

@test "nobody there: refused, nothing is left" {
	AGENT=$BATS_TEST_TMPDIR/nobody
	notifies "$HANDING_OVER"
	within 10 run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "connect to the seccomp agent at \"$AGENT\": no such file"
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
	host_is_untouched
}
