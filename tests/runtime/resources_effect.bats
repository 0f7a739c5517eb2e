#!/usr/bin/env bats
# resources_effect.bats - limits act, also those of an update; what is refused changes nothing

load helpers

setup_test() {
	PROBE=${TEST_BUILD-$BATS_TEST_DIRNAME/../../build}/tests/runtime/device_probe
}

# Those that were made where the host looked like another one.
teardown_test() {
	local id
	for id in $(gocker list -q); do
		on_pure_v2 "$GOCKER" --root "$TEST_ROOT" delete --force "$id"
	done
}

is_v2() { [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; }
need_v2() { is_v2 || skip "the host has not cgroup v2 alone"; }
need_v1() { ! is_v2 || skip "the host has cgroup v2 alone"; }
need_probe() { [[ -x $PROBE ]] || skip "make check builds device_probe"; }

# v2_dir: of the container, whatever the host calls the hierarchy.
v2_dir() {
	local mount=/sys/fs/cgroup
	is_v2 || mount+=/unified
	echo "$mount$(sed -n 's/^0:://p' "/proc/$(container_pid)/cgroup")"
}

# update_to JSON
update_to() { gocker update -r - "$ID" <<<"$1"; }

# refuse_update JSON TEXT...
refuse_update() {
	local text
	run update_to "$1"
	assert_status 1
	for text in "${@:2}"; do
		assert_output_has "$text"
	done
}

# limits: what all files of the container's cgroup have that limits are written to. (Huge pages and,
# on v2, disks have no files until somebody limits them, and then words for no limit.)
limits() {
	local controller
	for controller in memory cpu cpuset pids blkio devices hugetlb; do
		(
			cd "$(cgroup_dir "$controller" "$(container_pid)")" || exit
			grep -s . memory.{limit_in_bytes,memsw.limit_in_bytes,max,swap.max,low} \
				memory.{soft_limit_in_bytes,high,swappiness,oom_control} \
				cpu.{shares,weight,idle,max,max.burst,rt_runtime_us,rt_period_us} \
				cpu.cfs_{quota,period,burst}_us pids.max \
				cpuset.{effective_{cpus,mems},{cpus,mems}.effective} \
				devices.list blkio.throttle.*_device {blkio,io}.bfq.weight \
				io.{weight,max} hugetlb.*.max
		) || :
	done | sed '/hugetlb.*:\(max\|9223372036854771712\)$/d; /io.*weight:default 100$/d' |
		sort -u
}

@test "an update that is refused at its end has changed nothing" {
	local before numbers=() device
	device=$(cat /sys/block/{nullb,vd,sd,nvme,loop}*/dev 2>/dev/null | head -n 1)
	[[ -z $device ]] || numbers=("${device%:*}" "${device#*:}")
	config_edit '.linux.resources = {
		"memory": {"limit": 67108864, "reservation": 33554432},
		"cpu": {"shares": 512, "quota": 25000, "period": 50000, "mems": "0"},
		"pids": {"limit": 20}}'
	start_container
	before=$(limits)
	cp "$TEST_ROOT/$ID/config.json" "$BATS_TEST_TMPDIR/recorded"
	refuse_update "$(jq -n '{
		"memory": {"limit": 134217728, "swap": 268435456, "reservation": -1},
		"cpu": {"shares": 2048, "quota": 40000, "period": 40000, "burst": 10000, "idle": 1,
			"cpus": "0", "mems": "0"},
		"pids": {"limit": 50}, "blockIO": (if $ARGS.positional == [] then {} else
			($ARGS.positional | map(tonumber)) as [$major, $minor] |
			{"throttleReadBpsDevice": [{$major, $minor, "rate": 1048576}]} end),
		"hugepageLimits": [{"pageSize": "2MB", "limit": 4194304},
			{"pageSize": "3MB", "limit": 0}]}' --args "${numbers[@]}")" \
		"/linux/resources/hugepageLimits" 3MB
	diff <(echo "$before") <(limits)
	cmp "$TEST_ROOT/$ID/config.json" "$BATS_TEST_TMPDIR/recorded"
	# and what was set back can be set again
	update_to '{"cpu": {"idle": 1}, "memory": {"limit": 134217728}, "pids": {"limit": 50}}'
	[[ $(limits) == *pids.max:50* ]]
}

