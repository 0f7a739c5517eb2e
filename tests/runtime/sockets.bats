#!/usr/bin/env bats
# sockets.bats - what systemd and engines hand over: NOTIFY_SOCKET, LISTEN_FDS, pidfd

load helpers

setup_test() {
	HOST=$BATS_TEST_TMPDIR/host.sock
	HEARD=$BATS_TEST_TMPDIR/heard
	HELPERS=()
}

teardown_test() {
	local pid
	for pid in "${HELPERS[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
}

start_host() {
	python3 "$BATS_TEST_DIRNAME/notify_host.py" "$1" "$HEARD" 3>&- &
	HELPERS+=($!)
	wait_until test -e "$HEARD"
}

# say_ready ID MESSAGE: as a program of the container would, from the host.
say_ready() {
	(cd "/proc/$(container_pid "$1")/root/run/notify" && python3 -c "import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.sendto(b'$2', 'notify.sock')")
}

has_notify_socket() { [[ -S /proc/$(container_pid "$1")/root/run/notify/notify.sock ]]; }

@test "start waits for READY=1 and tells the host with the container's pid" {
	local pid
	start_host "$HOST"
	NOTIFY_SOCKET=$HOST create_container
	pid=$(container_pid)
	NOTIFY_SOCKET=$HOST gocker start "$ID" 3>&- &
	HELPERS+=($!)
	wait_until has_notify_socket "$ID"
	say_ready "$ID" 'STATUS=warming up\nXREADY=1\nREADY=10'
	sleep 0.2
	kill -0 "${HELPERS[1]}"
	[[ ! -s $HEARD ]]
	say_ready "$ID" 'STATUS=warm\nREADY=1\nMAINPID=1'
	wait "${HELPERS[1]}"
	[[ $(<"$HEARD") == "MAINPID=$pid"$'\nREADY=1\nBARRIER=1' ]] || fail "$(<"$HEARD")"
	[[ $(gocker exec "$ID" readlink /proc/1/cwd) == / ]]
	gocker delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "the program finds the socket, whoever it is, and nothing else to write to" {
	NOTIFY_SOCKET=@gocker-test-$$ create_container
	run gocker exec "$ID" touch /run/notify/x
	assert_status 1
	assert_output_has "Read-only file system"
	gocker delete --force "$ID"
	config_edit '.process.env += ["NOTIFY_SOCKET=/old"]'
	config_args sh -c 'echo $NOTIFY_SOCKET; stat -c %a $NOTIFY_SOCKET; env | grep -c NOTIFY'
	start_host "@gocker-test-$$"
	NOTIFY_SOCKET=@gocker-test-$$ run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $output == $'/run/notify/notify.sock\n777\n1' ]] || fail "$output"
}

# told_socket [HOST]: what the program has in its NOTIFY_SOCKET, and whether that is a socket.
told_socket() {
	config_shell 'echo $NOTIFY_SOCKET; [ -S $NOTIFY_SOCKET ] && echo there'
	NOTIFY_SOCKET=${1-$HOST} gocker run -b "$BUNDLE" "$ID"
}

