#!/usr/bin/env bats
# user.bats - containers of a plain user where systemd runs: in the machine of "run --user"

load ../runtime/helpers

# FROM is the control group that gocker runs in, where it is not the tests' own, which is no part
# of what is delegated to the user, as that of a login is not. The program may be built where users
# do not get to.
setup_test() {
	[[ -n ${VM_USER-} ]] || skip "needs a machine made by tests/vm/run --user"
	export SYSTEMD_BUS_TIMEOUT=100s
	UNIT=gocker-$ID.scope FROM=
	TEST_ROOT=$BATS_TEST_TMPDIR/user/state
	USER_GOCKER=$BATS_FILE_TMPDIR/gocker
	[[ -x $USER_GOCKER ]] || copy_gocker "$USER_GOCKER"
	mkdir "$BATS_TEST_TMPDIR/user"
	rm "$BUNDLE/config.json"
	chown -R "$VM_UID:$VM_UID" "$BATS_TEST_TMPDIR/user" "$BUNDLE"
	gocker spec --rootless -b "$BUNDLE"
	config_edit '.process.terminal = false | .process.args = ["sleep", "1000"] |
		.linux.resources = {memory: {limit: 104857600}, pids: {limit: 20},
			cpu: {quota: 50000, period: 100000}}'
	chmod 644 "$BUNDLE/config.json"
}

teardown_test() {
	FROM=
	[[ -z ${VM_USER-} ]] || as_user systemctl --user --quiet stop "test-$ID.scope" || :
}

as_user() (
	[[ -z $FROM ]] || echo "$BASHPID" >"$FROM/cgroup.procs"
	exec setpriv --reuid "$VM_UID" --regid "$VM_UID" --clear-groups \
		env USER="$VM_USER" HOME="$BATS_TEST_TMPDIR/user" \
		XDG_RUNTIME_DIR="${RUNTIME_DIR-/run/user/$VM_UID}" "$@"
)

gocker() { as_user "$USER_GOCKER" --root "$TEST_ROOT" "$@"; }

# from_delegated_scope: what follows runs where the user may make control groups.
from_delegated_scope() {
	as_user systemd-run --user --scope --quiet -p Delegate=yes --unit="test-$ID" \
		sleep 1000 </dev/null >/dev/null 2>&1 3>&- &
	wait_until find_scope
}

find_scope() {
	FROM=$(find /sys/fs/cgroup/user.slice -name "test-$ID.scope")
	[[ -n $FROM ]] && grep -q . "$FROM/cgroup.procs"
}

# run_container OPTION...
run_container() {
	gocker "$@" run -d -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&- || fail "$(cat "$OUT")"
	CGROUP=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(container_pid)/cgroup")
}

# properties_are NAME=VALUE...: of the unit.
properties_are() {
	local all wanted
	all=$(as_user systemctl --user show "$UNIT")
	for wanted; do
		grep -qxF "$wanted" <<<"$all" || fail "$wanted" "$(grep "^${wanted%=*}=" <<<"$all")"
	done
}