@test "memory and swap, quota and period are raised and lowered together" {
	need_cgroup memory
	need_cgroup cpu
	config_edit '.linux.resources = {"memory": {"limit": 67108864, "swap": 67108864},
		"cpu": {"quota": 10000, "period": 20000, "burst": 10000}}'
	start_container
	update_to '{"memory": {"limit": 268435456, "swap": 536870912},
		"cpu": {"quota": 100000, "period": 200000, "burst": 100000}}'
	[[ $(limits) =~ memory.(limit_in_bytes|max):268435456 ]]
	update_to '{"memory": {"limit": 33554432, "swap": 67108864},
		"cpu": {"quota": 5000, "period": 10000, "burst": 1000}}'
	[[ $(limits) =~ memory.(limit_in_bytes|max):33554432 ]]
	[[ $(limits) =~ memory.(memsw.limit_in_bytes:67108864|swap.max:33554432) ]]
	[[ $(limits) =~ cpu.(cfs_quota_us:5000|max:5000\ 10000) ]]
}

@test "memory: the limit of an update kills a hog" {
	need_cgroup memory
	config_shell 'while [ ! -e /go ]; do sleep 0.1; done; exec tail /dev/zero'
	start_container
	gocker update --memory 32M --memory-swap 32M "$ID"
	touch "$BUNDLE/rootfs/go"
	wait_until is_in_state "$ID" stopped
}

@test "cpu: the quota and the processors of an update hold" {
	need_cgroup cpu
	need_cgroup cpuset
	config_shell 'while :; do :; done'
	start_container
	gocker update --cpu-quota 10000 --cpu-period 100000 --cpuset-cpus 0 "$ID"
	[[ $(gocker exec "$ID" nproc) == 1 ]]
	local ticks time
	ticks=$(awk '{ print $14 + $15 }' "/proc/$(container_pid)/stat")
	time=${EPOCHREALTIME/[.,]/}
	sleep 1
	ticks=$(($(awk '{ print $14 + $15 }' "/proc/$(container_pid)/stat") - ticks))
	time=$(((${EPOCHREALTIME/[.,]/} - time) / 10000))
	# ticks are 10 ms as well: a tenth of the time, and some for what is between the lines
	((ticks <= time / 5)) || fail "got $ticks of $time"
}

@test "freezer: nothing runs while it is paused, not even after an update" {
	config_shell 'while :; do echo step; sleep 0.01; done >/steps'
	start_container
	steps() { stat -c %s "$BUNDLE/rootfs/steps"; }
	has_more() { (($(steps) > before)); }
	local before=0
	wait_until has_more
	gocker pause "$ID"
	before=$(steps)
	gocker update --pids-limit 20 "$ID"
	update_to '{"devices": [{"allow": true}]}'
	[[ $(container_state) == paused ]]
	sleep 0.2
	[[ $(steps) == "$before" ]]
	gocker resume "$ID"
	wait_until has_more
}

# rules ACCESS...: of the device that the container can open, behind so many others that to write
# them one by one takes its time.
rules() {
	jq -nc '{"devices": ([{"allow": false, "access": "rwm"}] +
		[range(300) |
			{"allow": true, "type": "c", "major": 240, "minor": ., "access": "r"}] +
		[$ARGS.positional[] |
			{"allow": true, "type": "c", "major": 1, "minor": 10, "access": .}])}' \
		--args "$@"
}

# Rules in turn: the container can always open one device, never the other.
watch_devices() {
	local on=$1 i one other
	one=$(rules r)
	other=$(rules rw m)
	cp "$PROBE" "$BUNDLE/rootfs/device_probe"
	config_edit --argjson rules "$one" '.linux.devices = [
		{"path": "/dev/allowed", "type": "c", "major": 1, "minor": 10},
		{"path": "/dev/denied", "type": "c", "major": 1, "minor": 6}] |
		.linux.resources = $rules'
	config_args /device_probe watch /dev/allowed /dev/denied /surprises
	$on "$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	gocker start "$ID"
	wait_until test -s "$BUNDLE/rootfs/surprises"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		$on "$GOCKER" --root "$TEST_ROOT" update -r - "$ID" <<<"$other"
		$on "$GOCKER" --root "$TEST_ROOT" update -r - "$ID" <<<"$one"
	done
	sort "$BUNDLE/rootfs/surprises" | uniq -c >"$OUT"
	[[ $(wc -l <"$OUT") == 1 ]] || fail "$(cat "$OUT")"
}