@test "the socket is where the host has its own as well, as with crun" {
	[[ $(told_socket) == "$HOST/notify"$'\nthere' ]]
	[[ $(told_socket /run/notify/deep/host) == $'/run/notify/deep/host/notify\nthere' ]]
	[[ $(told_socket /run/notify) == $'/run/notify/notify\nthere' ]]
	start_host "$HOST"
	config_args sleep 1000
	NOTIFY_SOCKET=$HOST create_container
	NOTIFY_SOCKET=$HOST gocker start "$ID" 3>&- &
	HELPERS+=($!)
	wait_until has_notify_socket "$ID"
	gocker exec "$ID" test -S /run/notify/notify.sock
	(cd "/proc/$(container_pid)/root$HOST" && python3 -c 'import socket
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", "notify")')
	wait "${HELPERS[1]}"
	gocker delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "the socket is where runc has it alone, where the other place cannot be" {
	local host
	for host in /run/systemd/notify "@gocker-test-$$" /../run/x /run/x/ / \
		"/$(printf 'x%.0s' {1..102})"; do
		[[ $(told_socket "$host") == $'/run/notify/notify.sock\nthere' ]] || fail "$host"
	done
	start_host "$HOST"
	add_mount "${HOST%/*}" bind "${HOST%/*}" bind
	[[ $(told_socket) == $'/run/notify/notify.sock\nthere' ]]
	[[ -S $HOST ]]
}

@test "run in the foreground stays the main process" {
	start_host "$HOST"
	config_shell 'until [ -e /ready ]; do sleep 0.1; done; exit 3'
	NOTIFY_SOCKET=$HOST "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID" 3>&- &
	HELPERS+=($!)
	wait_until is_in_state "$ID" running
	say_ready "$ID" READY=1
	wait_until test -s "$HEARD"
	[[ $(<"$HEARD") == "MAINPID=${HELPERS[1]}"$'\nREADY=1' ]] || fail "$(<"$HEARD")"
	touch "$BUNDLE/rootfs/ready"
	wait "${HELPERS[1]}" || status=$?
	[[ $status == 3 ]]
}

@test "a container that ends before it is ready keeps nobody waiting" {
	start_host "$HOST"
	config_args sleep 0.2
	NOTIFY_SOCKET=$HOST timeout 10 "$GOCKER" --root "$TEST_ROOT" run -d -b "$BUNDLE" "$ID" \
		</dev/null >"$OUT" 2>&1 3>&-
	[[ $(container_state) == stopped ]]
	[[ ! -s $HEARD ]]
}

@test "a host that does not listen is a warning, a start without create's socket is none" {
	NOTIFY_SOCKET=$BATS_TEST_TMPDIR/nobody create_container
	NOTIFY_SOCKET=$BATS_TEST_TMPDIR/nobody gocker start "$ID" 2>"$OUT" 3>&- &
	HELPERS+=($!)
	wait_until has_notify_socket "$ID"
	say_ready "$ID" READY=1
	wait "${HELPERS[0]}"
	grep -q "warning: NOTIFY_SOCKET: .*cannot be told" "$OUT"
	create_container "$ID-b"
	NOTIFY_SOCKET=$BATS_TEST_TMPDIR/nobody timeout 5 "$GOCKER" --root "$TEST_ROOT" start "$ID-b"
}

@test "LISTEN_FDS hands sockets over, in front of those to preserve" {
	exec 4</etc/passwd 5</etc/group 6</etc/hostname
	config_args sh -c 'env | grep LISTEN_ | sort; echo $$; ls /proc/self/fd'
	run env LISTEN_FDS=2 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" --preserve-fds 1 "$ID" \
		3<&4
	[[ $output == $'LISTEN_FDS=2\nLISTEN_PID=1\n1\n0\n1\n2\n3\n4\n5\n6' ]] || fail "$output"
	config_args sh -c 'env | grep -c LISTEN_'
	run env LISTEN_FDS=2 LISTEN_PID=1 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	[[ $output == 0 ]] || fail "$output"
	# shellcheck disable=SC2016
	run bash -c 'export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"' bash "$GOCKER" \
		--root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	[[ $output == 2 ]] || fail "$output"
}

@test "LISTEN_FDS works for exec, with the pid that the program has" {
	exec 4</etc/passwd
	start_container
	run env LISTEN_FDS=1 "$GOCKER" --root "$TEST_ROOT" exec "$ID" \
		sh -c '[ "$LISTEN_PID" = $$ ] && readlink /proc/self/fd/3' 3<&4
	assert_status 0
	assert_output_has passwd
	run gocker exec "$ID" sh -c 'env | grep -c LISTEN_; ls /proc/self/fd' 4<&-
	[[ $output == $'0\n0\n1\n2\n3' ]] || fail "$output"
}
