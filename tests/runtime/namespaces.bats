#!/usr/bin/env bats
# namespaces.bats - the eight namespaces, id maps, host name, loopback

load helpers

@test "each namespace that is listed is new, each that is not is the host's" {
	local kind
	config_edit '.linux.namespaces |= map(select(.type != "cgroup"))'
	start_container
	for kind in pid net ipc uts mnt; do
		[[ $(ns_of "$(container_pid)" $kind) != "$(ns_of self $kind)" ]] || fail "$kind"
	done
	for kind in cgroup user time; do
		[[ $(ns_of "$(container_pid)" $kind) == "$(ns_of self $kind)" ]] || fail "$kind"
	done
}

@test "all eight at once" {
	with_user_namespace
	config_edit '.linux.namespaces += [{"type": "time"}]'
	start_container
	local kind
	for kind in pid net ipc uts mnt cgroup user time; do
		[[ $(ns_of "$(container_pid)" $kind) != "$(ns_of self $kind)" ]] || fail "$kind"
	done
	[[ $(gocker exec "$ID" id -u) == 0 ]]
}

@test "a user namespace without maps has its maker for root, and nobody else" {
	config_edit '.linux.namespaces += [{"type": "user"}] |
		del(.mounts[].options[]? | select(startswith("gid=")))'
	config_shell 'cat /proc/self/uid_map /proc/self/gid_map; id -u; touch /tmp/new'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $(xargs <<<"$output") == "0 $(id -u) 1 0 $(id -g) 1 0" ]] || fail "$output"
	[[ $(stat -c %u:%g "$BUNDLE/rootfs/tmp/new") == "$(id -u):$(id -g)" ]]
}

@test "the program is pid 1 and sees its own processes only" {
	config_shell 'echo $$; ls -d /proc/[0-9]*'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'1\n/proc/1' ]]
}

@test "host and domain name" {
	config_edit '.hostname = "somewhere" | .domainname = "example.org"'
	config_shell 'hostname; cat /proc/sys/kernel/domainname'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'somewhere\nexample.org' ]]
	[[ $(hostname) != somewhere ]]
}

@test "loopback is up, and the only interface" {
	config_shell 'ip -o addr show lo | grep -o "inet 127[^ ]*"; ls /sys/class/net
		ip link show lo | grep -o "[<,]UP,"'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'inet 127.0.0.1/8\nlo\n,UP,' ]]
}

@test "the same where gocker has one processor" {
	config_shell 'cat /sys/class/net/*/flags; grep Cpus_allowed_list /proc/self/status'
	run taskset -c 0 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ ${lines[0]} == 0x9 && ${#lines[@]} == 2 ]] || fail "$output"
}

@test "a network namespace that the kernel refuses is told with its limit, and nothing is left" {
	# shellcheck disable=SC2016 # it is the inner shell that expands them
	run unshare --user --map-root-user --mount sh -c '
		echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' sh \
		"$GOCKER" --root "$TEST_ROOT" --cgroup-manager disabled create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "make the namespaces: no space left on device"
	assert_output_has "see user.max_*_namespaces in sysctl(8)"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "sysctl of the container's namespaces are set, and the host's are not" {
	local before
	before=$(cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax)
	config_edit '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.msgmax": "4321"}'
	config_shell 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'1\n4321' ]]
	[[ $(cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax) == "$before" ]]
}

@test "uid map 0 100000 65536 with a volume" {
	with_user_namespace
	mkdir "$BATS_TEST_TMPDIR/volume"
	chown 100000:100000 "$BATS_TEST_TMPDIR/volume"
	config_edit --arg source "$BATS_TEST_TMPDIR/volume" '.mounts += [{
		"destination": "/volume", "type": "bind", "source": $source,
		"options": ["rbind", "rw"]}]'
	config_shell 'cat /proc/self/uid_map; id -u; echo hello >/volume/file; echo x >/dev/null
		touch /made'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $(awk '{ print $1, $2, $3 }' <<<"${lines[0]}") == "0 100000 65536" && ${lines[1]} == 0 ]]
	[[ $(cat "$BATS_TEST_TMPDIR/volume/file") == hello ]]
	[[ $(stat -c %u:%g "$BATS_TEST_TMPDIR/volume/file" "$BUNDLE/rootfs/made") == \
		$'100000:100000\n100000:100000' ]]
}

@test "several ranges of ids" {
	with_user_namespace
	config_edit '.linux.uidMappings = [
		{"containerID": 0, "hostID": 100000, "size": 1000},
		{"containerID": 1000, "hostID": 300000, "size": 1},
		{"containerID": 1001, "hostID": 200000, "size": 500}]'
	config_shell 'awk "{ print \$1, \$2, \$3 }" /proc/self/uid_map'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'0 100000 1000\n1000 300000 1\n1001 200000 500' ]]
}

