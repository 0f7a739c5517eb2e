#!/usr/bin/env bats
# environment.bats - gocker started in odd places; tests/attacks has more

load helpers

@test "closed standard descriptors are /dev/null for the container" {
	config_shell '(for i in 0 1 2; do readlink /proc/1/fd/$i; done) >/result; true'
	gocker run -b "$BUNDLE" "$ID" <&- >&- 2>&- 3>&-
	run cat "$BUNDLE/rootfs/result"
	[[ $output == $'/dev/null\n/dev/null\n/dev/null' ]] || fail "$output"
}

@test "a created container keeps no descriptor of the runtime or its caller open" {
	# The pipe's reader sees its end, although the container lives on.
	{ create_container 9>&1; } | timeout 5 cat
	[[ $(container_state) == created ]]
	run readlink "/proc/$(container_pid)/fd/"*
	[[ ${#lines[@]} == 4 && $output == *socket:* ]] || fail "$output"
}

@test "a process of exec has given up the runtime's descriptors before it runs" {
	need_command python3
	start_container
	local dir=$BATS_TEST_TMPDIR exec pid
	# A socket that takes one connection, so that exec waits for the second.
	python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1]); s.listen(0)
c = socket.socket(socket.AF_UNIX); c.connect(sys.argv[1])
open(sys.argv[2], "w").close()
time.sleep(60)' "$dir/socket" "$dir/ready" 3>&- &
	local listener=$!
	wait_until test -e "$dir/ready"
	"$GOCKER" --root "$TEST_ROOT" exec --pidfd-socket "$dir/socket" "$ID" true \
		</dev/null >/dev/null 2>&1 3>&- &
	exec=$!
	wait_until processes_are 2
	sleep 0.1
	pid=$(gocker ps -f json "$ID" | jq '.[]' | grep -vx "$(container_pid)")
	run readlink "/proc/$pid/fd/"*
	kill "$listener"
	wait "$exec" || true
	[[ ${#lines[@]} == 4 && $output == *socket:* ]] || fail "$output"
}
@test "exec joins the container's session keyring, not the caller's" {
	need_command python3
	config_edit 'del(.linux.maskedPaths)'
	start_container
	run python3 -c '
import ctypes, os, sys
KEYCTL, JOIN_SESSION_KEYRING = {"x86_64": 250, "aarch64": 219}[os.uname().machine], 1
if ctypes.CDLL(None).syscall(KEYCTL, JOIN_SESSION_KEYRING, sys.argv[1].encode()) < 0:
    sys.exit("no keyring")
os.execv(sys.argv[2], sys.argv[2:])' "host-$ID" "$GOCKER" --root "$TEST_ROOT" \
		exec -u 1000 "$ID" cat /proc/keys
	assert_status 0
	assert_output_has "_ses.$ID"
	[[ $output != *"host-$ID"* ]]
}

# limited N ARGUMENT...: gocker with descriptors below N only.
limited() {
	(
		exec </dev/null 2>/dev/null 3>&-
		ulimit -n "$1"
		exec "$GOCKER" --root "$TEST_ROOT" "${@:2}"
	)
}

@test "without descriptors to spare a running container is not said to be stopped" {
	start_container
	local n status
	for n in $(seq 4 20); do
		status=$(limited "$n" state "$ID" | jq -r .status) || true
		[[ $status == "" || $status == running ]] || fail "with $n: $status"
		! limited "$n" delete "$ID" || fail "deleted with $n"
	done
	[[ $(container_state) == running ]]
}

@test "without descriptors to spare create leaves nothing, and delete --force all or nothing" {
	local n left
	for n in $(seq 5 24); do
		limited "$n" create -b "$BUNDLE" "$ID" >/dev/null || true
		[[ ! -e $TEST_ROOT/$ID ]] || fail "with $n: $(ls "$TEST_ROOT/$ID")"
	done
	start_container
	for n in $(seq 5 24); do
		limited "$n" delete --force "$ID" || true
		[[ -e $TEST_ROOT/$ID ]] || break
	done
	gocker delete --force "$ID"
	# others' come and go meanwhile
	left=$(find /sys/fs/cgroup -type d -name "gocker-$ID" 2>/dev/null || true)
	[[ -z $left ]] || fail "with $n: $left"
}

@test "a deleted directory, umask 777, ignored signals and many descriptors of the caller" {
	mkdir "$BATS_TEST_TMPDIR/gone"
	config_shell 'pwd; umask; ls /proc/self/fd | wc -l'
	(
		cd "$BATS_TEST_TMPDIR/gone"
		rmdir "$BATS_TEST_TMPDIR/gone"
		trap '' CHLD PIPE TERM HUP
		umask 777
		for ((i = 10; i < 900; i++)); do eval "exec $i</dev/null"; done
		create_container
		gocker start "$ID"
	)
	wait_for_state stopped
	[[ $(cat "$OUT") == $'/\n0022\n4' ]] || fail "$(cat "$OUT")"
	run gocker exec "$ID" true
	assert_output_has "cannot exec in a stopped container"
}

@test "exec has the umask of the container, not of the caller" {
	start_container
	[[ $(umask 077 && gocker exec "$ID" sh -c umask) == 0022 ]]
}

@test "output that nobody reads does not end create half-way" {
	# With --debug it writes at every step.
	local status=0
	timeout 10 "$GOCKER" --root "$TEST_ROOT" --debug create -b "$BUNDLE" "$ID" \
		</dev/null >/dev/null 2> >(exec <&- >/dev/null 2>&1) 3>&- || status=$?
	[[ $status == 0 ]]
	[[ $(container_state) == created ]]
}

@test "a program that cannot be executed leaves no pid file" {
	printf '#!/no/such/interpreter\n' >"$BUNDLE/rootfs/script"
	chmod +x "$BUNDLE/rootfs/script"
	start_container
	run gocker exec --pid-file "$BATS_TEST_TMPDIR/pid" "$ID" /script
	assert_status 255
	[[ ! -e $BATS_TEST_TMPDIR/pid ]]
	config_args /script
	run gocker run --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID-2"
	assert_status 1
	[[ ! -e $BATS_TEST_TMPDIR/pid && ! -e $TEST_ROOT/$ID-2 ]]
}
