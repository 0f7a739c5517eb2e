#!/usr/bin/env bats
# systemd.bats - containers as units of systemd: in the virtual machine, as root and as a user

load ../runtime/helpers

# A loaded machine's systemd is slow.
setup_test() {
	need_systemd
	export SYSTEMD_BUS_TIMEOUT=100s
	UNIT=gocker-$ID.scope
	CGROUP=/sys/fs/cgroup/system.slice/$UNIT
}

teardown_test() { systemctl --quiet reset-failed "gocker-$ID*" 2>/dev/null || :; }

need_systemd() {
	[[ -d /run/systemd/system ]] || skip "this machine was not booted with systemd"
	[[ -e /sys/fs/cgroup/cgroup.controllers ]] || skip "this machine has no pure cgroup v2"
}

systemd_gocker() { gocker --systemd-cgroup "$@"; }

create_unit() {
	systemd_gocker create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&- || {
		cat "$OUT" >&2
		return 1
	}
}

property() { systemctl show --value -p "$1" "${2-$UNIT}"; }
property_is() { assert_same "$1" "$2" "$(property "$1" "${3-$UNIT}")"; }
file_is() { assert_same "$1" "$2" "$(cat "$CGROUP/$1")"; }
assert_same() { [[ $2 == "$3" ]] || fail "$1: \"$3\" is not \"$2\""; }

# Neither a unit, running or failed, nor a cgroup, nor a state.
nothing_left() {
	[[ $(systemctl list-units --all --no-legend --plain "*$ID*" | wc -l) == 0 ]] &&
		[[ $(find /sys/fs/cgroup -name "*$ID*") == "" ]] && [[ $(gocker list -q) == "" ]]
}

@test "limits are properties of the scope and in its files, and the unit goes with the container" {
	config_edit '.linux.resources = {
		memory: {limit: 104857600, reservation: 52428800, swap: 209715200},
		cpu: {shares: 512, quota: 33333, period: 100000, cpus: "0-1", mems: "0"},
		pids: {limit: 20}, blockIO: {weight: 100},
		unified: {"memory.high": "94371840"}}'
	create_unit
	property_is ActiveState active
	property_is Description "gocker container $ID"
	property_is Slice system.slice
	property_is Delegate yes
	property_is DefaultDependencies no
	property_is MemoryMax 104857600
	property_is MemoryLow 52428800
	property_is MemoryHigh 94371840
	property_is MemorySwapMax 104857600
	property_is CPUWeight 59
	property_is CPUQuotaPerSecUSec 340ms
	property_is TasksMax 20
	property_is AllowedCPUs 0-1
	property_is AllowedMemoryNodes 0
	property_is IOWeight 910
	property_is ControlGroup "/system.slice/$UNIT"
	file_is cgroup.procs "$(container_pid)"
	file_is memory.max 104857600
	file_is memory.low 52428800
	file_is memory.high 94371840
	file_is cpu.weight 59
	file_is cpu.max "34000 100000"
	file_is pids.max 20
	file_is cpuset.cpus 0-1
	# What systemd writes when it comes by is the same.
	systemctl daemon-reload
	file_is cpu.max "34000 100000"
	file_is memory.max 104857600
	gocker delete "$ID"
	nothing_left
}

# What systemctl and the files say, in a file of this name.
look_at_unit() {
	local names=Slice,Delegate,MemoryMax,MemoryLow,MemorySwapMax,CPUQuotaPerSecUSec,TasksMax
	names+=,CPUQuotaPeriodUSec,AllowedCPUs,AllowedMemoryNodes,DevicePolicy,DefaultDependencies
	names+=,CPUAccounting,MemoryAccounting,TasksAccounting,IOAccounting,TimeoutStopUSec,Result
	names+=,CollectMode,KillMode,ControlGroup
	systemctl show -p "$names" "$UNIT" >"$BATS_TEST_TMPDIR/$1"
	head -n 9 "$CGROUP"/{cpu.max,memory.{max,low,swap.max},pids.max,cpuset.cpus} \
		>>"$BATS_TEST_TMPDIR/$1"
	property DeviceAllow | grep -x '/dev/char/1:11 r'
}

@test "runc sets the same properties" {
	need_command runc
	config_edit --arg id "$ID" '.linux.cgroupsPath = "system.slice:gocker:" + $id |
		.annotations = {"org.systemd.property.TimeoutStopSec": "7"} |
		.linux.resources = {
			memory: {limit: 104857600, reservation: 52428800, swap: 209715200},
			cpu: {quota: 50000, period: 100000, cpus: "0-1", mems: "0"},
			pids: {limit: 20},
			devices: [{allow: false, access: "rwm"},
				{allow: true, type: "c", major: 1, minor: 11, access: "r"}]}'
	create_unit
	look_at_unit ours
	gocker delete "$ID"
	runc --root "$BATS_TEST_TMPDIR/runc" --systemd-cgroup create -b "$BUNDLE" "$ID" \
		</dev/null >"$OUT" 2>&1 3>&- || fail "$(cat "$OUT")"
	look_at_unit theirs
	runc --root "$BATS_TEST_TMPDIR/runc" delete --force "$ID"
	diff "$BATS_TEST_TMPDIR"/{ours,theirs}
}

