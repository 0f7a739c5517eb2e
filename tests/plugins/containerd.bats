#!/usr/bin/env bats
# containerd.bats - containerd's shim runs on gocker as it does on crun and runc

bats_require_minimum_version 1.5.0

load containerd

setup_file() {
	containerd_start default || return 0
	# What those look at that need none of their own.
	launch -d --memory-limit 67108864 --pid-file "$DAEMON/long.pid" "$REF" long sleep 1000
}

teardown_file() { containerd_stop; }

in_long() { ctr task exec --exec-id "e$BATS_TEST_NUMBER$RANDOM" "$@"; }

@test "run: output, errors and exit status are the program's" {
	run --separate-stderr launch --rm "$REF" "$ID" sh -c 'echo out; echo err >&2; exit 3'
	assert_status 3
	[[ $output == out ]]
	# shellcheck disable=SC2154 # run sets it
	[[ $stderr == *err* && $stderr != *out* ]]
}

@test "run: the program reads what ctr is given, until its end" {
	seq 100000 >"$OUT"
	[[ $(launch --rm "$REF" "$ID" md5sum <"$OUT") == "$(md5sum <"$OUT")" ]]
}

@test "run -d: the container goes on, and nothing of the runtime with it" {
	task_is long RUNNING
	run ! on_host pgrep -x "$RUNTIME"
}

@test "run --pid-file: the process that tasks ls shows" {
	local pid
	pid=$(task_pid long)
	[[ $(on_host cat "$DAEMON/long.pid") == "$pid" ]]
	[[ $(on_host cat "/proc/$pid/cmdline" | tr '\0' ' ') == "sleep 1000 " ]]
}

@test "run -t: a terminal of the size of ctr's" {
	on_host /usr/bin/python3 "$PLUGINS/../runtime/pty_run.py" 91x27 "$OUT" 'wait:# ' \
		'keys:tty; stty size'$'\r' 'wait:27 91' 'resize:70x20' \
		'keys:until stty size | grep -x "20 70"; do usleep 20000; done; exit 4'$'\r' -- \
		ctr run --rm -t --runc-binary "$RUNTIME" "$REF" "$ID" sh || [[ $? == 4 ]]
	grep -q /dev/pts/0 "$OUT"
	grep -q '^20 70' "$OUT"
}

@test "exec: output and exit status are the program's" {
	run in_long long sh -c 'echo out; exit 5'
	assert_status 5
	assert_output_has out
}

@test "exec: the program reads what ctr is given" {
	[[ $(echo given | in_long long cat) == given ]]
}

@test "exec --user, --cwd" {
	[[ $(in_long --user 1:2 --cwd /etc long sh -c 'id -u; id -g; pwd') == $'1\n2\n/etc' ]]
}

@test "exec -t: a terminal" {
	on_host /usr/bin/python3 "$PLUGINS/../runtime/pty_run.py" 80x24 "$OUT" 'wait:# ' \
		'keys:tty'$'\r' 'wait:/dev/pts/' 'keys:exit 6'$'\r' -- \
		ctr task exec -t --exec-id term long sh || [[ $? == 6 ]]
	grep -q /dev/pts/ "$OUT"
}

