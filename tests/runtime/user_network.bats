#!/usr/bin/env bats
# user_network.bats - a plain user's network namespace with a way out, by pasta or slirp4netns

load helpers
load rootless

# serve ADDRESS TEXT: answers at port 8080.
serve() {
	exec python3 -c '
import socket, sys
server = socket.create_server((sys.argv[1], 8080))
while True:
    peer = server.accept()[0]
    peer.recv(1000)
    peer.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + sys.argv[2].encode())
    peer.close()' "$@"
}

# The host of these tests: a network namespace with a neighbour, 192.0.2.2, and something that only
# listens on the loopback. /dev/net/tun is everybody's, as on other machines.
# shellcheck disable=SC2016 # expands in the inner shell
make_host() {
	mkfifo "$BATS_TEST_TMPDIR/ready"
	unshare -n -m --propagation private bash -c "$(declare -f serve)"'
		trap "kill \$(jobs -p)" TERM
		unshare -n bash -c "$(declare -f serve)
			until ip addr add 192.0.2.2/24 dev peer; do sleep 0.01; done
			ip link set lo up; ip link set peer up; serve 192.0.2.2 neighbour" &
		until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do :; done
		ip link set lo up && ip link add host type veth peer name peer netns $! &&
		ip addr add 192.0.2.1/24 dev host && ip link set host up &&
		ip route add default via 192.0.2.2 &&
		mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200 || exit
		serve 127.0.0.1 loopback &
		until (: </dev/tcp/127.0.0.1/8080 && : </dev/tcp/192.0.2.2/8080); do
			sleep 0.01
		done 2>/dev/null
		echo ready >"$1"; wait' \
		bash "$BATS_TEST_TMPDIR/ready" 2>"$BATS_TEST_TMPDIR/host" 3>&- &
	HOST=$!
	read -r -t 10 <"$BATS_TEST_TMPDIR/ready" || fail "$(<"$BATS_TEST_TMPDIR/host")"
}

eval "here_$(declare -f as_user)"
# shellcheck disable=SC2016 # expands in the inner shell
as_user() {
	USER_ID=$USER_ID USER_DIR=$USER_DIR SUBIDS=${SUBIDS-} nsenter -t "$HOST" -n -m \
		bash -c "$(declare -f here_as_user)"'; here_as_user "$@"' bash "$@"
}

setup_test() {
	need_command python3
	[[ -c /dev/net/tun ]] || skip "no /dev/net/tun"
	make_host
	rootless_prepare
	config_edit '.linux.namespaces += [{"type": "network"}]'
}

teardown_test() {
	[[ -z ${HOST-} ]] || kill "$HOST"
}

# The program's process.
program_pid() { jq .networkHelper.pid "$TEST_ROOT/$ID/state.json"; }

use() { config_edit --arg name "$1" '.annotations."run.gocker.network.user" = $name'; }

ask=(wget -q -O -)

# connects PROGRAM: out to the neighbour, not to what listens on the host's loopback.
connects() {
	local address pid
	need_command "$1"
	use "$1"
	start_container
	[[ $(gocker exec "$ID" "${ask[@]}" http://192.0.2.2:8080) == neighbour ]]
	for address in 127.0.0.1 10.0.2.2 192.0.2.1; do
		run gocker exec "$ID" "${ask[@]}" -T 1 "http://$address:8080"
		[[ $output != *loopback* ]] || fail "$address is the host's"
	done
	pid=$(program_pid)
	[[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == "$1 --"* ]]
	gocker kill "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	is_gone "$pid"
	config_args "${ask[@]}" http://192.0.2.2:8080
	[[ $(gocker run -b "$BUNDLE" "$ID" </dev/null) == neighbour ]]
}

@test "pasta" { connects pasta; }

@test "slirp4netns" { connects slirp4netns; }

@test "slirp4netns with ranges of ids" {
	with_ranges
	connects slirp4netns
}

# refuses TEXT...: and nothing of it is left, teardown looks for processes.
refuses() {
	assert_refused 'config.json: /annotations/run.gocker.network.user: ' "$@"
}

@test "what cannot be is refused" {
	use pasta
	SUBIDS='' run as_user env PATH=/nowhere "$USER_GOCKER" run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'pasta is not installed (package passt)'
	use vpn
	refuses '"vpn" is neither pasta nor slirp4netns'
	use pasta
	without_namespace network
	refuses 'needs a network namespace of its own'
	config_edit '.linux.namespaces += [{"type": "network"}]'
	run "$GOCKER" --root "$BATS_TEST_TMPDIR/root" run -b "$BUNDLE" "$ID"
	assert_output_has 'is for containers of users other than root'
}

# a_program LINE...: that is found in the place of pasta.
a_program() {
	printf '%s\n' '#!/bin/sh' "$@" >"$USER_DIR/pasta"
	chmod 755 "$USER_DIR/pasta"
}

run_with_program() { as_user env PATH="$USER_DIR:$PATH" "$USER_GOCKER" "$@"; }

@test "a program that fails: it is told what it said" {
	use pasta
	a_program 'echo "no way" >&2; exit 3'
	run run_with_program create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'pasta: it ended: "no way"'
	[[ ! -e $TEST_ROOT/$ID ]]
}

# Nothing of gocker's is open in it: /proc/$$/fd has its script, /dev/null, and what it says.
@test "a program that hangs is found by delete --force after a SIGKILL" {
	local pid
	use pasta
	a_program "ls -l /proc/\$\$/fd >'$USER_DIR/fds'" 'exec sleep 1000'
	run_with_program create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&- &
	wait_until test -s "$USER_DIR/fds"
	pid=$(program_pid)
	# shellcheck disable=SC2046 # one number, or several
	kill -KILL $(pgrep -f "^$USER_GOCKER create")
	wait $! || true
	run is_gone "$pid"
	assert_status 1
	gocker delete --force "$ID"
	is_gone "$pid"
	run grep -E "socket|pipe|$TEST_ROOT|bundle" "$USER_DIR/fds"
	assert_status 1
}