@test "a bundle that other users cannot enter works in a user namespace" {
	with_user_namespace
	chmod 700 "$BUNDLE"
	config_shell 'echo yes'
	[[ $(gocker run -b "$BUNDLE" "$ID") == yes ]]
}

@test "root of a user namespace cannot undo the flags of a host's mount" {
	with_user_namespace
	mkdir "$BATS_TEST_TMPDIR/volume"
	config_edit --arg source "$BATS_TEST_TMPDIR/volume" '
		.process.capabilities[] += ["CAP_SYS_ADMIN"] |
		.mounts += [{"destination": "/volume", "type": "bind", "source": $source,
			"options": ["bind"]}]'
	config_shell 'mount -o remount,bind,rw /volume; touch /volume/x && echo written'
	run unshare -m sh -c "mount -t tmpfs -o mode=777 tmpfs '$BATS_TEST_TMPDIR/volume' &&
		mount -o remount,bind,ro '$BATS_TEST_TMPDIR/volume' &&
		'$GOCKER' --root '$TEST_ROOT' run -b '$BUNDLE' '$ID'"
	[[ $output != *written* ]]
	assert_output_has "Read-only file system"
}

@test "exec enters the user namespace as its root" {
	with_user_namespace
	start_container
	[[ $(gocker exec "$ID" id -u) == 0 ]]
	[[ $(gocker exec "$ID" awk '{ print $2 }' /proc/self/uid_map) == 100000 ]]
	[[ $(stat -c %u "/proc/$(container_pid)") == 100000 ]]
}

@test "maps without a user namespace are refused" {
	config_edit '.linux.uidMappings = [{"containerID": 0, "hostID": 1, "size": 1}]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/linux/uidMappings"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a control group that is another container's is refused, and that one lives on" {
	config_edit --arg path "/gocker-claim/$ID" '.linux.cgroupsPath = $path'
	create_container
	run gocker create -b "$BUNDLE" "$ID-2"
	assert_status 1
	assert_output_has "exists and has processes"
	is_in_state "$ID" created
	gocker delete --force "$ID"
}

@test "of several creates with one control group, one succeeds and its process lives" {
	local number round made=0
	config_edit --arg path "/gocker-claim/$ID" '.linux.cgroupsPath = $path'
	for round in 1 2 3; do
		for number in 1 2 3 4; do
			gocker create -b "$BUNDLE" "$ID-$number" </dev/null >"$OUT" 2>&1 3>&- &
		done
		wait
		for number in 1 2 3 4; do
			[[ -e $TEST_ROOT/$ID-$number ]] || continue
			is_in_state "$ID-$number" created
			made=$((made + 1))
			gocker delete --force "$ID-$number"
		done
	done
	((made >= 1 && made <= 3)) || fail "$made were made"
	! find /sys/fs/cgroup -name "$ID" | grep . || fail "cgroups are left"
}

@test "a control group that is frozen is refused" {
	local dir
	[[ -d /sys/fs/cgroup/freezer ]] || skip "the freezer of version 1 is not there"
	dir=/sys/fs/cgroup/freezer/gocker-claim-$ID
	mkdir "$dir"
	echo FROZEN >"$dir/freezer.state"
	config_edit --arg path "/gocker-claim-$ID" '.linux.cgroupsPath = $path'
	run timeout 5 "$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID"
	[[ ! -d $dir ]] || rmdir "$dir"
	assert_status 1
	assert_output_has "is frozen"
}

# On the host there is neither of the two; 0157 is 111.
@test "devices of a user namespace have the mode and the owner asked for, and are nosuid" {
	with_user_namespace 1000
	config_edit '.linux.devices = [
			{"path": "/dev/some/where", "type": "b", "major": 1, "minor": 5,
				"fileMode": 111, "uid": 10, "gid": 11},
			{"path": "/dev/pipe", "type": "p"},
			{"path": "/dev/full", "type": "c", "major": 1, "minor": 7,
				"fileMode": 256}]'
	config_shell 'stat -c "%F %t:%T %a %u:%g" /dev/some/where /dev/pipe /dev/null /dev/full
		grep -c " /dev/[a-z/]* .*nosuid,noexec" /proc/self/mountinfo; sleep 1000'
	start_container
	wait_until grep -q '^[0-9]*$' "$OUT"
	[[ $(cat "$OUT") == "block special file 1:5 157 10:11
fifo 0:0 666 0:0
character special file 1:3 666 65534:65534
character special file 1:7 400 0:0
"* ]] || fail "$(cat "$OUT")"
	(($(tail -n 1 "$OUT") >= 8))
	[[ $(echo "$TEST_ROOT/$ID/"device*) == *"*" ]]
	config_edit '.linux.devices[0].gid = 1000'
	run gocker create -b "$BUNDLE" "$ID-2"
	assert_status 1
	assert_output_has '/linux/devices: the owner of "/dev/some/where" is in no map'
	[[ ! -e $TEST_ROOT/$ID-2 ]]
}
