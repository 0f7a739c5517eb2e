#!/usr/bin/env bats
# run.bats - gocker run: in the foreground, detached, with a terminal

load helpers

@test "run prints what the program prints and gives its exit status" {
	config_shell 'echo out; echo err >&2; exit 42'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 42
	[[ $output == $'out\nerr' ]]
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "run passes standard input on" {
	config_args cat
	[[ $(echo hello | gocker run -b "$BUNDLE" "$ID") == hello ]]
}

@test "run gives 128 + n for signal n" {
	config_shell 'kill -9 $$; exit 1'
	config_edit 'del(.linux.namespaces[] | select(.type == "pid"))'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 137
}

@test "run forwards signals" {
	config_shell 'trap "echo got; exit 3" TERM; echo ready; while :; do sleep 0.1; done'
	"$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID" >"$OUT" 3>&- &
	local pid=$! status=0
	wait_until grep -q ready "$OUT"
	kill -TERM "$pid"
	wait "$pid" || status=$?
	[[ $status == 3 ]]
	grep -q got "$OUT"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "run --detach leaves it running" {
	gocker run -d -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	[[ $(container_state) == running ]]
}

@test "run --keep keeps the stopped container" {
	config_args true
	gocker run --keep -b "$BUNDLE" "$ID"
	[[ $(container_state) == stopped ]]
}

@test "run that cannot execute the program leaves nothing" {
	config_args /no/such/program
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "no such file or directory"
	[[ ! -e $TEST_ROOT/$ID ]]
	[[ -z $(find /sys/fs/cgroup -type d -name "*$ID*" 2>/dev/null) ]]
}

@test "run uses the current directory, and --config another config" {
	config_shell 'echo one'
	jq '.process.args = ["echo", "two"]' <"$BUNDLE/config.json" >"$BUNDLE/other.json"
	cd "$BUNDLE"
	[[ $(gocker run "$ID") == one ]]
	[[ $(gocker run --config other.json "$ID") == two ]]
}

# in_terminal LINE: runs a shell line with a terminal of its own, its output in $OUT.
in_terminal() { script -qefc "$1" /dev/null </dev/null >"$OUT" 2>&1 3>&-; }

@test "run -t gives a terminal with the user's window size, and exit status" {
	need_command script
	config_shell 'test -t 0 && test -t 1 && stty size && tty && ls -l /dev/console; exit 9'
	local exit_status=0
	in_terminal "stty rows 33 cols 99
		'$GOCKER' --root '$TEST_ROOT' run -t -b '$BUNDLE' '$ID'" ||
		exit_status=$?
	run cat "$OUT"
	[[ $exit_status == 9 ]]
	assert_output_has "33 99"
	assert_output_has "/dev/pts/0"
	assert_output_has "crw"
}

@test "run -t restores the user's terminal, also when it fails or is killed by a signal" {
	need_command script
	config_shell 'kill -TERM 1; stty -echo raw'
	in_terminal "stty -a >'$BATS_TEST_TMPDIR/before'
		'$GOCKER' --root '$TEST_ROOT' run -t -b '$BUNDLE' '$ID'
		stty -a >'$BATS_TEST_TMPDIR/after'
		'$GOCKER' --root '$TEST_ROOT' run -t -b /nowhere '$ID'
		stty -a >'$BATS_TEST_TMPDIR/failed'" || true
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/failed"
}

@test "run with process.terminal and no console socket is refused when detached" {
	config_edit '.process.terminal = true'
	run gocker run -d -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "console socket"
	[[ ! -e $TEST_ROOT/$ID ]]
}
