#!/usr/bin/env bats
# update.bats - limits that are changed while the container runs

load helpers

is_v2() { [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; }

# limit CONTROLLER V1-FILE V2-FILE: what holds for the container.
limit() {
	local file=$2
	is_v2 && file=$3
	cat "$(cgroup_dir "$1" "$(container_pid)")/$file"
}

# assert_limit EXPECTED CONTROLLER V1-FILE V2-FILE
assert_limit() {
	local expected=$1 got
	shift
	got=$(limit "$@")
	[[ $got == "$expected" ]] || fail "$*: $got, not $expected"
}

memory() { assert_limit "$1" memory memory.limit_in_bytes memory.max; }
pids() { assert_limit "$1" pids pids.max pids.max; }
recorded() { jq -c ".linux.resources.$1" "$TEST_ROOT/$ID/config.json"; }

@test "update by options: sizes with units, numbers, lists" {
	need_cgroup memory
	need_cgroup pids
	need_cgroup cpu
	need_cgroup cpuset
	start_container
	gocker update --memory 64M --memory-reservation 32m --pids-limit 20 --cpu-quota 5000 \
		--cpu-period 50000 --cpuset-cpus 0 "$ID"
	memory 67108864
	assert_limit 33554432 memory memory.soft_limit_in_bytes memory.low
	pids 20
	assert_limit 0 cpuset cpuset.cpus cpuset.cpus
	if is_v2; then
		assert_limit "5000 50000" cpu "" cpu.max
	else
		assert_limit 5000 cpu cpu.cfs_quota_us ""
		assert_limit 50000 cpu cpu.cfs_period_us ""
	fi
	[[ $(recorded memory) == '{"limit":67108864,"reservation":33554432}' ]]
	[[ $(recorded pids.limit) == 20 ]]
	gocker update --pids-limit -1 --memory -1 --cpu-quota -1 "$ID"
	pids max
	[[ $(limit memory memory.limit_in_bytes memory.max) =~ ^(max|9223372036854771712)$ ]]
}

@test "update by a document: what is absent or zero stays" {
	need_cgroup memory
	need_cgroup pids
	config_edit '.linux.resources = {memory: {limit: 67108864}, pids: {limit: 30}}'
	start_container
	gocker update --resources - "$ID" <<<'{"pids": {"limit": 40}}'
	memory 67108864
	pids 40
	echo '{"memory": {"limit": 0, "swap": 0, "reservation": 0}, "cpu": {"shares": 0,
		"quota": 0, "period": 0, "cpus": "", "mems": ""}, "blockIO": {"weight": 0}}' \
		>"$BATS_TEST_TMPDIR/zeros"
	gocker update -r "$BATS_TEST_TMPDIR/zeros" "$ID"
	memory 67108864
	pids 40
	[[ $(recorded memory.limit) == 67108864 ]]
	[[ $(recorded pids.limit) == 40 ]]
	gocker exec "$ID" true
	gocker kill "$ID" KILL
}

@test "all or nothing: what was written before the failure is set back" {
	need_cgroup memory
	need_cgroup pids
	config_edit '.linux.resources = {memory: {limit: 67108864}, pids: {limit: 30}}'
	start_container
	run gocker update --memory 80M --pids-limit 50 --cpuset-cpus 4000 "$ID"
	assert_status 1
	assert_output_has "/linux/resources/cpu/cpus"
	memory 67108864
	pids 30
	[[ $(recorded memory.limit) == 67108864 ]]
}

@test "the limits hold" {
	need_cgroup pids
	start_container
	gocker update --pids-limit 3 "$ID"
	run gocker exec "$ID" sh -c 'sleep 1 & sleep 1 & sleep 1 & wait'
	[[ $status != 0 ]]
	assert_output_has "an't fork"
}

@test "what is wrong is refused in words" {
	start_container
	run gocker update --memory lots "$ID"
	assert_status 1
	assert_output_has '--memory: "lots" is no size'
	run gocker update --pids-limit 1x "$ID"
	assert_output_has '--pids-limit: "1x" is no number'
	run gocker update --cpuset-cpus '0"' "$ID"
	assert_output_has 'is no list'
	run gocker update --cpu-idle 2 "$ID"
	assert_status 1
	assert_output_has "/cpu/idle"
	run gocker update -r - "$ID" <<<'{"memory": {"limit": "1"}}'
	assert_status 1
	assert_output_has "standard input: /memory/limit: "
	run gocker update -r /nowhere "$ID"
	assert_output_has 'read "/nowhere"'
	run gocker update --l3-cache-schema L3:0=f "$ID"
	assert_status 1
	assert_output_has "Intel RDT"
	gocker kill "$ID" KILL
	wait_for_state stopped
	run gocker update --pids-limit 5 "$ID"
	assert_status 1
	assert_output_has "container not running"
}
