#!/usr/bin/env bats
# many.bats - commands on several containers or processes: kill --all, --regex, list

load helpers

bats_require_minimum_version 1.5.0

without_pid_namespace() {
	config_edit '.linux.namespaces |= map(select(.type != "pid"))'
}

# The container's processes: a shell and a child, which stays when the shell ends.
shell_with_child() { config_shell 'sleep 1000 & echo $! >/child; exec sleep 1001'; }
child_pid() { gocker ps -f json "$ID" | jq '.[]' | grep -v "^$(container_pid)$"; }

# Whoever inherits it may be slow to reap it.
is_dead() { [[ ! -e /proc/$1 ]] || grep -q '^State:.*[ZX]' "/proc/$1/status"; }

@test "kill KILL reaches all processes of a container without a pid namespace" {
	local child
	without_pid_namespace
	shell_with_child
	start_container
	wait_until child_pid
	child=$(child_pid)
	gocker kill "$ID" KILL
	wait_for_state stopped
	is_dead "$child"
	run gocker kill "$ID" KILL
	assert_status 1
	assert_output_has "container not running"
}

@test "what the first process has left can be killed, and --all is content with none" {
	local child
	without_pid_namespace
	config_shell 'sleep 1000 & echo $! >/child; sleep 0.2'
	start_container
	wait_for_state stopped
	child=$(gocker ps -f json "$ID" | jq '.[0]')
	[[ -d /proc/$child ]]
	run gocker kill "$ID" TERM
	assert_status 1
	assert_output_has "container not running"
	gocker kill --all "$ID" TERM
	wait_until is_dead "$child"
	gocker kill --all "$ID" KILL
	start_container "$ID-b"
	wait_for_state stopped "$ID-b"
	gocker kill "$ID-b" KILL
	[[ $(gocker ps -f json "$ID-b") == "[]" ]]
}

@test "kill --regex sends to all that match, and tells whom it could not reach" {
	start_container "$ID-a1"
	start_container "$ID-a2"
	start_container "$ID-b1"
	gocker kill --regex "^$ID-a[12]$" KILL
	wait_for_state stopped "$ID-a1"
	wait_for_state stopped "$ID-a2"
	[[ $(container_state "$ID-b1") == running ]]
	run gocker kill -r "$ID-(a1|b1)" KILL
	assert_status 1
	assert_output_has "warning: \"$ID-a1\": container not running"
	assert_output_has "failed for 1 of 2 containers"
	wait_for_state stopped "$ID-b1"
	gocker kill -r nothing KILL
	run gocker kill -r '(' KILL
	assert_status 1
	assert_output_has "no regular expression"
}

@test "delete --regex removes all that match" {
	create_container "$ID-a1"
	start_container "$ID-a2"
	create_container "$ID-b1"
	run gocker delete -r -- "-a[0-9]"
	assert_status 1
	assert_output_has "cannot delete container $ID-a2 that is not stopped: running"
	[[ $(gocker list -q) == "$ID-a2"$'\n'"$ID-b1" ]]
	gocker delete --force --regex "$ID"
	[[ -z $(gocker list -q) ]]
	"$GOCKER" --root "$BATS_TEST_TMPDIR/none" delete --force --regex .
}

@test "list shows what can be read, and warns of the rest" {
	create_container "$ID-a"
	create_container "$ID-b"
	mkdir -m 700 "$TEST_ROOT/foreign" "$TEST_ROOT/other" "$TEST_ROOT/fifo" "$TEST_ROOT/deep"
	mkfifo "$TEST_ROOT/fifo/state.json"
	chown 65534 "$TEST_ROOT/other"
	touch "$TEST_ROOT/file"
	ln -s "$ID-a" "$TEST_ROOT/link"
	printf '{"id": "x", "pid": 1' >"$TEST_ROOT/deep/state.json"
	run --separate-stderr gocker list -q
	assert_status 0
	[[ $output == "$ID-a"$'\n'"$ID-b" ]]
	# shellcheck disable=SC2154 # run sets it
	for dir in foreign other fifo deep; do
		grep -q "warning: list: \"$dir\" is left out: " <<<"$stderr" || fail "$dir: $stderr"
	done
	run --separate-stderr gocker --log /dev/null list -f json
	assert_status 0
	[[ -z $stderr && $(jq 'length' <<<"$output") == 2 ]]
	rm -rf "$TEST_ROOT"/{foreign,other,fifo,deep,file,link}
}