@test "all commands work in a scope" {
	config_edit '.process.args = ["sleep", "1000"]'
	create_unit
	gocker start "$ID"
	[[ $(gocker exec "$ID" cat /proc/self/cgroup) == 0::/ ]]
	gocker exec -d "$ID" sleep 999
	[[ $(gocker ps -f json "$ID" | jq length) == 2 ]]
	gocker pause "$ID"
	[[ $(container_state) == paused ]]
	file_is cgroup.freeze 1
	gocker resume "$ID"
	gocker events --stats "$ID" | jq -e '.data.pids.current == 2'
	property_is TasksCurrent 2
	gocker pause "$ID"
	gocker kill "$ID" KILL
	gocker delete --force "$ID"
	nothing_left
}

@test "the end of the container ends the unit, and delete is content" {
	config_args /bin/true
	create_unit
	gocker start "$ID"
	wait_for_state stopped
	gocker delete "$ID"
	nothing_left
	run systemd_gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	nothing_left
}

@test "update changes properties and files, all or nothing" {
	config_edit '.linux.resources = {memory: {limit: 104857600}, pids: {limit: 20},
		cpu: {quota: 50000, period: 100000}}'
	create_unit
	gocker update --memory 50M --pids-limit 30 --cpu-quota 33333 --cpu-share 2048 "$ID"
	property_is MemoryMax 52428800
	property_is TasksMax 30
	property_is CPUQuotaPerSecUSec 340ms
	property_is CPUWeight 174
	file_is memory.max 52428800
	file_is pids.max 30
	file_is cpu.max "34000 100000"
	file_is cpu.weight 174
	run gocker update --memory 70M --cpuset-cpus 0-999 "$ID"
	assert_status 1
	property_is MemoryMax 52428800
	file_is memory.max 52428800
	# What systemd does not take is in no file either.
	run gocker update -r - "$ID" <<<'{"pids": {"limit": 5}, "unified": {"pids.max": "x"}}'
	assert_status 1
	property_is TasksMax 30
	file_is pids.max 30
	gocker update --pids-limit -1 --memory -1 "$ID"
	property_is TasksMax infinity
	file_is memory.max max
	gocker delete --force "$ID"
	nothing_left
}

@test "a slice is made on the way, and a slice may be the unit" {
	local name=${ID//-/_}
	config_edit --arg n "$name" '.linux.cgroupsPath = "\($n)-sub.slice:pre:\($n)"'
	create_unit
	CGROUP=/sys/fs/cgroup/$name.slice/$name-sub.slice/pre-$name.scope
	file_is cgroup.procs "$(container_pid)"
	property_is Slice "$name-sub.slice" "pre-$name.scope"
	gocker delete --force "$ID"
	config_edit --arg n "$name" '.linux.cgroupsPath = ":x:\($n)-own.slice" |
		.linux.resources.pids.limit = 7'
	create_unit
	CGROUP=/sys/fs/cgroup/$name.slice/$name-own.slice
	file_is cgroup.procs "$(container_pid)"
	file_is pids.max 7
	property_is TasksMax 7 "$name-own.slice"
	gocker delete --force "$ID"
	property_is ActiveState inactive "$name-own.slice"
	[[ ! -e $CGROUP ]]
	systemctl stop "$name.slice"
}

@test "annotations are properties, and one that systemd does not know is its error" {
	config_edit '.annotations = {"org.systemd.property.TimeoutStopSec": "uint64 7",
		"org.systemd.property.CollectMode": "'"'inactive-or-failed'"'",
		"org.systemd.property.After": "['"'a.service', 'b.service'"']",
		"org.systemd.property.MemoryMin": "uint64 4096"}'
	create_unit
	property_is TimeoutStopUSec 7s
	property_is CollectMode inactive-or-failed
	property_is MemoryMin 4096
	[[ $(property After) == *a.service* && $(property After) == *b.service* ]]
	gocker delete --force "$ID"
	config_edit '.annotations = {"org.systemd.property.NoSuchThing": "5"}'
	run systemd_gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "start unit \"$UNIT\": call StartTransientUnit of systemd: org."
	assert_output_has NoSuchThing
	nothing_left
}

@test "a unit that runs is left alone, one that has failed makes room" {
	config_edit --arg id "$ID" '.linux.cgroupsPath = ":gocker:" + $id'
	create_unit
	run systemd_gocker create -b "$BUNDLE" "$ID-second"
	assert_status 1
	assert_output_has "unit \"$UNIT\" exists already: it is active"
	[[ $(gocker list -q) == "$ID" ]]
	[[ $(container_state) == created ]]
	gocker delete --force "$ID"
	run systemd-run --quiet --scope --unit="${UNIT%.scope}" -p RuntimeMaxSec=1 sleep 100
	wait_until property_is ActiveState failed
	create_unit
	property_is ActiveState active
	gocker delete --force "$ID"
	nothing_left
}

