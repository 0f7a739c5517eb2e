#!/usr/bin/env bats
# conformance.bats - what the specification asks for and no other file shows (spec/CONFORMANCE.md)

load helpers

@test "operations without an id fail" {
	local operation
	for operation in state start kill delete; do
		run gocker "$operation"
		assert_status 1
		assert_output_has "arguments are missing"
	done
	run gocker create -b "$BUNDLE"
	assert_status 1
	[[ $(gocker list -q) == "" ]]
}

@test "create does not run the program, start does" {
	config_shell 'echo ran >/output'
	config_edit '.hostname = "there-already"'
	create_container
	[[ ! -e $BUNDLE/rootfs/output ]]
	[[ $(gocker exec "$ID" hostname) == there-already ]]
	gocker start "$ID"
	wait_for_state stopped
	[[ $(cat "$BUNDLE/rootfs/output") == ran ]]
}

@test "a container without process is created, entered and deleted, but start and run fail" {
	config_edit 'del(.process)'
	create_container
	[[ $(container_state) == created ]]
	run gocker exec "$ID" /bin/pwd
	assert_status 0
	[[ $output == / ]]
	jq -n '{cwd: "/tmp", args: ["/bin/pwd"], user: {uid: 1, gid: 1}}' >"$OUT"
	run gocker exec --process "$OUT" "$ID"
	[[ $output == /tmp ]]
	run gocker start "$ID"
	assert_status 1
	[[ $output == "gocker: start \"$ID\": config.json: /process: is required by start" ]]
	wait_for_state stopped
	gocker delete "$ID"
	create_container
	gocker delete "$ID"
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "config.json: /process: is required"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a config.json that changes after create has no effect" {
	config_shell 'echo first >/output; sleep 1000'
	create_container
	config_shell 'echo second >/output'
	config_edit '.process.user.uid = 7 | .process.env = ["NEW=1"]'
	gocker start "$ID"
	wait_until test -s "$BUNDLE/rootfs/output"
	[[ $(cat "$BUNDLE/rootfs/output") == first ]]
	[[ $(gocker exec "$ID" sh -c 'id -u; echo $NEW') == 0 ]]
	rm "$BUNDLE/config.json"
	[[ $(gocker exec "$ID" id -u) == 0 ]]
	gocker delete --force "$ID"
}

@test "delete leaves what create did not make" {
	local before cgroup
	cgroup=$(cgroup_dir pids self)/$ID-mine
	mkdir "$cgroup"
	config_edit --arg path "$(awk -F: '$2 == "pids" || $1 == 0 { print $3; exit }' \
		/proc/self/cgroup)/$ID-mine/container" '.linux.cgroupsPath = $path'
	before=$(find "$BUNDLE" | sort)
	unshare -n sleep 100 3>&- &
	local holder=$!
	config_edit --arg path "/proc/$holder/ns/net" '.linux.namespaces |=
		map(if .type == "network" then .path = $path else . end)'
	start_container
	gocker delete --force "$ID"
	[[ $(find "$BUNDLE" | sort) == "$before" ]]
	[[ -d $cgroup && ! -d $cgroup/container ]]
	rmdir "$cgroup"
	kill "$holder"
}

@test "root.path is absolute or relative to the bundle" {
	config_args cat /which
	echo relative >"$BUNDLE/rootfs/which"
	[[ $(gocker run -b "$BUNDLE" "$ID") == relative ]]
	cp -a "$BUNDLE/rootfs" "$BATS_TEST_TMPDIR/elsewhere"
	echo absolute >"$BATS_TEST_TMPDIR/elsewhere/which"
	config_edit --arg path "$BATS_TEST_TMPDIR/elsewhere" '.root.path = $path'
	[[ $(gocker run -b "$BUNDLE" "$ID") == absolute ]]
}

@test "mounts are made in the listed order" {
	mkdir "$BUNDLE/volume" && echo volume >"$BUNDLE/volume/file"
	config_shell 'cat /mnt/below/file 2>/dev/null || echo covered'
	config_edit '.mounts += [
		{"destination": "/mnt", "type": "tmpfs", "source": "tmpfs"},
		{"destination": "/mnt/below", "source": "volume", "options": ["bind"]}]'
	[[ $(gocker run -b "$BUNDLE" "$ID") == volume ]]
	config_edit '.mounts |= .[:-2] + [.[-1], .[-2]]'
	[[ $(gocker run -b "$BUNDLE" "$ID") == covered ]]
}

@test "a relative destination is below /" {
	config_edit '.process.cwd = "/tmp" |
		.mounts += [{"destination": "mnt", "type": "tmpfs", "source": "here"}]'
	config_args grep ' /mnt ' /proc/self/mountinfo
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has ' - tmpfs here '
	assert_output_has 'taken as relative to /'
}

