# seccomp.bash - what the tests of filters for system calls share: profiles, a probe, an agent
#
# Loaded after helpers. prepare_probe comes first; who starts agents ends with stop_agents.

prepare_probe() {
	PROBE=${TEST_BUILD-$BATS_TEST_DIRNAME/../../build}/tests/runtime/syscall_probe
	[[ -x $PROBE ]] || skip "make check builds syscall_probe"
	cp "$PROBE" "$BUNDLE/rootfs/bin/probe"
}

# profile FILTER: jq's words for linux.seccomp.
profile() { config_edit ".linux.seccomp = $1"; }

# allows_but RULE...: all is allowed but what the rules say.
allows_but() {
	local IFS=,
	profile "{defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [$*]}"
}

# run_container: as "run gocker run", but a container that hangs holds no pipe that bats waits for.
run_container() {
	status=0
	timeout -k 1 20 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID" \
		</dev/null >"$OUT" 2>&1 3>&- || status=$?
	output=$(<"$OUT")
}

# assert_probe EXPECTED ARGUMENT...: what the probe in a container says.
assert_probe() {
	local expected=$1
	shift
	config_args probe "$@"
	run_container
	[[ $status == 0 && $output == "$expected" ]] ||
		fail "probe $*: status $status, \"$output\", not \"$expected\""
}

# agent HOW: in the background; AGENT is its socket, DOCUMENTS what it has got.
agent() {
	need_command python3
	AGENT=$BATS_TEST_TMPDIR/agent DOCUMENTS=$BATS_TEST_TMPDIR/documents
	rm -f "$AGENT" "$DOCUMENTS"
	timeout 60 python3 "${BASH_SOURCE[0]%/*}/seccomp_agent.py" "$AGENT" "$DOCUMENTS" "$1" \
		</dev/null >/dev/null 2>&1 3>&- &
	agents+=($!)
	wait_until test -S "$AGENT"
}

stop_agents() { [[ -z ${agents-} ]] || kill "${agents[@]}" 2>/dev/null || true; }

# notifies NAMES: an agent decides about these calls, words of JSON.
notifies() {
	profile "{defaultAction: \"SCMP_ACT_ALLOW\", listenerPath: \"$AGENT\",
		listenerMetadata: \"meta \\\"data\\\"\",
		syscalls: [{names: [$1], action: \"SCMP_ACT_NOTIFY\"}]}"
}

# All that a process does between its filter and its program, and that takes a message along.
HANDING_OVER='"sendmsg", "recvmsg", "write", "read", "close", "close_range", "prctl", "setresuid",
	"setresgid", "setgroups", "capset", "capget", "chdir", "getcwd", "fcntl", "execve",
	"rt_sigaction", "rt_sigprocmask", "futex", "brk", "mmap", "munmap"'
