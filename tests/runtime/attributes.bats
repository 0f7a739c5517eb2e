#!/usr/bin/env bats
# attributes.bats - how the kernel treats a process: scheduler, CPUs, memory, personality, labels

load helpers

# exec_document FILTER: the process as the document of exec --process, changed.
exec_document() {
	jq ".process | $1" <"$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/process.json"
	gocker exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
}

# refused TEXT: run fails with it, and nothing is left.
refused() {
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "$1"
	[[ ! -e $TEST_ROOT/$ID ]]
}

# needs_cpus: CPUs 0 and 1.
needs_cpus() { [[ $(nproc --all) -ge 2 ]] || skip "needs two CPUs"; }

# cpus [COMMAND...]: the CPUs that it may run on.
cpus() { "$@" awk '/^Cpus_allowed_list:/ { print $2 }' /proc/self/status; }

@test "scheduler: policy and nice value, for exec, too" {
	config_edit '.process.scheduler = {"policy": "SCHED_BATCH", "nice": 7}'
	start_container
	[[ $(chrt -p "$(container_pid)") == *"SCHED_BATCH"* ]]
	[[ $(ps -o ni= -p "$(container_pid)") -eq 7 ]]
	[[ $(gocker exec "$ID" awk '{ print $41, $19 }' /proc/self/stat) == "3 7" ]]
	[[ $(exec_document '.scheduler = {"policy": "SCHED_IDLE"} |
		.args = ["awk", "{ print $41 }", "/proc/self/stat"]') == 5 ]]
}

@test "scheduler: deadline and its flags" {
	config_edit '.process.scheduler = {"policy": "SCHED_DEADLINE",
		"flags": ["SCHED_FLAG_RESET_ON_FORK"],
		"runtime": 42000, "deadline": 100000, "period": 1000000}'
	start_container
	run chrt -p "$(container_pid)"
	assert_output_has "SCHED_DEADLINE|SCHED_RESET_ON_FORK"
	assert_output_has "42000/100000/1000000"
}

@test "scheduler: a deadline does not go with some of the CPUs" {
	need_cgroup cpuset
	needs_cpus
	config_edit '.process.scheduler = {"policy": "SCHED_DEADLINE", "runtime": 42000,
		"deadline": 1000000, "period": 1000000} |
		.linux.resources.cpu = {"cpus": "0", "mems": "0"}'
	refused "process scheduler can't be used together with AllowedCPUs"
}

@test "scheduler: real time needs a share of it on version 1, and a priority" {
	config_edit '.process.scheduler = {"policy": "SCHED_RR"}'
	refused "priority must be 1 to 99"
	config_edit '.process.scheduler.priority = 5'
	if [[ -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ]]; then
		refused "linux.resources.cpu.realtimeRuntime"
		config_edit --arg id "$ID" '.linux.cgroupsPath = "/" + $id |
			.linux.resources.cpu = {"realtimeRuntime": 1000}'
	fi
	start_container
	[[ $(chrt -p "$(container_pid)") == *"SCHED_RR"*"priority: 5" ]]
}

@test "scheduler: smaller nice values work in a user namespace" {
	map_ids
	config_edit '.process.scheduler = {"policy": "SCHED_OTHER", "nice": -5}'
	start_container
	[[ $(gocker exec "$ID" awk '{ print $19 }' /proc/self/stat) == -5 ]]
}

@test "ioPriority" {
	config_edit '.process.ioPriority = {"class": "IOPRIO_CLASS_BE", "priority": 6}'
	start_container
	[[ $(ionice -p "$(container_pid)") == "best-effort: prio 6" ]]
	[[ $(gocker exec "$ID" sh -c 'ionice -p $$') == "best-effort: prio 6" ]]
	[[ $(exec_document '.ioPriority = {"class": "IOPRIO_CLASS_IDLE", "priority": 0} |
		.args = ["sh", "-c", "ionice -p $$"]') == idle* ]]
}

@test "personality: LINUX32 makes a 32 bit machine of it, for exec, too" {
	[[ $(uname -m) == x86_64 ]] || skip "for x86_64"
	config_edit '.linux.personality = {"domain": "LINUX32"}'
	start_container
	[[ $(cat "/proc/$(container_pid)/personality") == 00000008 ]]
	[[ $(gocker exec "$ID" uname -m) == i686 ]]
}

@test "personality: LINUX is the machine's own, flags are left out with a warning" {
	config_edit '.linux.personality = {"domain": "LINUX", "flags": ["ADDR_NO_RANDOMIZE"]}'
	config_args cat /proc/self/personality
	run setarch -R "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has "ADDR_NO_RANDOMIZE"
	[[ ${lines[-1]} == 00000000 ]]
}

@test "memoryPolicy: modes, nodes and flags, for exec, too" {
	[[ -e /proc/self/numa_maps ]] || skip "no NUMA in this kernel"
	config_edit '.linux.memoryPolicy = {"mode": "MPOL_BIND", "nodes": "0",
		"flags": ["MPOL_F_STATIC_NODES"]}'
	start_container
	[[ $(awk '{ print $2; exit }' "/proc/$(container_pid)/numa_maps") == bind=static:0 ]]
	[[ $(gocker exec "$ID" awk '{ print $2; exit }' /proc/self/numa_maps) == bind=static:0 ]]
	config_edit '.linux.memoryPolicy = {"mode": "MPOL_INTERLEAVE", "nodes": "0"}'
	config_args awk '{ print $2; exit }' /proc/self/numa_maps
	[[ $(gocker run -b "$BUNDLE" "$ID-2") == interleave:0 ]]
	config_edit '.linux.memoryPolicy = {"mode": "MPOL_LOCAL"}'
	[[ $(gocker run -b "$BUNDLE" "$ID-3") == local ]]
}

@test "memoryPolicy: what the kernel does not take is told with a reason" {
	[[ -e /proc/self/numa_maps ]] || skip "no NUMA in this kernel"
	config_edit '.linux.memoryPolicy = {"mode": "MPOL_BIND", "nodes": "900-901"}'
	refused 'set memory policy MPOL_BIND for nodes "900-901" (are these nodes'
	config_edit '.linux.memoryPolicy = {"mode": "MPOL_PREFERRED", "nodes": "0",
		"flags": ["MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"]}'
	refused 'exclude each other'
}

@test "CPUs are those of the control group, not those of the caller" {
	needs_cpus
	config_args awk '/^Cpus_allowed_list:/ { print $2 }' /proc/self/status
	local all
	all=$(cpus)
	run taskset -c 0 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	[[ $output == "$all" ]]
	config_args sleep 1000
	start_container
	run cpus taskset -c 0 "$GOCKER" --root "$TEST_ROOT" exec "$ID"
	[[ $output == "$all" ]]
}

@test "execCPUAffinity: the container's own process is not concerned" {
	needs_cpus
	config_edit '.process.execCPUAffinity = {"initial": "0", "final": "1"}'
	config_args awk '/^Cpus_allowed_list:/ { print $2 }' /proc/self/status
	[[ $(gocker run -b "$BUNDLE" "$ID") == "$(cpus)" ]]
}

@test "execCPUAffinity: initial before the control group is entered, final after" {
	needs_cpus
	config_edit '.process.execCPUAffinity = {"initial": "0", "final": "1"}'
	start_container
	[[ $(cpus gocker exec "$ID") == 1 ]]
	local list='.args = ["awk", "/^Cpus_allowed_list:/ { print $2 }", "/proc/self/status"]'
	[[ $(exec_document ".execCPUAffinity = {initial: \"1\"} | $list") == 1 ]]
	[[ $(exec_document ".execCPUAffinity = {final: \" 0,\"} | $list") == 0 ]]
	run exec_document ".execCPUAffinity = {final: \"9000\"} | $list"
	assert_status 255
	assert_output_has 'execCPUAffinity.final to "9000" (the control group has'
	run exec_document ".execCPUAffinity = {initial: \"9000\"} | $list"
	assert_status 255
	assert_output_has 'execCPUAffinity.initial to "9000" (the control group has'
}

@test "execCPUAffinity: final must be in the container's cpuset" {
	need_cgroup cpuset
	needs_cpus
	config_edit '.linux.resources.cpu = {"cpus": "1", "mems": "0"} |
		.process.execCPUAffinity = {"initial": "0"}'
	start_container
	[[ $(cpus gocker exec "$ID") == 1 ]]
	run exec_document '.execCPUAffinity = {"final": "0"}'
	assert_status 255
	assert_output_has "the control group has none of these CPUs"
}

@test "a profile or a label that the kernel cannot give is never left out" {
	local option
	if [[ $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null) != Y ]]; then
		config_edit '.process.apparmorProfile = "x"'
		refused "apparmor: config provided but apparmor not supported"
		config_edit 'del(.process.apparmorProfile)'
		option=--apparmor
	fi
	if [[ ! -d /sys/fs/selinux/booleans ]]; then
		config_edit '.process.selinuxLabel = "x"'
		refused "selinux label is specified in config, but selinux is disabled"
		config_edit 'del(.process.selinuxLabel)'
		option=--process-label
	fi
	[[ -n ${option-} ]] || skip "this kernel has both AppArmor and SELinux"
	start_container
	run gocker exec "$option" x "$ID" true
	assert_status 255
	assert_output_has "not supported"
}

@test "intelRdt needs resctrl" {
	grep -q ' - resctrl ' /proc/self/mountinfo && skip "this machine has resctrl"
	config_edit '.linux.intelRdt = {"l3CacheSchema": "L3:0=f"}'
	refused "intelRdt is specified in config, but Intel RDT is not enabled"
}

@test "exec --process: what the document leaves out is the container's" {
	config_edit '.process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}] |
		.process.user.umask = 63'
	start_container
	[[ $(exec_document 'del(.rlimits, .capabilities, .user) |
		.args = ["sh", "-c", "ulimit -n; umask; id -u"]') == $'100\n0077\n0' ]]
	[[ $(exec_document '.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 50, "hard": 60}] |
		.user = {"uid": 3, "gid": 4, "additionalGids": [5], "umask": 0} |
		.args = ["sh", "-c", "ulimit -n; umask; id -u; id -G"]') == $'50\n0000\n3\n4 5' ]]
}

# shellcheck disable=SC2016 # for the container's shell
@test "the groups of the caller are kept where the annotation wants it" {
	need_command setpriv
	config_edit '.annotations["run.oci.keep_original_groups"] = "1" |
		.process.user.additionalGids = [10]'
	config_args id -G
	run setpriv --groups 70,71 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	[[ $output == "0 70 71" ]]
	config_edit '.annotations["run.oci.keep_original_groups"] = "0"'
	run setpriv --groups 70,71 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	[[ $output == "0 10" ]]
}

@test "the groups of the caller are kept in a user namespace, too" {
	need_command setpriv
	map_ids
	config_edit '.annotations["run.oci.keep_original_groups"] = "1"'
	config_args sleep 1000
	setpriv --groups 70,71 "$GOCKER" --root "$TEST_ROOT" run -d -b "$BUNDLE" "$ID" \
		</dev/null >"$OUT" 2>&1 3>&-
	[[ $(awk '/^Groups:/ { print $2, $3 }' "/proc/$(container_pid)/status") == "70 71" ]]
}

@test "AppArmor: the program has the profile, exec's too, one that is not loaded is an error" {
	[[ -e /sys/kernel/security/apparmor ]] || skip "this machine has no AppArmor"
	need_command apparmor_parser
	apparmor_parser -r <<<"profile $ID { file, signal, deny /etc/hostname r, }"
	local current=/proc/self/attr/apparmor/current
	config_edit --arg name "$ID" '.process.apparmorProfile = $name'
	start_container
	[[ $(gocker exec "$ID" cat $current) == "$ID (enforce)" ]]
	[[ $(gocker exec --apparmor unconfined "$ID" cat $current) == unconfined ]]
	[[ $(exec_document "del(.apparmorProfile) | .args = [\"cat\", \"$current\"]") == \
		"$ID (enforce)" ]]
	run gocker exec --apparmor "$ID-none" "$ID" true
	assert_status 255
	assert_output_has "apparmor failed to apply profile \"$ID-none\""
	gocker delete --force "$ID"
	apparmor_parser -R <<<"profile $ID { }"
	refused "apparmor failed to apply profile"
}