@test "devices: an update replaces the rules, and there is no moment without" {
	need_probe
	watch_devices ""
	[[ $(jq '.linux.resources.devices | length' "$TEST_ROOT/$ID/config.json") == 302 ]]
	# another default, and back
	update_to '{"devices": [{"allow": true}]}'
	wait_until grep -q /dev/denied "$BUNDLE/rootfs/surprises"
	update_to '{"devices": []}'
	run gocker exec "$ID" sh -c ': </dev/allowed'
	assert_output_has "peration not permitted"
	gocker exec "$ID" sh -c ': </dev/null'
}

@test "devices: the same with cgroup v2" {
	need_v1
	need_probe
	watch_devices on_pure_v2
	on_pure_v2 "$GOCKER" --root "$TEST_ROOT" delete --force "$ID"
}

@test "devices: with no such key in the document nothing changes" {
	need_cgroup pids
	config_edit '.linux.resources.devices = [{"allow": false, "access": "rwm"},
		{"allow": true, "type": "c", "major": 1, "minor": 11, "access": "r"}]'
	start_container
	update_to '{"pids": {"limit": 20}}'
	[[ $(jq '.linux.resources.devices | length' "$TEST_ROOT/$ID/config.json") == 2 ]]
	[[ ! -e $(cgroup_dir devices "$(container_pid)")/devices.list ]] ||
		grep -q "c 1:11 r" "$(cgroup_dir devices "$(container_pid)")/devices.list"
}

@test "devices: programs that others have attached stay beside ours (v2)" {
	need_probe
	local on=on_pure_v2 dir
	config_edit '.linux.resources = {"devices": [{"allow": false, "access": "rwm"}]}'
	$on "$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	dir=$(v2_dir)
	[[ $("$PROBE" list "$dir") == gocker_devices ]]
	"$PROBE" attach "$dir" multi
	$on "$GOCKER" --root "$TEST_ROOT" update -r - "$ID" <<<'{"devices": [
		{"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rwm"}]}'
	[[ $("$PROBE" list "$dir" | sort | xargs) == "gocker_devices somebody" ]]
	# all is allowed: no program is needed
	$on "$GOCKER" --root "$TEST_ROOT" update -r - "$ID" <<<'{"devices": [{"allow": true}]}'
	[[ $("$PROBE" list "$dir") == somebody ]]
	$on "$GOCKER" --root "$TEST_ROOT" update -r - "$ID" <<<'{"devices": []}'
	[[ $("$PROBE" list "$dir" | sort | xargs) == "gocker_devices somebody" ]]
	$on "$GOCKER" --root "$TEST_ROOT" delete --force "$ID"
}

@test "devices: a program that stands alone in a cgroup that was there is replaced (v2)" {
	need_probe
	local on=on_pure_v2 dir=/sys/fs/cgroup
	is_v2 || dir+=/unified
	mkdir "$dir/$ID-there"
	"$PROBE" attach "$dir/$ID-there" alone
	config_edit --arg path "/$ID-there" '.linux.cgroupsPath = $path |
		.linux.resources = {"devices": [{"allow": false, "access": "rwm"}]}'
	$on "$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	[[ $("$PROBE" list "$dir/$ID-there") == gocker_devices ]]
	$on "$GOCKER" --root "$TEST_ROOT" delete --force "$ID"
}

@test "devices: what v1 cannot express is refused, and the limits beside it are set back" {
	need_v1
	need_cgroup pids
	start_container
	local before
	before=$(limits)
	refuse_update '{"pids": {"limit": 20}, "devices": [{"allow": false},
		{"allow": true, "type": "c", "major": 1}, {"allow": false, "type": "c", "major": 1,
		"minor": 11}]}' /linux/resources/devices "exception"
	diff <(echo "$before") <(limits)
}

# The weights are BFQ's where that is loaded.
@test "blockIO: weights of a disk go to its scheduler, and no update of another takes one away" {
	local disk=/sys/block/nullb0 device
	modprobe -q bfq && modprobe -q null_blk || skip "no modules null_blk and bfq"
	[[ -e $disk ]] || skip "no null_blk device"
	echo bfq >"$disk/queue/scheduler"
	device=$(cat "$disk/dev")
	config_edit --argjson major "${device%:*}" --argjson minor "${device#*:}" '
		.linux.resources.blockIO = {"weight": 200,
			"weightDevice": [{$major, $minor, "weight": 250}]}'
	start_container
	local file
	file=$(cgroup_dir blkio "$(container_pid)")/blkio.bfq.weight_device
	! is_v2 || file=$(v2_dir)/io.bfq.weight
	grep -Fx "default 200" "$file"
	grep -Fx "$device 250" "$file"
	gocker update --blkio-weight 300 "$ID"
	grep -Fx "default 300" "$file"
	grep -Fx "$device 250" "$file"
	refuse_update '{"blockIO": {"weight": 400}, "pids": {"limit": 5},
		"unified": {"no.such": "1"}}' no.such
	grep -Fx "default 300" "$file"
	grep -Fx "$device 250" "$file"
	echo none >"$disk/queue/scheduler"
}