# files_are NAME VALUE...
files_are() {
	while (($#)); do
		[[ $(cat "$CGROUP/$1") == "$2" ]] || fail "$1: $(cat "$CGROUP/$1"), not $2"
		shift 2
	done
}

# What a container with a control group can do, to its end.
live() {
	files_are memory.max 104857600 pids.max 20 cpu.max "50000 100000"
	gocker exec -d "$ID" sleep 999
	[[ $(wc -l <"$CGROUP/cgroup.procs") == 2 ]]
	[[ $(gocker exec "$ID" cat /proc/self/cgroup) == 0::/ ]]
	gocker update --memory 50M --pids-limit 10 "$ID"
	files_are memory.max 52428800 pids.max 10
	gocker pause "$ID"
	grep -x "frozen 1" "$CGROUP/cgroup.events"
	gocker resume "$ID"
	grep -x "frozen 0" "$CGROUP/cgroup.events"
}

end() {
	gocker kill "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	nothing_left
}

nothing_left() {
	[[ -z $(find /sys/fs/cgroup -name "*gocker-$ID*") ]]
	[[ -z $(as_user systemctl --user list-units --all --no-legend "gocker-$ID*") ]]
	[[ -z $(gocker list -q) ]]
}

live_as_unit() {
	run_container --systemd-cgroup
	[[ $CGROUP == */user@$VM_UID.service/user.slice/$UNIT ]]
	properties_are ActiveState=active Slice=user.slice MemoryMax=104857600 TasksMax=20 \
		CPUQuotaPerSecUSec=500ms "ControlGroup=${CGROUP#/sys/fs/cgroup}"
	live
	properties_are MemoryMax=52428800 TasksMax=10 CPUQuotaPerSecUSec=500ms
	end
}

@test "in a delegated control group, limits without systemd" {
	from_delegated_scope
	run_container
	live
	end
}

@test "--systemd-cgroup is the user's systemd" {
	from_delegated_scope
	live_as_unit
}

@test "--systemd-cgroup from a control group that is not the user's" {
	live_as_unit
}

# shellcheck disable=SC2016 # expands in the namespace
@test "--systemd-cgroup in a user namespace, as podman calls" {
	local told
	without_namespace user
	config_edit 'del(.linux.uidMappings, .linux.gidMappings)'
	told=$(as_user env _CONTAINERS_USERNS_CONFIGURED=done \
		unshare -m --map-root-user --map-auto bash -euc 'id=$2 gocker="$1 --root $4"
			$gocker --systemd-cgroup run -d -b "$3" "$id" </dev/null >"$4.out" 2>&1 ||
				cat "$4.out"
			systemctl --user show --value -p MemoryMax "gocker-$id.scope"
			sed s/^0::// "/proc/$($gocker state "$id" | jq .pid)/cgroup"
			$gocker exec "$id" cat /proc/self/cgroup
			$gocker update --memory 50M "$id"
			systemctl --user show --value -p MemoryMax "gocker-$id.scope"
			$gocker delete --force "$id"' \
		bash "$USER_GOCKER" "$ID" "$BUNDLE" "$TEST_ROOT")
	[[ $told == "104857600
/user.slice/user-$VM_UID.slice/user@$VM_UID.service/user.slice/$UNIT
0::/
52428800" ]] || fail "$told"
	nothing_left
}

@test "control groups below that of the unit, and a container's root that is another user" {
	config_edit '.annotations = {"run.oci.systemd.subgroup": "container",
		"run.oci.delegate-cgroup": "payload"}'
	run_container --systemd-cgroup
	[[ $CGROUP == */$UNIT/container/payload ]]
	[[ $(<"${CGROUP%/*}/pids.max") == 20 ]]
	gocker exec -d "$ID" sleep 999
	[[ $(wc -l <"$CGROUP/cgroup.procs") == 2 ]]
	gocker delete --force "$ID"
	config_edit 'del(.annotations."run.oci.delegate-cgroup") |
		.linux.uidMappings[0].hostID = 1000000 | .linux.gidMappings[0].hostID = 1000000'
	run_container --systemd-cgroup
	[[ $CGROUP == */$UNIT/container ]]
	gocker exec -d "$ID" sleep 999
	[[ $(sed 's,^,/proc/,' "$CGROUP/cgroup.procs" | xargs stat -c %u) == 1000000$'\n'1000000 ]]
	gocker delete --force "$ID"
	nothing_left
}

@test "what systemd does not move, or no systemd at all, is an error and leaves nothing" {
	local before
	before=$(jq -c . "$BUNDLE/config.json")
	config_edit --arg name "${ID//-/_}" '.linux.cgroupsPath = ":x:\($name).slice"'
	run gocker --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "may not be born in the container's: move a process to unit"
	[[ -z $(find /sys/fs/cgroup -name "*${ID//-/_}*") ]]
	echo "$before" >"$BUNDLE/config.json"
	RUNTIME_DIR=$BATS_TEST_TMPDIR/user
	run gocker --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/user\" has no socket of systemd: does one run for this user"
	RUNTIME_DIR=
	run gocker --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR tells where"
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "user $VM_UID may not make \"/sys/fs/cgroup/"
	unset RUNTIME_DIR
	nothing_left
}