# A store of 600 that runs, has ended, cannot be read, or is half made or deleted.
make_crowd() {
	local i start dir status version='"ociVersion": "1.0.2"'
	sleep 1000 3>&- &
	crowd_pid=$!
	start=$(awk '{ print $22 }' "/proc/$crowd_pid/stat")
	mkdir -m 700 "$TEST_ROOT"
	for ((i = 0; i < 600; i++)); do
		dir=$TEST_ROOT/$ID-$i
		mkdir -m 700 "$dir"
		case $((i % 10)) in
		0) continue ;;
		1) printf '{"id": "x", "pid": 1' ;;
		2) printf '{%s, "id": "other", "status": "stopped", "bundle": "/"}' "$version" ;;
		*)
			status=stopped
			[[ $((i % 3)) != 0 ]] || status=running
			printf '{%s, "id": "%s", "status": "%s", "bundle": "/b/%d", ' "$version" \
				"$ID-$i" "$status" "$i"
			printf '"pid": %d, "startTime": %d}' "$crowd_pid" "$((start + i % 2))"
			;;
		esac >"$dir/state.json"
		[[ $((i % 10)) != 3 ]] || chmod 777 "$dir"
	done
}

@test "list of many says the same, in the same order, by one processor and by several" {
	local format
	make_crowd
	for format in json table; do
		run --separate-stderr gocker list -f "$format"
		assert_status 0
		printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/$format"
		# shellcheck disable=SC2154 # run sets it
		printf '%s\n' "$stderr" >"$BATS_TEST_TMPDIR/warnings"
		[[ $(wc -l <"$BATS_TEST_TMPDIR/warnings") == 240 ]]
		[[ $(cut -d '"' -f 2 "$BATS_TEST_TMPDIR/warnings" | uniq) == "$(printf '%s\n' \
			"$ID"-{0..599} | grep '[0123]$' | LC_ALL=C sort)" ]]
		run --separate-stderr taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')" \
			"$GOCKER" --root "$TEST_ROOT" list -f "$format"
		assert_status 0
		diff "$BATS_TEST_TMPDIR/$format" - <<<"$output"
		diff "$BATS_TEST_TMPDIR/warnings" - <<<"$stderr"
	done
	[[ $(jq -r '.[].id' "$BATS_TEST_TMPDIR/json") == "$(printf '%s\n' "$ID"-{0..599} |
		grep '[4-9]$' | LC_ALL=C sort)" ]]
	# Of those that should run every other one was started at another time.
	[[ $(jq '[.[] | select(.status == "running" and .pid != 0)] | length' \
		"$BATS_TEST_TMPDIR/json") == 60 ]]
	jq -e 'all(.bundle == "/b/" + (.id | split("-")[-1]))' "$BATS_TEST_TMPDIR/json"
	rm -r "$TEST_ROOT"
	kill "$crowd_pid"
}

# In list each container is looked at in another way than in state, unless more has to be asked.
@test "list tells of each container what state tells" {
	local id
	create_container "$ID-created"
	start_container "$ID-running"
	start_container "$ID-stopped"
	gocker kill "$ID-stopped" KILL
	wait_for_state stopped "$ID-stopped"
	# Another process has the number, as far as anybody can tell.
	start_container "$ID-reused"
	sed -i 's/"startTime":[0-9]*/"startTime":1/; s/"pidInode":[0-9]*/"pidInode":1/' \
		"$TEST_ROOT/$ID-reused/state.json"
	# A start that was killed, before and after the program began.
	create_container "$ID-waits"
	chmod +t "$TEST_ROOT/$ID-waits"
	start_container "$ID-runs"
	sed -i 's/"running"/"created"/' "$TEST_ROOT/$ID-runs/state.json"
	chmod +t "$TEST_ROOT/$ID-runs"
	# One that was killed in create.
	mkdir -m 700 "$TEST_ROOT/$ID-creating"
	sed "s/\"created\",/\"creating\",/; s/$ID-created/$ID-creating/" \
		"$TEST_ROOT/$ID-created/state.json" |
		sed 's/"pid":[0-9]*/"pid":0/' >"$TEST_ROOT/$ID-creating/state.json"
	# A state that is long.
	config_edit '.annotations = ([range(2000) | {key: "org.example.\(.)", value: "x"}] |
		from_entries)'
	start_container "$ID-long"
	gocker list -f json >"$BATS_TEST_TMPDIR/list"
	[[ $(jq -r --arg id "$ID-" '.[] | (.id | ltrimstr($id)) + " " + .status' \
		"$BATS_TEST_TMPDIR/list" | xargs) == "created created creating creating \
long running reused stopped running running runs running stopped stopped waits created" ]]
	for id in $(gocker list -q); do
		diff <(jq -S --arg id "$id" '.[] | select(.id == $id) | del(.owner)' \
			"$BATS_TEST_TMPDIR/list") \
			<(gocker state "$id" | jq -S 'del(.owner) | .annotations //= {}')
	done
}

