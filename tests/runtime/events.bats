#!/usr/bin/env bats
# events.bats - what a container uses, as JSON

load helpers

stats() { gocker events --stats "$ID"; }

@test "events --stats prints one line that has what the cgroup has counted" {
	need_cgroup memory
	need_cgroup pids
	local line
	config_edit '.linux.resources = {memory: {limit: 67108864}, pids: {limit: 30}}'
	config_shell 'i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done; echo $$ >/done; sleep 99'
	start_container
	wait_until 10 test -e "$BUNDLE/rootfs/done"
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
