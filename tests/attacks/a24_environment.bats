#!/usr/bin/env bats
# a24_environment.bats - gocker is started with all that a caller can get wrong, at once
#
# Detects: a build without fd_sweep.c, signals_reset(), the umask of user.c, or open_standard()
# Each thing alone, and too few descriptors: tests/runtime/environment.bats and lifecycle.bats.

load helpers

# oddly ARGUMENT...: gocker with 0, 1 and 2 closed, signals blocked and ignored, umask 777, a
# directory that is gone, as many inherited descriptors of a canary as it may have, and variables
# that speak to the loader. What it prints is lost; what counts is in /result of the container.
oddly() {
	timeout -k 1 30 python3 -c '
import os, resource, signal, sys
gone, canary, library = sys.argv[1:4]
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
source = os.open(canary, os.O_RDONLY)
os.mkdir(gone)
os.chdir(gone)
os.rmdir(gone)
for fd in range(10, min(10000, hard - 100)):
    os.dup2(source, fd)
os.umask(0o777)
for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
environment = dict(os.environ, LD_PRELOAD=library, LD_LIBRARY_PATH=canary, LD_AUDIT="/x",
                   LD_BIND_NOW="1", MALLOC_PERTURB_="7", SECRET="canary", TZ="/x", LANG="x")
for fd in range(3):
    os.close(fd)
os.execve(sys.argv[4], sys.argv[4:], environment)' "$BATS_TEST_TMPDIR/gone" "$CANARY" \
		/no/such/library.so "$GOCKER" --root "$TEST_ROOT" "$@" 3>&-
}

LOOK='{ ls /proc/self/fd | xargs; grep -E "^Sig(Blk|Ign)" /proc/self/status; umask
	env | sort | cut -d= -f1 | xargs; pwd; } >/result.new 2>&1; mv /result.new /result'
SEEN="0 1 2 3
SigBlk:	0000000000000000
SigIgn:	0000000000000000
0022
HOME PATH PWD SHLVL TERM
/"

setup_attack() {
	need_command python3
	config_shell "$LOOK"
}

assert_seen() {
	local found
	wait_until test -e "$BUNDLE/rootfs/result"
	found=$(<"$BUNDLE/rootfs/result")
	[[ $found == "$SEEN" ]] || fail "$1:" "$(diff <(echo "$SEEN") <(echo "$found"))"
	rm "$BUNDLE/rootfs/result"
}

@test "run, create and start: the container sees none of it" {
	oddly run -b "$BUNDLE" "$ID"
	assert_seen run
	oddly create -b "$BUNDLE" "$ID"
	[[ $(container_state) == created ]]
	oddly start "$ID"
	assert_seen start
	oddly delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

@test "run, with few descriptors to come by" {
	config_edit 'del(.process.rlimits)'
	(
		ulimit -n 32
		oddly run -b "$BUNDLE" "$ID"
	)
	assert_seen run
	host_is_untouched
}

@test "exec, kill, delete: neither does a process that comes later" {
	config_args sleep 1000
	start_container
	oddly exec "$ID" sh -c "$LOOK"
	assert_seen exec
	oddly exec -d "$ID" sh -c "$LOOK"
	assert_seen "exec -d"
	oddly kill "$ID" KILL
	wait_for_state stopped
	oddly delete "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}