# state_edit ID FILTER
state_edit() {
	jq -c "$2" <"$TEST_ROOT/$1/state.json" >"$OUT"
	cp "$OUT" "$TEST_ROOT/$1/state.json"
}

# listed ID: its status and pid in list
listed() { gocker list -f json | jq -r ".[] | select(.id == \"$1\") | .status, .pid" | xargs; }

# Before Linux 6.16 a pidfd tells too little, and 32 bits cannot hold its inode.
need_pid_inode() {
	[[ $(getconf LONG_BIT) == 64 ]] || skip "not on 32 bits"
	printf '%s\n' 6.16 "$(uname -r)" | sort -CV || skip "needs Linux 6.16"
}

@test "list knows the process by the inode of its pidfd" {
	local pid runner
	need_pid_inode
	create_container
	[[ $(jq -r .bootId "$TEST_ROOT/$ID/state.json") == "$(</proc/sys/kernel/random/boot_id)" ]]
	pid=$(container_pid)
	# The time of the start is not asked: it would say that this is another process.
	state_edit "$ID" '.startTime = 1'
	[[ $(listed "$ID") == "created $pid" && $(container_state) == stopped ]]
	gocker delete "$ID"
	start_container "$ID-a"
	pid=$(container_pid "$ID-a")
	state_edit "$ID-a" '.startTime = 1'
	[[ $(listed "$ID-a") == "running $pid" ]]
	kill -KILL "$pid"
	wait_until is_gone "$pid"
	[[ $(listed "$ID-a") == "stopped 0" ]]
	# A zombie, as run does not wait for it.
	"$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID-b" </dev/null >/dev/null 2>&1 3>&- &
	runner=$!
	wait_for_state running "$ID-b"
	pid=$(container_pid "$ID-b")
	[[ $(listed "$ID-b") == "running $pid" ]]
	kill -STOP "$runner"
	kill -KILL "$pid"
	wait_until grep -q '^State:.*Z' "/proc/$pid/status" || kill -CONT "$runner"
	run listed "$ID-b"
	kill -CONT "$runner"
	wait "$runner" || [[ $? == 137 ]]
	[[ $output == "stopped 0" ]]
}

@test "list knows the process by its start where the inode is none, another's or of another boot" {
	local edit other
	start_container "$ID-a"
	start_container "$ID-b"
	other=$(jq '.pidInode // 1' "$TEST_ROOT/$ID-b/state.json")
	cp "$TEST_ROOT/$ID-a/state.json" "$BATS_TEST_TMPDIR/kept"
	for edit in 'del(.pidInode, .bootId)' 'del(.pidInode)' 'del(.bootId)' '.pidInode = 0' \
		'.pidInode = 1' ".pidInode = $other" '.bootId = ""' \
		'.bootId = "00000000-0000-4000-8000-000000000000"' \
		'.bootId |= (. // "")[:-1]' '.bootId |= (. // "") + "0"'; do
		cp "$BATS_TEST_TMPDIR/kept" "$TEST_ROOT/$ID-a/state.json"
		state_edit "$ID-a" "$edit"
		[[ $(listed "$ID-a") == "running $(container_pid "$ID-a")" ]] || fail "$edit"
		# The other one is still known, whatever was asked first.
		[[ $(listed "$ID-b") == "running $(container_pid "$ID-b")" ]] || fail "$edit"
		state_edit "$ID-a" '.startTime = 1'
		[[ $(listed "$ID-a") == "stopped 0" ]] || fail "$edit, another start"
	done
	cp "$BATS_TEST_TMPDIR/kept" "$TEST_ROOT/$ID-a/state.json"
}