# The table "Linux mount options": what MUST, SHOULD and MAY be there.
@test "every mount option of the specification is known" {
	local option known
	known=" $(gocker features | jq -r '.mountOptions | join(" ")') "
	for option in async atime bind defaults dev diratime dirsync exec iversion lazytime loud \
		mand noatime nodev nodiratime noexec noiversion nolazytime nomand norelatime \
		nostrictatime nosuid nosymfollow private ratime rbind rdev rdiratime relatime \
		remount rexec rnoatime rnodiratime rnoexec rnorelatime rnostrictatime rnosuid \
		rnosymfollow ro rprivate rrelatime rro rrw rshared rslave rstrictatime rsuid \
		rsymfollow runbindable rw shared silent slave strictatime suid symfollow sync \
		tmpcopyup unbindable idmap ridmap rnodev; do
		[[ $known == *" $option "* ]] || fail "$option"
	done
	for option in size mode uid gid nr_inodes; do
		[[ $known != *" $option "* ]] || fail "$option is a file system's"
	done
}

@test "consoleSize without a terminal is ignored" {
	config_edit '.process.terminal = false | .process.consoleSize = {"height": 1, "width": 2}'
	config_shell '[ ! -t 0 ] && echo none'
	[[ $(gocker run -b "$BUNDLE" "$ID" </dev/null) == none ]]
}

@test "what config.json does not mention stays the caller's" {
	config_edit 'del(.process.oomScoreAdj)'
	config_shell 'cat /proc/self/oom_score_adj; cut -d" " -f19 /proc/self/stat'
	[[ $(echo 123 >/proc/self/oom_score_adj && nice -n 5 "$GOCKER" --root "$TEST_ROOT" \
		run -b "$BUNDLE" "$ID") == $'123\n5' ]]
}

@test "unknown properties and annotations are no error" {
	config_edit '.unknown = {"a": [1, {}]} | .process.unknown = "x" |
		.linux.unknown = null | .linux.resources.unknown = 1 |
		.annotations = {"org.opencontainers.image.unknown": "", "x": "y"}'
	config_args echo fine
	[[ $(gocker run -b "$BUNDLE" "$ID") == fine ]]
}

@test "a user namespace leaves the owners of the root filesystem alone" {
	owners() { (cd "$BUNDLE/rootfs" && stat -c '%u:%g %n' etc etc/passwd bin root tmp); }
	local before
	before=$(owners)
	map_ids
	config_args stat -c %u /etc
	[[ $(gocker run -b "$BUNDLE" "$ID") == 65534 ]]
	[[ $(owners) == "$before" ]]
}

@test "a file in the place of a device is an error" {
	mkdir "$BUNDLE/rootfs/nodes"
	touch "$BUNDLE/rootfs/nodes/regular"
	mknod "$BUNDLE/rootfs/nodes/other" c 1 5
	local name
	for name in regular other; do
		config_edit --arg path "/nodes/$name" '.linux.devices =
			[{"path": $path, "type": "c", "major": 1, "minor": 3}]'
		run gocker create -b "$BUNDLE" "$ID"
		assert_status 1
		assert_output_has "/nodes/$name"
		[[ ! -e $TEST_ROOT/$ID ]]
	done
	[[ -f $BUNDLE/rootfs/nodes/regular ]]
}

@test "a device may be outside of /dev" {
	config_edit '.linux.devices =
		[{"path": "/nodes/null", "type": "c", "major": 1, "minor": 3}]'
	config_shell 'echo x >/nodes/null && stat -c %t:%T /nodes/null'
	[[ $(gocker run -b "$BUNDLE" "$ID") == 1:3 ]]
}

@test "/dev/console is the terminal" {
	need_command python3
	config_edit '.process.terminal = true'
	config_shell 'stat -c %t:%T /dev/console /dev/pts/0; echo written >/dev/console; sleep 100'
	rm -f "$OUT"
	python3 "$BATS_TEST_DIRNAME/console_socket.py" "$BATS_TEST_TMPDIR/socket" "$OUT" 3>&- &
	wait_until test -e "$OUT"
	gocker create -b "$BUNDLE" --console-socket "$BATS_TEST_TMPDIR/socket" "$ID" 3>&-
	gocker start "$ID"
	wait_until grep -q written "$OUT"
	[[ $(grep -c '^88:0' "$OUT") == 2 ]]
}

@test "a cgroup that is not the container's to write keeps its owner" {
	map_ids
	start_container
	local controller dir
	for controller in pids memory ""; do
		dir=$(cgroup_dir "$controller" "$(container_pid)")
		[[ ! -d $dir ]] || [[ $(stat -c %u "$dir" "$dir/cgroup.procs") == $'0\n0' ]] ||
			fail "$dir"
	done
}

# limit_of FILE...: what the first of these files of the container's cgroup holds.
limit_of() {
	local name file
	for name; do
		file=$(find /sys/fs/cgroup -path "*$ID/$name" | head -n 1)
		[[ -z $file ]] || { cat "$file" && return; }
	done
	return 1
}