@test "exec -d: it goes on, tasks ps shows it, tasks kill --exec-id ends it" {
	ctr task exec -d --exec-id detached long sleep 500
	run ctr task ps long
	assert_output_has "ExecID:detached"
	[[ ${#lines[@]} == 3 ]]
	ctr task kill -s KILL --exec-id detached long
	ctr task rm --exec-id detached long || :
	wait_until only_one_process
}
only_one_process() { [[ $(ctr task ps long | wc -l) == 2 ]]; }

@test "exec: a program that is not there is said, and the container goes on" {
	run in_long long nosuch
	[[ $status != 0 ]]
	assert_output_has 'OCI runtime exec failed'
	assert_output_has 'executable file'
	assert_output_has 'nosuch'
	task_is long RUNNING
	only_one_process
}

@test "pause, resume: the processes stand still in between" {
	local pid before
	launch -d "$REF" "$ID" sh -c 'while :; do echo >>/ticks; usleep 10000; done'
	pid=$(task_pid "$ID")
	wait_until grows "/proc/$pid/root/ticks" 0
	ctr task pause "$ID"
	task_is "$ID" PAUSED
	before=$(on_host stat -c %s "/proc/$pid/root/ticks")
	sleep 0.1
	[[ $(on_host stat -c %s "/proc/$pid/root/ticks") == "$before" ]]
	ctr task resume "$ID"
	task_is "$ID" RUNNING
	wait_until grows "/proc/$pid/root/ticks" "$before"
	ctr task rm -f "$ID"
}
grows() { (($(on_host stat -c %s "$1" || echo 0) > $2)); }

@test "metrics: of the container's control group" {
	local metrics
	metrics=$(ctr task metrics --format json long)
	jq -e '.pids.current == 1' <<<"$metrics"
	jq -e '.memory.usage | (if type == "object" then .usage else . end) |
		. > 4096 and . < 67108864' <<<"$metrics"
	jq -e '(.memory.usage.limit? // .memory.usage_limit) == 67108864' <<<"$metrics"
	jq -e '(.cpu.usage.total? // .cpu.usage_usec) > 0' <<<"$metrics"
}

@test "kill: the signal arrives, the exit status says so, delete takes all away" {
	local folder
	launch -d "$REF" "$ID" sh -c 'trap "exit 7" USR1; touch /up
		while :; do usleep 10000; done'
	wait_until on_host test -e "/proc/$(task_pid "$ID")/root/up"
	ctr task kill -s USR1 "$ID"
	wait_until task_is "$ID" STOPPED
	run ctr task rm "$ID"
	assert_output_has "non-zero exit code 7"
	run ! ctr task kill "$ID"
	assert_output_has "not found"
	ctr c rm "$ID"
	folder=$DAEMON/state/io.containerd.runtime.v2.task/default
	on_host test ! -e "$folder/$ID"
	on_host test ! -e "/run/containerd/runc/default/$ID"
}

@test "kill --all: every process of the container" {
	local pid
	launch -d "$REF" "$ID" sh -c 'sleep 1001 & trap : TERM; wait; wait; sleep 1002'
	wait_until on_host pgrep -f '^sleep 1001' >"$OUT"
	pid=$(<"$OUT")
	ctr task kill --all -s TERM "$ID"
	wait_until run ! on_host test -e "/proc/$pid"
	ctr task rm -f "$ID"
}

@test "kill: one that has ended is said to be" {
	launch -d "$REF" "$ID" true
	wait_until task_is "$ID" STOPPED
	run ctr task kill "$ID"
	assert_status 1
	assert_output_has "not found"
	ctr task rm "$ID"
}

@test "delete --force: a running container" {
	local pid
	launch -d "$REF" "$ID" sleep 1000
	pid=$(task_pid "$ID")
	run ! ctr task rm "$ID"
	ctr task rm -f "$ID"
	on_host test ! -e "/proc/$pid"
	run ctr task ls
	[[ $output != *"$ID "* ]]
	# Its control group as well.
	[[ -z $(on_host find /sys/fs/cgroup -type d -name "$ID") ]]
}

@test "create, start, and start again" {
	ctr c create "$REF" "$ID" mkdir /made
	ctr task start "$ID"
	run ctr task start "$ID"
	assert_status 1
	assert_output_has "File exists"
	ctr c rm "$ID"
}

@test "run: without --runc-binary it is the runc in \$PATH" {
	run ctr run --rm "$REF" "$ID" echo out
	assert_status 0
	[[ $output == out ]]
}

@test "run: why something cannot be run is said, and leaves nothing" {
	local case
	local -A words=([nosuch]='executable file' [/etc]=permi
		[/etc/passwd]='ermission denied' [/no/such]='o such file or directory')
	for case in "${!words[@]}"; do
		echo "$case"
		run launch --rm "$REF" "$ID" "$case"
		assert_status 1
		assert_output_has 'OCI runtime create failed'
		assert_output_has "${words[$case]}"
	done
	run ! ctr c info "$ID"
	on_host test ! -e "/run/containerd/runc/default/$ID"
}

@test "run: an id that is taken is refused, and its container left alone" {
	run launch -d "$REF" long true
	assert_status 1
	assert_output_has "already exists"
	task_is long RUNNING
}

@test "run --log-uri: all of the output goes to the file" {
	launch -d --log-uri "file://$DAEMON/$ID.log" "$REF" "$ID" \
		sh -c 'seq 200000; echo err >&2'
	wait_until task_is "$ID" STOPPED
	ctr task rm "$ID"
	[[ $(on_host grep -vx err "$DAEMON/$ID.log" | md5sum) == "$(seq 200000 | md5sum)" ]]
	on_host grep -qx err "$DAEMON/$ID.log"
}

@test "run --fifo-dir, attach: who comes later reads on" {
	on_host mkdir "$DAEMON/fifos"
	on_host timeout 20 ctr run --runc-binary "$RUNTIME" --fifo-dir "$DAEMON/fifos" \
		"$REF" "$ID" sh -c 'while [ ! -e /go ]; do usleep 20000; done
			echo out; exit 8' >"$OUT" 2>&1 &
	wait_until task_is "$ID" RUNNING
	on_host find "$DAEMON/fifos" -type p | grep -q "$ID-stdout"
	ctr task exec --exec-id go "$ID" touch /go
	wait "$!" || [[ $? == 8 ]]
	[[ $(<"$OUT") == out ]]
}

@test "signals that ctr gets go to the program" {
	local pid
	launch --rm "$REF" "$ID" sh -c 'trap "echo got; exit 9" TERM; touch /up
		while :; do usleep 10000; done' >"$OUT" 2>&1 &
	pid=$!
	wait_until ctr task exec --exec-id "up$RANDOM" "$ID" test -e /up 2>/dev/null
	on_host pkill -TERM -f "^ctr run .* $ID sh"
	wait "$pid" || [[ $? == 9 ]]
	[[ $(<"$OUT") == got ]]
}

# "ctr events" to $OUT has begun.
is_told() {
	ctr c label long "told=$RANDOM" >/dev/null
	[[ -s $OUT ]]
}

@test "events: of a container's life, in order" {
	local pid
	on_host timeout 20 ctr events >"$OUT" 2>&1 &
	wait_until is_told
	launch "$REF" "$ID" true
	ctr c rm "$ID"
	wait_until grep -q "/containers/delete.*\"$ID\"" "$OUT"
	on_host pkill -f '^ctr events' || :
	grep "\"$ID\"" "$OUT" | grep -o '/tasks/[a-z]*' >"$OUT.tasks"
	[[ $(<"$OUT.tasks") == $'/tasks/create\n/tasks/start\n/tasks/exit\n/tasks/delete' ]]
}

@test "a container that takes too much memory ends, and the shim has seen why" {
	need_cgroup memory
	on_host timeout 20 ctr events >"$OUT" 2>&1 &
	wait_until is_told
	run launch --rm --memory-limit 16777216 "$REF" "$ID" sh -c 'tail /dev/zero'
	assert_status 137
	wait_until grep -q "/tasks/oom.*$ID" "$OUT"
	on_host pkill -f '^ctr events' || :
}

@test "checkpoint: refused, and the container goes on" {
	run ctr task checkpoint long
	[[ $status != 0 ]]
	task_is long RUNNING
	[[ $(in_long long echo alive) == alive ]]
}

@test "a shim that is killed takes its container with it" {
	local pid shim
	launch -d "$REF" "$ID" sleep 1003
	pid=$(task_pid "$ID")
	shim=$(on_host pgrep -f "containerd-shim-runc-v2 .*-id $ID ")
	on_host kill -KILL "$shim"
	wait_until run ! on_host test -e "/proc/$pid"
	wait_until is_forgotten "$ID"
	wait_until on_host test ! -e "/run/containerd/runc/default/$ID"
}
is_forgotten() { [[ -z $(task_status "$1") ]]; }

@test "20 containers at once" {
	local i pids=()
	for i in {1..20}; do
		launch --rm "$REF" "$ID-$i" sh -c "echo out $i; exit $i" >"$OUT.$i" 2>&1 &
		pids+=($!)
	done
	for i in {1..20}; do
		wait "${pids[i - 1]}" || [[ $? == "$i" ]]
		[[ $(<"$OUT.$i") == "out $i" ]]
	done
	[[ $(ctr task ls -q) == long ]]
}

@test "containers live on without the daemon, and it finds them again" {
	local pid mine
	launch -d "$REF" "$ID" sh -c 'while [ ! -e /go ]; do usleep 20000; done; exit 11'
	pid=$(task_pid long) mine=$(task_pid "$ID")
	daemon_stop
	on_host kill -0 "$pid"
	on_host touch "/proc/$mine/root/go"
	daemon_start
	task_is long RUNNING
	[[ $(task_pid long) == "$pid" ]]
	[[ $(in_long long echo alive) == alive ]]
	wait_until task_is "$ID" STOPPED
	run ctr task rm "$ID"
	assert_output_has "exit code 11"
}
