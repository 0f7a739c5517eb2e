#!/usr/bin/env bats
# events.bats - what a container uses, as JSON

load helpers

setup_test() { RUNC_ROOT=$BATS_TEST_TMPDIR/runc; }

stats() { gocker events --stats "$ID"; }

@test "events --stats prints one line that has what the cgroup has counted" {
	need_cgroup memory
	need_cgroup pids
	local line
	config_edit '.linux.resources = {memory: {limit: 67108864}, pids: {limit: 30},
		cpu: {mems: "0"}}'
	config_shell 'i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done; echo $$ >/done; sleep 99'
	start_container
	wait_until test -e "$BUNDLE/rootfs/done"
	line=$(stats)
	[[ $(wc -l <<<"$line") == 1 ]]
	jq -e --arg id "$ID" '.type == "stats" and .id == $id and (.data |
		.memory.usage.limit == 67108864 and .memory.usage.usage > 0 and
		.memory.usage.max >= .memory.usage.usage and .memory.usage.failcnt == 0 and
		(.memory.raw | length) > 10 and (.memory | has("swap") and has("kernel")) and
		.pids.limit == 30 and .pids.current >= 1 and
		.cpu.usage.total > 1000000 and .cpu.usage.user + .cpu.usage.kernel > 0 and
		(.cpu | has("throttling")) and (.blkio | type) == "object" and
		(.hugetlb | type) == "object" and (.cpuset.cpus | length) > 0 and
		([.network_interfaces[].Name] | index("lo") != null))' <<<"$line" ||
		fail "$line"
}

@test "the numbers are those of the files" {
	need_cgroup cpuacct
	[[ -d /sys/fs/cgroup/cpuacct ]] || skip "cgroup v2"
	start_container
	local dir
	dir=$(cgroup_dir cpuacct "$(container_pid)")
	gocker pause "$ID"
	[[ $(stats | jq .data.cpu.usage.total) == $(<"$dir/cpuacct.usage") ]]
	[[ $(stats | jq -r '.data.cpu.usage.percpu | join(" ")') == \
		$(sed 's/ *$//' "$dir/cpuacct.usage_percpu") ]]
	dir=$(cgroup_dir memory "$(container_pid)")
	[[ $(stats | jq -r '.data.memory.raw | keys_unsorted[]') == \
		$(cut -d' ' -f1 "$dir/memory.stat") ]]
	[[ ! -e /sys/fs/cgroup/unified/cgroup.procs ]] ||
		[[ $(stats | jq .data.cpu.psi.some.total) =~ ^[0-9]+$ ]]
}

@test "events prints a line in each interval until the container ends" {
	config_args sleep 1
	start_container
	gocker events --interval 200ms "$ID" >"$OUT"
	[[ $(jq -s 'length > 1 and all(.type == "stats")' "$OUT") == true ]]
	wait_for_state stopped
	run gocker events --stats "$ID"
	assert_status 1
	assert_output_has "is not running"
	run gocker events --interval 5 "$ID"
	assert_status 1
	assert_output_has '--interval: "5" is no time'
	run gocker events --interval 0s "$ID"
	assert_status 1
}

@test "a created and a paused container are told of, too" {
	create_container
	gocker events --interval 100ms "$ID" >"$OUT.lines" 3>&- &
	wait_until test -s "$OUT.lines"
	gocker start "$ID"
	gocker pause "$ID"
	: >"$OUT.lines"
	wait_until test -s "$OUT.lines"
	gocker resume "$ID"
	gocker delete --force "$ID"
	wait $!
}

# The container's own process lives on: what it starts again and again is killed.
@test "an oom line tells of a kill as it happens, to every watcher" {
	need_cgroup memory
	config_edit '.linux.resources.memory = {limit: 33554432}'
	config_shell 'while :; do test -e /go && tail /dev/zero; sleep 0.2; done 2>/dev/null'
	start_container
	gocker events --interval 1h "$ID" >"$OUT.1" 3>&- &
	local first=$!
	gocker events --interval 1h "$ID" >"$OUT.2" 3>&- &
	sleep 0.3
	[[ ! -s $OUT.1 ]]
	touch "$BUNDLE/rootfs/go"
	wait_until test -s "$OUT.1"
	wait_until test -s "$OUT.2"
	[[ $(container_state) == running ]]
	gocker kill "$ID" KILL
	wait $first
	wait $!
	jq -e -s --arg id "$ID" 'all(. == {type: "oom", id: $id})' "$OUT.1" "$OUT.2" ||
		fail "$(cat "$OUT.1")"
}