@test "a limit of huge pages is one of reservations where the kernel counts them" {
	need_cgroup hugetlb
	local size
	size=$(find /sys/kernel/mm/hugepages -name 'hugepages-2048kB')
	[[ -n $size ]] || skip "no huge pages of 2 MiB"
	config_edit '.linux.resources.hugepageLimits = [{"pageSize": "2MB", "limit": 4194304}]'
	start_container
	[[ $(limit_of hugetlb.2MB.rsvd.max hugetlb.2MB.rsvd.limit_in_bytes) == 4194304 ]]
	gocker delete --force "$ID"
	config_edit '.linux.resources.hugepageLimits[0].pageSize = "3MB"'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "hugepageLimits"
}

@test "throttles of a device" {
	need_cgroup blkio
	local device
	device=$(cat /sys/block/[!lr]*/dev | head -n 1)
	[[ -n $device ]] || skip "no disk"
	config_edit --arg major "${device%:*}" --arg minor "${device#*:}" '
		{"major": ($major | tonumber), "minor": ($minor | tonumber)} as $device |
		.linux.resources.blockIO = {
			"throttleReadBpsDevice": [$device + {"rate": 1048576}],
			"throttleWriteIOPSDevice": [$device + {"rate": 77}]}'
	start_container
	if [[ -e /sys/fs/cgroup/blkio ]]; then
		[[ $(limit_of blkio.throttle.read_bps_device) == "$device 1048576" ]]
		[[ $(limit_of blkio.throttle.write_iops_device) == "$device 77" ]]
	else
		[[ $(limit_of io.max) == "$device rbps=1048576 wbps=max riops=max wiops=77" ]]
	fi
}

@test "unified is written as it is, and its controllers have to be there" {
	need_cgroup hugetlb
	gocker_v2() { on_pure_v2 "$GOCKER" --root "$TEST_ROOT" "$@"; }
	config_edit 'del(.linux.resources) |
		.linux.resources.unified = {"hugetlb.2MB.max": "6291456", "cgroup.max.depth": "3"}'
	config_shell 'cat /sys/fs/cgroup/hugetlb.2MB.max /sys/fs/cgroup/cgroup.max.depth'
	run gocker_v2 run -b "$BUNDLE" "$ID"
	[[ $output == $'6291456\n3' ]]
	config_edit '.linux.resources.unified = {"nonsense.max": "1"}'
	run gocker_v2 run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'the requested cgroup controller `nonsense` is not available'
	config_edit '.linux.resources.unified = {"hugetlb.nonsense": "1"}'
	run gocker_v2 run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'has no "hugetlb.nonsense": no such file or directory'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "checkBeforeUpdate refuses a memory limit below what is in use" {
	need_cgroup memory
	config_edit '.linux.resources.memory = {"limit": 104857600}'
	config_shell 'head -c 41943040 /dev/zero >/dev/shm/full; echo filled; sleep 1000'
	start_container
	wait_until grep -q filled "$OUT"
	run gocker update -r - "$ID" <<<'{"memory": {"limit": 8388608, "checkBeforeUpdate": true}}'
	assert_status 1
	assert_output_has memory
	[[ $(container_state) == running ]]
}

@test "memory.kernel is passed over with a warning" {
	need_cgroup memory
	config_edit '.linux.resources.memory = {"limit": 104857600, "kernel": 52428800}'
	config_args echo fine
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has "/linux/resources/memory/kernel: ignored: counted in memory/limit"
	assert_output_has fine
}

@test "a seccomp listener that nothing notifies is not asked for" {
	config_edit '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
		"listenerPath": "/nowhere/agent", "listenerMetadata": "x"}'
	config_args echo fine
	[[ $(gocker run -b "$BUNDLE" "$ID") == fine ]]
}

# libseccomp does not mix byte orders in one filter.
@test "what features lists is accepted" {
	local features version
	features=$(gocker features)
	config_args echo fine
	for version in $(jq -r '.ociVersionMin, .ociVersionMax' <<<"$features"); do
		config_edit --arg version "$version" '.ociVersion = $version'
		[[ $(gocker run -b "$BUNDLE" "$ID") == fine ]] || fail "$version"
	done
	config_edit --argjson features "$features" '
		.process.capabilities.bounding = $features.linux.capabilities |
		.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
			"architectures": ($features.linux.seccomp.archs |
				map(select(test("X86|X32|ARM|AARCH|MIPSEL|LE$|RISCV")))),
			"flags": ($features.linux.seccomp.supportedFlags -
				["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]),
			"syscalls": ([$features.linux.seccomp.actions - ["SCMP_ACT_NOTIFY"],
				["swapon", "swapoff", "reboot", "acct", "syslog", "sethostname",
				"setdomainname", "kexec_load", "nfsservctl", "vhangup"]] |
				transpose | map(select(.[0]) | {"action": .[0], "names": [.[1]]}))}'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has fine
	jq -e '.linux.mountExtensions.idmap.enabled and .linux.seccomp.enabled' <<<"$features"
}
