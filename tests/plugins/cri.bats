#!/usr/bin/env bats
# cri.bats - pods and containers that a kubelet asks containerd for run on gocker

bats_require_minimum_version 1.5.0

load containerd

# A pod on the network of its own, and a container in it, for what needs none of their own.
setup_file() {
	containerd_start k8s.io || return 0
	on_host mkdir "$DAEMON/logs" "$DAEMON/volume"
	export POD_CONFIG POD MAIN
	POD_CONFIG=$(pod_config main '"hostname": "main-pod", "labels": {"app": "tests"},
		"dns_config": {"servers": ["10.77.0.1"], "searches": ["tests.local"]}' \
		'"cgroup_parent": "/kubepods/main",
		"sysctls": {"net.ipv4.ip_unprivileged_port_start": "80"}')
	POD=$(pod_run)
	MAIN=$(ID=main container '"command": ["sleep", "1000"], "labels": {"part": "main"},
		"linux": {"resources": {"memory_limit_in_bytes": 67108864, "cpu_shares": 512,
			"oom_score_adj": 500}}')
}

teardown_file() { containerd_stop; }

cri() {
	on_host /usr/bin/python3 "$PLUGINS/cri_client.py" /run/containerd/containerd.sock "$@"
}

# first MEMBER, last MEMBER: of the answers.
first() { jq -rs ".[0]$1"; }
last() { jq -rs ".[-1] | $1"; }

# pod_config NAME [MEMBERS [MEMBERS-OF-LINUX]]
pod_config() {
	echo "{\"metadata\": {\"name\": \"$1\", \"uid\": \"uid-$1\", \"namespace\": \"tests\"},
		\"log_directory\": \"$DAEMON/logs\" ${2:+, $2}, \"linux\": {${3-}}}"
}

# security MEMBERS: of a container.
security() { echo "\"linux\": {\"security_context\": {$1}}"; }

# Makes a pod of $POD_CONFIG and prints its id.
pod_run() { cri RunPodSandbox "{\"config\": $POD_CONFIG}" | first .pod_sandbox_id; }

id_of() { echo "{\"container_id\": \"$1\"}"; }
SAME='{"container_id": {"@": "container_id"}}'

# create MEMBERS: the request for a container named $ID in the pod.
create() {
	echo "{\"pod_sandbox_id\": \"$POD\", \"sandbox_config\": $POD_CONFIG, \"config\": {
		\"metadata\": {\"name\": \"$ID\"}, \"image\": {\"image\": \"$REF\"},
		\"log_path\": \"$ID.log\", $1}}"
}

# run_container MEMBERS [METHOD JSON...]: created and started; prints the answers.
run_container() { cri CreateContainer "$(create "$1")" StartContainer "$SAME" "${@:2}"; }
# container MEMBERS [METHOD JSON...]: the same, prints its id.
container() { run_container "$@" | first .container_id; }

# exec_in LINE: the request for a line of shell.
# shellcheck disable=SC2016 # the dollar is jq's
exec_in() {
	jq -n --arg line "$1" '{container_id: {"@": "container_id"}, cmd: ["sh", "-c", $line]}'
}

# inside MEMBERS LINE: what the line of shell prints in a container made so.
inside() {
	run_container "\"command\": [\"sleep\", \"1000\"], $1" ExecSync "$(exec_in "$2")" |
		last '.stdout + .stderr'
}

# in_main LINE: in the one that all share.
in_main() {
	cri ExecSync "$(jq -n --arg id "$MAIN" --arg line "$1" \
		'{container_id: $id, cmd: ["sh", "-c", $line]}')" | last '.stdout + .stderr'
}

status_of() { cri ContainerStatus "$(id_of "$1")" | last ".status$2"; }

# ended MEMBERS MEMBER: runs such a container until its end; prints that member of its status.
ended() { run_container "$1" ContainerStatus=2 "$SAME" | last ".status$2"; }

log_has() { wait_until on_host grep -qE "$1" "$DAEMON/logs/$ID.log"; }
main_pid() {
	cri ContainerStatus "{\"container_id\": \"$MAIN\", \"verbose\": 1}" |
		last '.info.info | fromjson | .pid'
}

@test "version, status: both versions of the interface, the network is ready" {
	run cri Version '{}' v1alpha2.Version '{}' Status '{}'
	assert_status 0
	[[ $(jq -r .runtime_api_version <<<"${lines[0]}") == v1 ]]
	[[ $(jq -r .runtime_api_version <<<"${lines[1]}") == v1alpha2 ]]
	[[ $(jq -c '[.status.conditions[] | .type, .status]' <<<"${lines[2]}") == \
		'["RuntimeReady",1,"NetworkReady",1]' ]]
}

@test "a pod and its container run, and nothing of the runtime with them" {
	run cri PodSandboxStatus "{\"pod_sandbox_id\": \"$POD\"}" ContainerStatus "$(id_of "$MAIN")"
	[[ $(jq -r '.status | .state, .metadata.name' <<<"${lines[0]}") == $'0\nmain' ]]
	[[ $(jq -r '.status | .state, .labels.part' <<<"${lines[1]}") == $'1\nmain' ]]
	run ! on_host pgrep -x "$RUNTIME"
}

@test "list: pods and containers, by label and pod" {
	run cri ListPodSandbox '{"filter": {"label_selector": {"app": "tests"}}}' \
		ListContainers "{\"filter\": {
			\"pod_sandbox_id\": \"$POD\", \"state\": {\"value\": 1},
			\"label_selector\": {\"part\": \"main\"}}}" \
		ListContainers '{"filter": {"label_selector": {"part": "none"}}}'
	[[ $(jq -r '.items[].id' <<<"${lines[0]}") == "$POD" ]]
	[[ $(jq -r '.containers[].id' <<<"${lines[1]}") == "$MAIN" ]]
	[[ ${lines[2]} == '{"containers": []}' ]]
}

@test "pod: an address of the network, which reaches its gateway" {
	local ip
	ip=$(cri PodSandboxStatus "{\"pod_sandbox_id\": \"$POD\"}" | last .status.network.ip)
	[[ $ip == 10.77.0.* ]]
	run in_main 'ip -4 -o address show eth0; ping -c 1 -W 2 10.77.0.1'
	assert_output_has " $ip/24 "
	assert_output_has " 0% packet loss"
}

@test "pod: hostname, resolver, sysctl" {
	run in_main 'hostname; cat /etc/resolv.conf
		cat /proc/sys/net/ipv4/ip_unprivileged_port_start'
	[[ $output == $'main-pod\nsearch tests.local\nnameserver 10.77.0.1\n80' ]]
}

@test "pod: host network, its pid and ipc namespaces" {
	local POD POD_CONFIG
	local options='"namespace_options": {"network": 2, "pid": 2, "ipc": 2}'
	local script='for n in net pid ipc; do readlink /proc/self/ns/$n; done'
	POD_CONFIG=$(pod_config "$ID" "" "\"security_context\": {$options}")
	POD=$(pod_run)
	run inside "$(security "$options")" "$script"
	[[ $output == "$(on_host sh -c "$script")" ]]
}

@test "containers of a pod share its net, ipc and uts namespaces, and have their own mounts" {
	local main other script='for n in net ipc uts mnt; do readlink /proc/self/ns/$n; done'
	mapfile -t main < <(in_main "$script")
	mapfile -t other < <(inside '"labels": {}' "$script")
	[[ ${main[*]:0:3} == "${other[*]:0:3}" && ${main[0]} == net:* ]]
	[[ ${main[3]} == mnt:* && ${main[3]} != "${other[3]}" ]]
}

@test "pid namespace: the pod's, the container's own, another container's" {
	local mine
	mine=$(main_pid)
	mine=$(on_host readlink "/proc/$mine/ns/pid")
	run inside "$(security '"namespace_options": {"pid": 1}')" \
		'tr "\0" " " </proc/1/cmdline'
	[[ $output == "sleep 1000 "* ]]
	ID=$ID-target
	run inside "$(security "\"namespace_options\": {\"pid\": 3, \"target_id\": \"$MAIN\"}")" \
		'readlink /proc/self/ns/pid'
	[[ $output == "$mine" ]]
}

@test "exec sync: output, errors and exit status" {
	run cri ExecSync "{\"container_id\": \"$MAIN\",
		\"cmd\": [\"sh\", \"-c\", \"echo out; echo err >&2; exit 3\"]}"
	[[ $(jq -r .stdout <<<"$output") == out ]]
	[[ $(jq -r .stderr <<<"$output") == err ]]
	[[ $(jq -r .exit_code <<<"$output") == 3 ]]
}

@test "exec sync: what takes too long is ended" {
	run cri ExecSync "{\"container_id\": \"$MAIN\", \"timeout\": 1,
		\"cmd\": [\"sleep\", \"777\"]}"
	assert_status 1
	assert_output_has DEADLINE_EXCEEDED
	wait_until run ! on_host pgrep -f '^sleep 777'
	[[ $(status_of "$MAIN" .state) == 1 ]]
}

@test "exec sync: a program that is not there" {
	run cri ExecSync "{\"container_id\": \"$MAIN\", \"cmd\": [\"nosuch\"]}"
	assert_status 1
	assert_output_has "nosuch"
	assert_output_has "executable file"
}

@test "stats: of the container, of all, of the pod" {
	run cri ContainerStats "$(id_of "$MAIN")" ListContainerStats '{}' \
		PodSandboxStats "{\"pod_sandbox_id\": \"$POD\"}"
	assert_status 0
	[[ $(jq '.stats.memory.working_set_bytes.value | . > 4096 and . < 67108864' \
		<<<"${lines[0]}") == true ]]
	[[ $(jq '.stats.cpu.usage_core_nano_seconds.value > 0' <<<"${lines[0]}") == true ]]
	[[ $(jq -r '.stats[].attributes.id' <<<"${lines[1]}") == *"$MAIN"* ]]
	[[ $(jq -r '.stats.linux.containers[].attributes.id' <<<"${lines[2]}") == *"$MAIN"* ]]
	[[ $(jq '.stats.linux.memory.usage_bytes.value > 4096' <<<"${lines[2]}") == true ]]
}

@test "resources: the control group has them, and others after an update" {
	local pid
	pid=$(main_pid)
	[[ $(limit_of "$pid" memory memory.limit_in_bytes memory.max) == 67108864 ]]
	[[ $(on_host cat "/proc/$pid/oom_score_adj") == 500 ]]
	cri UpdateContainerResources "{\"container_id\": \"$MAIN\", \"linux\": {
		\"memory_limit_in_bytes\": 33554432, \"cpu_period\": 100000, \"cpu_quota\": 30000,
		\"cpuset_cpus\": \"0\"}}"
	[[ $(limit_of "$pid" memory memory.limit_in_bytes memory.max) == 33554432 ]]
	[[ $(limit_of "$pid" cpu cpu.cfs_quota_us cpu.max) =~ ^30000($| 100000$) ]]
	[[ $(limit_of "$pid" cpu cpu.shares cpu.weight) =~ ^(512|20)$ ]]
	[[ $(limit_of "$pid" cpuset cpuset.cpus cpuset.cpus) == 0 ]]
}

@test "cgroup_parent: the pod's group is there, the container's as well" {
	local pid
	pid=$(main_pid)
	[[ $(on_host cat "/proc/$pid/cgroup") == *"/kubepods/main/$MAIN"* ]]
	[[ -n $(on_host find /sys/fs/cgroup -path "*/kubepods/main/$POD") ]]
}

@test "logs: each line with time and stream, and in a new file after reopening" {
	local id
	id=$(container '"command": ["sh", "-c", "echo out; echo err >&2
		while [ ! -e /go ]; do usleep 20000; done; echo more"]')
	log_has ' stderr F err$'
	log_has '^[0-9-]{10}T[^ ]+ stdout F out$'
	on_host mv "$DAEMON/logs/$ID.log" "$DAEMON/logs/$ID.old"
	cri ReopenContainerLog "$(id_of "$id")" \
		ExecSync "{\"container_id\": \"$id\", \"cmd\": [\"touch\", \"/go\"]}"
	log_has ' stdout F more$'
}

@test "tty: the program has a terminal" {
	[[ $(ended '"command": ["tty"], "tty": 1' .exit_code) == 0 ]]
	log_has 'stdout F /dev/pts/0'
}

@test "status: how one has ended" {
	run ended '"command": ["true"]' ' | .exit_code, .reason'
	[[ $output == $'0\nCompleted' ]]
	ID=$ID-bad
	run ended '"command": ["sh", "-c", "exit 5"]' ' | .exit_code, .reason'
	[[ $output == $'5\nError' ]]
}

@test "status: too much memory was taken" {
	need_cgroup memory
	run ended '"command": ["tail", "/dev/zero"],
		"linux": {"resources": {"memory_limit_in_bytes": 16777216}}' \
		' | .exit_code, .reason'
	[[ $output == $'137\nOOMKilled' ]]
}

@test "start: why a program cannot be run is said by start and status" {
	local case
	local -A words=([nosuch]='executable file' [/etc/passwd]='ermission denied'
		[/no/such]='o such file or directory')
	for case in "${!words[@]}"; do
		run run_container "\"command\": [\"$case\"]"
		assert_status 1
		assert_output_has "${words[$case]}"
		run cri ContainerStatus "$(id_of "$(jq -r .container_id <<<"${lines[0]}")")"
		[[ $(jq -r '.status | .state, .exit_code, .reason' <<<"$output") == \
			$'2\n128\nStartError' ]]
		assert_output_has "${words[$case]}"
		ID+=x
	done
}

@test "stop: first TERM, then KILL" {
	local soft hard
	soft=$(container '"command": ["sh", "-c", "trap \"exit 4\" TERM; touch /up
		while :; do usleep 20000; done"]' ExecSync \
		"$(exec_in 'while [ ! -e /up ]; do usleep 9999; done')")
	ID=$ID-hard
	hard=$(container '"command": ["sh", "-c", "trap : TERM; while :; do usleep 20000; done"]')
	cri StopContainer "{\"container_id\": \"$soft\", \"timeout\": 10}" \
		StopContainer "{\"container_id\": \"$hard\", \"timeout\": 0}"
	[[ $(status_of "$soft" .exit_code) == 4 ]]
	[[ $(status_of "$hard" .exit_code) == 137 ]]
}

@test "remove: a running container is gone, with all that was of it" {
	local id
	id=$(container '"command": ["sleep", "1000"]')
	on_host test -e "/run/containerd/runc/k8s.io/$id"
	cri RemoveContainer "$(id_of "$id")"
	run cri ContainerStatus "$(id_of "$id")"
	assert_output_has NOT_FOUND
	on_host test ! -e "/run/containerd/runc/k8s.io/$id"
	[[ -z $(on_host find /sys/fs/cgroup -type d -name "$id") ]]
}

@test "stop and remove of a pod take its containers and its network" {
	local POD POD_CONFIG netns id
	POD_CONFIG=$(pod_config "$ID")
	POD=$(pod_run)
	id=$(container '"command": ["sh", "-c", "exec sleep 1000"]')
	netns=$(on_host sh -c 'ls -t /run/netns | head -n 1')
	cri StopPodSandbox "{\"pod_sandbox_id\": \"$POD\"}"
	[[ $(status_of "$id" .state) == 2 ]]
	on_host test ! -e "/run/netns/$netns"
	cri RemovePodSandbox "{\"pod_sandbox_id\": \"$POD\"}"
	run cri PodSandboxStatus "{\"pod_sandbox_id\": \"$POD\"}"
	assert_output_has NOT_FOUND
	on_host test ! -e "/run/containerd/runc/k8s.io/$POD"
}

@test "user: by number with groups, and by name" {
	run inside "$(security '"run_as_user": {"value": 1000}, "run_as_group": {"value": 2000},
		"supplemental_groups": [3000, 4000]')" 'id -u; id -G'
	[[ $output == $'1000\n2000 3000 4000' ]]
	ID=$ID-name
	run inside "$(security '"run_as_username": "root"')" 'id -un'
	[[ $output == root ]]
}

@test "capabilities: added and dropped" {
	run inside "$(security '"capabilities": {"add_capabilities": ["NET_ADMIN"],
		"drop_capabilities": ["ALL"]}')" 'grep ^CapEff: /proc/self/status'
	[[ $output == $'CapEff:\t0000000000001000' ]]
}

@test "privileged: what the host's root may, and its devices" {
	local POD POD_CONFIG
	POD_CONFIG=$(pod_config "$ID" "" '"security_context": {"privileged": 1}')
	POD=$(pod_run)
	run inside "$(security '"privileged": 1')" 'grep ^CapEff: /proc/self/status
		mount -t tmpfs none /mnt && echo mounted; ls /dev/fuse'
	[[ ${lines[0]} == "$(on_host grep ^CapEff: /proc/self/status)" ]]
	[[ ${lines[1]} == mounted && ${lines[2]} == /dev/fuse ]]
}

@test "read-only root filesystem, with a volume that can be written to" {
	run inside "$(security '"readonly_rootfs": 1'), \"mounts\": [
		{\"container_path\": \"/data\", \"host_path\": \"$DAEMON/volume\"},
		{\"container_path\": \"/fixed\", \"host_path\": \"$DAEMON/volume\",
			\"readonly\": 1}]" \
		'echo x >/x; echo x >/fixed/x; echo from inside >/data/file; cat /fixed/file'
	[[ $(grep -c "Read-only file system" <<<"$output") == 2 ]]
	assert_output_has "from inside"
	[[ $(on_host cat "$DAEMON/volume/file") == "from inside" ]]
}

@test "mount propagation: what the host mounts later is seen" {
	local id
	on_host sh -c "mkdir $DAEMON/shared && mount -t tmpfs none $DAEMON/shared &&
		mount --make-shared $DAEMON/shared && mkdir $DAEMON/shared/below"
	id=$(container "\"command\": [\"sleep\", \"1000\"], \"mounts\": [{\"propagation\": 1,
		\"container_path\": \"/data\", \"host_path\": \"$DAEMON/shared\"}]")
	on_host sh -c "mount -t tmpfs none $DAEMON/shared/below; touch $DAEMON/shared/below/late"
	run cri ExecSync "{\"container_id\": \"$id\", \"cmd\": [\"ls\", \"/data/below\"]}"
	[[ $(jq -r .stdout <<<"$output") == late ]]
}

@test "devices: those of the host that are asked for, with their rights" {
	run inside '"devices": [{"container_path": "/dev/mine", "host_path": "/dev/fuse",
		"permissions": "r"}]' 'stat -c "%t %T" /dev/mine
		true </dev/mine && echo read; true >>/dev/mine || echo not written'
	[[ ${lines[0]} == "a e5" ]]
	assert_output_has $'\nread\n'
	assert_output_has "not written"
}

@test "seccomp: the runtime's default, one's own, none" {
	on_host sh -c "cat >$DAEMON/profile.json" <<-'END'
		{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"],
			"action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}
	END
	run inside "$(security '"seccomp": {"profile_type": 0}')" \
		'grep ^Seccomp: /proc/self/status; unshare -m true'
	assert_output_has $'Seccomp:\t2'
	assert_output_has "not permitted"
	ID=$ID-own
	run inside "$(security "\"seccomp\": {\"profile_type\": 2,
		\"localhost_ref\": \"$DAEMON/profile.json\"}")" 'mkdir /x'
	assert_output_has "No space left"
	ID=$ID-none
	run inside "$(security '"seccomp": {"profile_type": 1}')" \
		'grep ^Seccomp: /proc/self/status'
	[[ $output == $'Seccomp:\t0' ]]
}

@test "masked and read-only paths, no new privileges" {
	run inside "$(security '"no_new_privs": 1, "masked_paths": ["/proc/cpuinfo", "/etc"],
		"readonly_paths": ["/proc/sys"]')" 'wc -c </proc/cpuinfo; ls /etc | wc -l
		grep ^NoNewPrivs: /proc/self/status; echo x >/proc/sys/kernel/domainname'
	[[ ${lines[0]} == 0 && ${lines[1]} == 0 && ${lines[2]} == $'NoNewPrivs:\t1' ]]
	assert_output_has "Read-only file system"
}

@test "command, arguments, environment, working folder" {
	run ended '"command": ["sh", "-c"], "args": ["echo $A $PWD $0", "zero"],
		"working_dir": "/usr/new", "envs": [{"key": "A", "value": "an a"}]' .exit_code
	[[ $output == 0 ]]
	log_has 'F an a /usr/new zero$'
}

@test "six pods at once" {
	local i pids=() config
	for i in {1..6}; do
		config=$(pod_config "$ID-$i")
		cri RunPodSandbox "{\"config\": $config}" StopPodSandbox \
			'{"pod_sandbox_id": {"@": "pod_sandbox_id"}}' RemovePodSandbox \
			'{"pod_sandbox_id": {"@": "pod_sandbox_id"}}' >"$OUT.$i" &
		pids+=($!)
	done
	for i in {1..6}; do
		wait "${pids[i - 1]}"
		[[ $(wc -l <"$OUT.$i") == 3 ]]
	done
}

@test "pods live on without the daemon, and it finds them again" {
	daemon_stop
	daemon_start
	wait_until cri Version '{}'
	[[ $(status_of "$MAIN" .state) == 1 ]]
	[[ $(in_main 'echo alive') == alive ]]
	run cri PodSandboxStatus "{\"pod_sandbox_id\": \"$POD\"}"
	[[ $(jq .status.state <<<"$output") == 0 ]]
}