@test "the kill that ends the container is told before events ends" {
	need_cgroup memory
	config_edit '.linux.resources.memory = {limit: 33554432}'
	config_shell 'until test -e /go; do sleep 0.1; done; exec tail /dev/zero'
	start_container
	gocker events --interval 1h "$ID" >"$OUT.lines" 3>&- &
	sleep 0.3
	touch "$BUNDLE/rootfs/go"
	wait $!
	[[ $(<"$OUT.lines") == '{"type":"oom","id":"'$ID'"}' ]]
	is_in_state "$ID" stopped
}

@test "events ends quietly when nobody reads it any more" {
	start_container
	timeout 10 "$GOCKER" --root "$TEST_ROOT" events --interval 1h "$ID" 2>"$OUT.err" |
		true
	[[ ${PIPESTATUS[0]} == 0 ]]
	timeout 10 "$GOCKER" --root "$TEST_ROOT" events --interval 100ms "$ID" 2>>"$OUT.err" |
		head -n 1 >"$OUT.lines"
	[[ ${PIPESTATUS[0]} == 0 ]]
	[[ ! -s $OUT.err ]]
	[[ $(wc -l <"$OUT.lines") == 1 ]]
}

# runc_has_a_neighbour: a container of runc beside ours. It comes before anything is counted, as it
# may enable controllers for both.
runc_has_a_neighbour() {
	config_edit --arg path "/gocker-test/$ID-runc" '.linux.cgroupsPath = $path'
	runc --root "$RUNC_ROOT" run -d -b "$BUNDLE" "$ID-runc" </dev/null >"$OUT" 2>&1 3>&-
}

# runc_reads_ours: prints what runc says of the cgroup of our container, to which the state file of
# its own is led for that.
runc_reads_ours() {
	local state=$RUNC_ROOT/$ID-runc/state.json own=$BATS_TEST_TMPDIR/own.json
	cp "$state" "$own"
	jq '.cgroup_paths |= map_values(sub("-runc$"; ""))' "$own" >"$state"
	runc --root "$RUNC_ROOT" events --stats "$ID-runc"
	cp "$own" "$state"
}

# Each of its figures is between two of ours; memory goes on moving a little while nothing runs.
@test "the keys and figures are those of runc for the same cgroup" {
	need_command runc
	config_edit --arg path "/gocker-test/$ID" '.linux.cgroupsPath = $path |
		.linux.resources = {memory: {limit: 67108864}, pids: {limit: 30},
			cpu: {quota: 50000, period: 100000}}'
	config_shell 'i=0; while [ $i -lt 10000 ]; do i=$((i + 1)); done; sync; echo >/done
		sleep 99 & sleep 99'
	start_container
	wait_until test -e "$BUNDLE/rootfs/done"
	gocker pause "$ID"
	runc_has_a_neighbour
	stats >"$OUT.before"
	runc_reads_ours >"$OUT.runc"
	stats >"$OUT.after"
	jq -e -n --slurpfile runc "$OUT.runc" --slurpfile before "$OUT.before" \
		--slurpfile after "$OUT.after" '
		$runc[0].data as $theirs |
		[$theirs | paths(scalars) | select(.[0] != "network_interfaces")] |
		map(. as $at | {$at, theirs: ($theirs | getpath($at)),
			mine: [($before[0], $after[0]).data | getpath($at)],
			slack: (if $at[0] == "memory" then 1048576 else 0 end)}) |
		(if length < 20 then ["too few"] else [] end) +
			map(select((.mine | index([null])) or
				(.theirs | type) != "number" and .mine != [.theirs, .theirs] or
				(.theirs | type) == "number" and
					(.theirs < (.mine | min) - .slack or
					 .theirs > (.mine | max) + .slack))) |
		if . == [] then true else debug | false end' ||
		fail "$(cat "$OUT.runc" "$OUT.before" "$OUT.after")"
	[[ $(jq .data.cpu.usage.total "$OUT.before") -gt 10000000 ]]
}

teardown_test() {
	[[ ! -d $RUNC_ROOT ]] ||
		runc --root "$RUNC_ROOT" delete --force "$ID-runc" || true
	rmdir /sys/fs/cgroup/{,*/}gocker-test 2>/dev/null || true
}