@test "cpuset: a partition is made, and what keeps it from being one is said (v2)" {
	need_v2
	(($(nproc) > 1)) || skip "one processor"
	config_edit --arg path "/$ID" '.linux.cgroupsPath = $path | .linux.resources.unified = {
		"cpuset.cpus": "1", "cpuset.cpus.partition": "root"}'
	start_container
	[[ $(cat "$(v2_dir)/cpuset.cpus.partition") == root ]]
	update_to '{"unified": {"cpuset.cpus.partition": "member"}}'
	[[ $(cat "$(v2_dir)/cpuset.cpus.partition") == member ]]
	gocker delete --force "$ID"
	config_edit --arg path "/$ID/below" '.linux.cgroupsPath = $path'
	create_container
	if [[ $(cat "$(v2_dir)/cpuset.cpus.partition") == *invalid* ]]; then
		grep "cpuset.cpus.partition: root invalid (" "$OUT"
	fi
}

# refused JSON TEXT: create refuses the resources with this and leaves nothing behind; so does
# update, which leaves what was.
refused() {
	config_edit --argjson resources "$1" '.linux.resources = $resources'
	assert_refused "$2"
	[[ $output == */linux/resources/* ]] || fail "no place in: $output"
	[[ -z $(find /sys/fs/cgroup -maxdepth 3 -name "*$ID") ]] || fail "a cgroup is left"
}

@test "what is refused is named, and nothing is left" {
	refused '{"memory": {"limit": -5}}' /memory/limit
	refused '{"memory": {"limit": 67108864, "swap": 33554432}}' /memory/swap
	refused '{"memory": {"swappiness": 101}}' /memory/swappiness
	refused '{"cpu": {"quota": 5}}' /cpu/quota
	refused '{"cpu": {"period": 5}}' /cpu/
	refused '{"cpu": {"quota": 10000, "burst": 20000}}' /cpu/burst
	refused '{"cpu": {"idle": 2}}' /cpu/idle
	refused '{"cpu": {"cpus": "4000"}}' /cpu/cpus
	refused '{"cpu": {"mems": "60"}}' /cpu/mems
	refused '{"pids": {"limit": 1.5}}' /pids/limit
	refused '{"blockIO": {"leafWeight": 100}}' /blockIO
	refused '{"blockIO": {"weight": 1001}}' /blockIO/weight
	refused '{"blockIO": {"throttleReadBpsDevice": [
		{"major": 4000, "minor": 1, "rate": 1}]}}' /blockIO
	refused '{"hugepageLimits": [{"pageSize": "3MB", "limit": 0}]}' 3MB
	refused '{"rdma": {"none0": {"hcaHandles": 1}}}' /rdma
	refused '{"network": {"priorities": [{"name": "nosuch0", "priority": 1}]}}' /network
	refused '{"unified": {"nonsense.max": "1"}}' /unified/nonsense.max
	refused '{"unified": {"hugetlb.nonsense": "1"}}' /unified/hugetlb.nonsense
	refused '{"unified": {"cgroup.freeze": "1"}}' /unified/cgroup.freeze
	refused '{"devices": [{"allow": true, "type": "x"}]}' /devices/0/type
}

@test "what only one version has is refused by the other" {
	if is_v2; then
		refused '{"memory": {"swappiness": 10}}' "cgroup v2 has no such limit"
		refused '{"memory": {"disableOOMKiller": true}}' "cgroup v2 has no such limit"
		refused '{"cpu": {"realtimeRuntime": 900}}' "cgroup v2 has no such limit"
		refused '{"cpu": {"realtimePeriod": 900}}' "cgroup v2 has no such limit"
		refused '{"network": {"classID": 1}}' "cgroup v2 has no such limit"
		refused '{"unified": {"memory.nonsense": "1"}}' /unified/memory.nonsense
	else
		refused '{"cpu": {"shares": 1}}' "the minimum allowed cpu-shares is 2"
		refused '{"cpu": {"shares": 262145}}' "the maximum allowed cpu-shares is 262144"
		refused '{"unified": {"memory.high": "67108864"}}' /unified/memory.high
	fi
}