@test "list in another pid namespace takes no process there for the container's" {
	start_container
	state_edit "$ID" '.pid = 1'
	run unshare --pid --fork --mount-proc "$GOCKER" --root "$TEST_ROOT" list -f json
	assert_status 0
	[[ $(jq -r '.[] | .status, .pid' <<<"$output" | xargs) == "stopped 0" ]]
}

# The second one may have been killed in start: it is looked at in the other way.
@test "list shows a state that says no more than it must" {
	local state='"ociVersion": "1.0.2", "bundle": "/b"' pid
	mkdir -m 700 "$TEST_ROOT" "$TEST_ROOT/$ID-a" "$TEST_ROOT/$ID-b"
	echo "{$state, \"id\": \"$ID-a\", \"status\": \"running\"}" >"$TEST_ROOT/$ID-a/state.json"
	sleep 1000 3>&- &
	pid=$!
	echo "{$state, \"id\": \"$ID-b\", \"status\": \"created\", \"pid\": $pid, \"startTime\": $(
		awk '{ print $22 }' "/proc/$pid/stat")}" >"$TEST_ROOT/$ID-b/state.json"
	chmod +t "$TEST_ROOT/$ID-b"
	run gocker list
	assert_status 0
	[[ ${lines[1]} =~ ^$ID-a\ +0\ +stopped\ +/b\ +root$ ]]
	[[ ${lines[2]} =~ ^$ID-b\ +$pid\ +running\ +/b\ +root$ ]]
	[[ $(gocker list -f json | jq -c 'map(.created + .rootfs)') == '["",""]' ]]
}

@test "list's table is runc's" {
	start_container
	run gocker list
	[[ ${lines[0]} =~ ^ID\ +PID\ +STATUS\ +BUNDLE\ +CREATED\ +OWNER$ ]]
	[[ ${lines[1]} =~ ^$ID\ +[0-9]+\ +running\ +$BUNDLE\ +20[0-9T:.-]+Z\ +root$ ]]
	[[ $(gocker list -f json | jq -c '.[] | [.id, .status, .bundle, .owner, .ociVersion]') == \
		"[\"$ID\",\"running\",\"$BUNDLE\",\"root\",\"1.3.0\"]" ]]
	[[ $("$GOCKER" --root "$BATS_TEST_TMPDIR/none" list -f json) == "[]" ]]
	run gocker list -f yaml
	assert_status 1
}

@test "ps takes arguments of ps(1)" {
	need_command ps
	start_container
	run gocker ps "$ID"
	[[ ${lines[0]} == *PID* && ${lines[1]} == *"sleep 1000" && ${#lines[@]} == 2 ]]
	run gocker ps "$ID" -o pid,args
	[[ ${lines[1]} =~ ^\ *$(container_pid)\ sleep\ 1000$ ]]
	run gocker ps "$ID" -o args
	assert_status 1
	assert_output_has "couldn't find PID field in ps output"
	[[ $(gocker ps --format json "$ID") == "[$(container_pid)]" ]]
}

@test "without a cgroup manager the container stays in the caller's cgroup" {
	local own
	own=$(grep -v cpuset /proc/self/cgroup)
	config_edit '.linux.resources.pids.limit = 5'
	gocker --cgroup-manager disabled create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	gocker start "$ID"
	[[ $(grep -v cpuset "/proc/$(container_pid)/cgroup") == "$own" ]]
	gocker exec "$ID" ls /sys/fs/cgroup
	[[ $(gocker ps -f json "$ID") == "[$(container_pid)]" ]]
	run gocker pause "$ID"
	assert_status 1
	assert_output_has "no cgroup"
	gocker kill --all "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
}
