#!/usr/bin/env bats
# podman.bats - podman with systemd's control groups: in the machine of "run --user --engines"

load ../plugins/host

# "limited" is a container of root's and of the user's that tests look into.
setup_file() {
	[[ -n ${VM_USER-} && -z ${ENGINES_MISSING-} ]] || return 0
	image_make
	bash "$PLUGINS/install_gocker"
	mkdir -p /var/lib/containers
	mount -t tmpfs storage /var/lib/containers
	cat >/etc/containers/containers.conf <<-END
		[engine]
		cgroup_manager = "systemd"
		events_logger = "file"
		runtime = "$RUNTIME"
	END
	podman import - alpine <"$IMAGE"
	podman run -d --name limited "${LIMITS[@]}" alpine sleep 1000
	podman_user import - alpine <"$IMAGE"
	podman_user run -d --name limited "${LIMITS[@]}" alpine sleep 1000
}

teardown_file() { umount -l /var/lib/containers 2>/dev/null || :; }

setup() {
	[[ -n ${VM_USER-} ]] || skip "needs a machine made by tests/vm/run --user --engines"
	[[ -z ${ENGINES_MISSING-} ]] || skip "no engines: $ENGINES_MISSING"
}

LIMITS=(--network none --memory 64m --pids-limit 50 --cpus 0.5)

podman() { on_host podman "$@"; }
podman_user() { as_user podman "$@"; }

as_user() (
	environment=(PATH=/usr/sbin:/usr/bin HOME="/scratch/$VM_USER" USER="$VM_USER"
		LANG=C.UTF-8 XDG_RUNTIME_DIR="/run/user/$VM_UID"
		DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$VM_UID/bus")
	cd "/scratch/$VM_USER" && exec 3>&- setpriv --reuid "$VM_UID" --regid "$VM_UID" \
		--clear-groups env -i "${environment[@]}" "$@"
)

# inspect PODMAN CONTAINER FORMAT
inspect() { "$1" inspect --format "$3" "$2"; }
scope_of() { echo "libpod-$(inspect "$1" "$2" '{{.Id}}').scope"; }
group_of() {
	local pid
	pid=$(inspect "$1" "$2" '{{.State.Pid}}')
	echo "/sys/fs/cgroup$(sed -n s/^0:://p "/proc/$pid/cgroup")"
}

# properties_are SYSTEMCTL... -- UNIT NAME=VALUE...
properties_are() {
	local systemctl=() all wanted
	while [[ $1 != -- ]]; do
		systemctl+=("$1") && shift
	done
	all=$("${systemctl[@]}" show "$2")
	for wanted in "${@:3}"; do
		grep -qxF "$wanted" <<<"$all" ||
			fail "$wanted" "$(grep "^${wanted%%=*}=" <<<"$all")"
	done
}

limits_are_set() {
	local group
	group=$(group_of "$1" limited)
	[[ $(<"$group/memory.max") == 67108864 ]]
	[[ $(<"$group/pids.max") == 50 ]]
	[[ $(<"$group/cpu.max") == "50000 100000" ]]
}

@test "run: output and exit status are the program's" {
	run podman run --rm --network none alpine sh -c 'echo out; exit 3'
	assert_status 3
	assert_output_has out
}

@test "run: the limits are the scope's, which systemctl shows in machine.slice" {
	local scope
	scope=$(scope_of podman limited)
	properties_are systemctl -- "$scope" ActiveState=active Slice=machine.slice \
		MemoryMax=67108864 TasksMax=50 CPUQuotaPerSecUSec=500ms
	limits_are_set podman
	run systemctl status --no-pager "$scope"
	assert_status 0
	assert_output_has "sleep 1000"
}

@test "exec, stats: are in the container's scope" {
	[[ $(podman exec limited cat /proc/self/cgroup) == 0::/ ]]
	run podman stats --no-stream --format '{{.MemLimit}} {{.PIDs}}' limited
	assert_output_has " 1"
	run podman exec limited sh -c 'exit 7'
	assert_status 7
}

@test "pause, unpause: freeze the scope's control group" {
	local group
	group=$(group_of podman limited)
	podman pause limited
	grep -x "frozen 1" "$group/cgroup.events"
	podman unpause limited
	grep -x "frozen 0" "$group/cgroup.events"
}

@test "pod: is a slice, and the containers are scopes in it" {
	local slice
	podman pod create --name pod --network none
	podman run -d --pod pod --name member alpine sleep 1000
	slice=machine-libpod_pod_$(podman pod inspect --format '{{.ID}}' pod).slice
	properties_are systemctl -- "$(scope_of podman member)" ActiveState=active "Slice=$slice"
	podman pod rm -f -t 0 pod
	[[ -z $(find /sys/fs/cgroup -name "$slice") ]]
}

@test "a service of systemd: its start waits for the container, whose end is the service's" {
	systemd-run --quiet --unit=served --service-type=notify --setenv=HOME=/root \
		-p NotifyAccess=all podman run --rm --name served --sdnotify=conmon \
		--network none alpine sleep 1000
	[[ $(systemctl is-active served) == active ]]
	[[ $(podman exec served cat /proc/1/comm) == sleep ]]
	podman kill served
	wait_until service_has_ended
}

service_has_ended() { [[ $(systemctl is-active served) != active ]]; }

@test "stop: the scope goes with the container" {
	local scope
	scope=$(scope_of podman limited)
	podman stop -t 0 limited
	[[ $(inspect podman limited '{{.State.Status}}') == exited ]]
	wait_until scope_is_gone "$scope"
}

scope_is_gone() { [[ -z $(systemctl list-units --all --no-legend "$1") ]]; }

@test "rootless: the limits are those of a scope of the user's systemd" {
	local scope
	scope=$(scope_of podman_user limited)
	properties_are as_user systemctl --user -- "$scope" ActiveState=active Slice=user.slice \
		MemoryMax=67108864 TasksMax=50 CPUQuotaPerSecUSec=500ms
	limits_are_set podman_user
	[[ $(podman_user exec limited cat /proc/self/cgroup) == 0::/ ]]
	[[ $(podman_user exec limited awk 'END { print $3 }' /proc/self/uid_map) == 65536 ]]
}

@test "rootless: stats, top, and an update of the limits" {
	run podman_user stats --no-stream --format '{{.MemLimit}} {{.PIDs}}' limited
	assert_output_has " 1"
	run podman_user top limited
	assert_output_has "sleep 1000"
	podman_user update --memory 48m limited
	[[ $(<"$(group_of podman_user limited)/memory.max") == 50331648 ]]
}

@test "rootless: pause, stop, and nothing is left" {
	local scope group
	scope=$(scope_of podman_user limited) group=$(group_of podman_user limited)
	podman_user pause limited
	grep -x "frozen 1" "$group/cgroup.events"
	podman_user unpause limited
	podman_user rm -f -t 0 limited
	[[ -z $(as_user systemctl --user list-units --all --no-legend "$scope") ]]
	[[ ! -e $group ]]
	[[ -z $(as_user gocker list -q) ]]
}