@test "a job that fails leaves nothing" {
	printf '[Service]\nType=oneshot\nExecStart=/bin/false\n' \
		>"/run/systemd/system/gocker-$ID-fails.service"
	systemctl daemon-reload
	config_edit --arg unit "gocker-$ID-fails.service" '.annotations = {
		"org.systemd.property.Requires": "['"'"'\($unit)'"'"']",
		"org.systemd.property.After": "['"'"'\($unit)'"'"']"}'
	run systemd_gocker create -b "$BUNDLE" "$ID"
	rm "/run/systemd/system/gocker-$ID-fails.service"
	systemctl reset-failed "gocker-$ID-fails.service"
	systemctl daemon-reload
	assert_status 1
	assert_output_has "error creating systemd unit \`$UNIT\`: got \`dependency\`"
	nothing_left
}

@test "a create that fails later, or is killed at any moment, leaves nothing" {
	local delay
	config_args /no/such/program
	run systemd_gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	nothing_left
	config_args sleep 1000
	for delay in 0.1 0.3 0.4 0.5 0.6 0.8 1.2; do
		(
			"$GOCKER" --root "$TEST_ROOT" --systemd-cgroup create -b "$BUNDLE" "$ID" \
				</dev/null >/dev/null 2>&1 3>&- &
			sleep "$delay"
			kill -KILL $! || :
		)
		gocker delete --force "$ID"
		wait_until nothing_left
	done
}

@test "small limits of processes have room for the container's own" {
	local limit
	for limit in 1 2 0; do
		config_edit --argjson limit "$limit" '.linux.resources.pids.limit = $limit'
		create_unit
		gocker start "$ID"
		property_is TasksMax "$((limit ? limit : 1))"
		file_is pids.max "$((limit ? limit : 1))"
		gocker delete --force "$ID"
	done
	nothing_left
}

@test "the annotations run.oci.systemd.subgroup and run.oci.delegate-cgroup" {
	config_edit '.annotations = {"run.oci.systemd.subgroup": "container"} |
		.linux.resources = {pids: {limit: 9}, memory: {limit: 104857600}}'
	create_unit
	[[ $(cat "$CGROUP/container/cgroup.procs") == "$(container_pid)" ]]
	[[ $(cat "$CGROUP/container/pids.max") == 9 ]]
	file_is pids.max 9
	gocker update --pids-limit 8 "$ID"
	[[ $(cat "$CGROUP/container/pids.max") == 8 ]]
	property_is TasksMax 8
	gocker delete --force "$ID"
	nothing_left
	config_edit '.annotations."run.oci.delegate-cgroup" = "payload" |
		.mounts |= map(if .type == "cgroup" then .options -= ["ro"] else . end)'
	create_unit
	gocker start "$ID"
	CGROUP+=/container
	file_is cgroup.procs ""
	file_is payload/cgroup.procs "$(container_pid)"
	[[ $(gocker exec "$ID" cat /proc/1/cgroup) == 0::/payload ]]
	[[ $(cat "$CGROUP/payload/cgroup.controllers") == *memory*pids* ]]
	file_is payload/pids.max max
	gocker exec "$ID" mkdir /sys/fs/cgroup/payload/sub
	gocker delete --force "$ID"
	nothing_left
}

@test "device rules hold when systemd attaches its own program again" {
	config_edit '.linux.resources.devices = [{allow: false, access: "rwm"},
		{allow: true, type: "c", major: 1, minor: 11, access: "r"}] |
		.linux.devices = [{type: "c", path: "/dev/kmsg", major: 1, minor: 11}]'
	# as udev would, which the machine does not have: systemd finds devices there
	mkdir -p /dev/char
	ln -sf ../kmsg /dev/char/1:11
	create_unit
	gocker start "$ID"
	property_is DevicePolicy strict
	for _ in 1 2; do
		# the kernel wants a capability of who reads its messages, none of who writes them
		gocker exec --cap CAP_SYSLOG "$ID" sh -c 'exec 3</dev/kmsg 4</dev/zero'
		run gocker exec "$ID" sh -c 'exec 3>/dev/kmsg'
		assert_output_has "Operation not permitted"
		systemctl daemon-reload
	done
	gocker delete --force "$ID"
}

@test "without a bus, systemd's own socket serves" {
	# shellcheck disable=SC2016 # expands in the namespace
	unshare -m --propagation private sh -c 'mount -t tmpfs tmpfs /run/dbus && exec "$@"' sh \
		"$GOCKER" --root "$TEST_ROOT" --systemd-cgroup create -b "$BUNDLE" "$ID" \
		</dev/null >"$OUT" 2>&1 3>&- || fail "$(cat "$OUT")"
	property_is ActiveState active
	[[ $(jq -r .systemd.bus "$TEST_ROOT/$ID/state.json") == unix:path=/run/systemd/private ]]
	gocker delete --force "$ID"
	nothing_left
}
