#!/usr/bin/env bats
# terminal.bats - --console-socket of create, run and exec

load helpers

setup_test() { need_command python3; }

# listen [NAME]: at $SOCKET in the background; what the terminal prints goes to $OUT.
listen() {
	SOCKET=$BATS_TEST_TMPDIR/$1.sock
	python3 "$BATS_TEST_DIRNAME/console_socket.py" "$SOCKET" "$OUT" 3>&- &
	wait_until test -e "$OUT"
}

@test "create sends the terminal to the console socket" {
	config_edit '.process.terminal = true | .process.consoleSize = {"height": 40, "width": 123}'
	config_shell 'tty; stty size; test -t 0 && test -t 1 && test -t 2 && echo all
		ls -l /dev/console; sleep 100'
	rm -f "$OUT"
	listen console
	gocker create -b "$BUNDLE" --console-socket "$SOCKET" "$ID" 3>&-
	gocker start "$ID"
	wait_until grep -q console "$OUT"
	grep -q 'name=/dev/pts/0' "$OUT"
	grep -q '40 123' "$OUT"
	grep -q all "$OUT"
}

@test "exec sends its terminal to the console socket" {
	config_edit '.process.consoleSize = {"height": 41, "width": 124}'
	start_container
	rm -f "$OUT"
	listen console
	gocker exec -t -d --console-socket "$SOCKET" "$ID" \
		sh -c 'tty; stty size; echo end; sleep 1' 3>&-
	wait_until grep -q end "$OUT"
	grep -q '41 124' "$OUT"
	grep -q 'name=/dev/pts/' "$OUT"
}

@test "a terminal without a console socket, and the reverse, are refused" {
	config_edit '.process.terminal = true'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "cannot allocate tty"
	config_edit '.process.terminal = false'
	run gocker create -b "$BUNDLE" --console-socket /nowhere "$ID"
	assert_status 1
	assert_output_has "cannot use console socket"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a console socket that is not there, or no socket, is named" {
	config_edit '.process.terminal = true'
	run gocker create -b "$BUNDLE" --console-socket "$BATS_TEST_TMPDIR/none" "$ID"
	assert_status 1
	assert_output_has "$BATS_TEST_TMPDIR/none"
	touch "$BATS_TEST_TMPDIR/file"
	run gocker create -b "$BUNDLE" --console-socket "$BATS_TEST_TMPDIR/file" "$ID"
	assert_status 1
	assert_output_has "$BATS_TEST_TMPDIR/file"
	[[ ! -e $TEST_ROOT/$ID ]]
}
