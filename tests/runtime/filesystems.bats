#!/usr/bin/env bats
# filesystems.bats - proc, sysfs, devpts, mqueue, tmpfs, overlay and what may lie over them

load helpers

# The group 5 of devpts is not mapped: "gid=5" goes.
with_three_ids() {
	with_user_namespace 3
	config_edit '.mounts |= map(.options = (.options // []) - ["gid=5"])'
}

@test "a user namespace with the host's network gets the host's sysfs, read-only all the way" {
	with_three_ids
	without_namespace network
	config_edit '.mounts |= map(select(.type != "cgroup"))'
	config_shell 'ls /sys/class/net; awk "\$5 ~ \"^/sys\"" /proc/self/mountinfo |
		grep -vc " ro[, ]"; touch /sys/fs/cgroup/unified/x 2>/dev/null || echo refused'
	run gocker run -b "$BUNDLE" "$ID"
	[[ $output == "$(ls /sys/class/net)"$'\n0\nrefused' ]]
}

@test "a writable sysfs is not given to a user namespace with the host's network" {
	with_three_ids
	without_namespace network
	config_edit '.mounts |= map(if .type == "sysfs" then .options = [] else . end)'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'mount sysfs on "/sys"'
	assert_output_has "it needs a new network namespace"
}

@test "a user namespace with the host's processes gets the host's procfs" {
	with_three_ids
	without_namespace pid
	config_edit '.linux.maskedPaths = [] | .linux.readonlyPaths = []'
	config_shell '[ "$$" -gt 1 ] && cat /proc/1/comm; cat /proc/$$/comm; cut -d" " -f6 \
		/proc/self/mountinfo | grep -c nosuid,nodev,noexec'
	config_edit '.mounts |= map(if .type == "proc" then
		.options = ["nosuid", "nodev", "noexec"] else . end)'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ ${lines[0]} == "$(cat /proc/1/comm)" && ${lines[1]} == sh ]]
}

@test "a new pid namespace never gets the host's procfs" {
	with_three_ids
	# shellcheck disable=SC2016 # expands in the inner shell
	run unshare -m --propagation private sh -c 'mount -t tmpfs tmpfs /proc/sys && exec "$@"' \
		sh "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'mount proc on "/proc"'
	assert_output_has "of which no part is covered"
}

@test "mqueue: the container's own, and in a user namespace only with an ipc namespace" {
	config_shell 'stat -f -c %T /dev/mqueue; ls /dev/mqueue | wc -l; stat -c %a /dev/mqueue'
	[[ $(gocker run -b "$BUNDLE" "$ID" | tail -n 2) == $'0\n1777' ]]
	with_three_ids
	[[ $(gocker run -b "$BUNDLE" "$ID" | tail -n 2) == $'0\n1777' ]]
	without_namespace ipc
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "in a user namespace it needs a new ipc namespace"
}

@test "devpts: its options, and a group that is not mapped" {
	config_edit '.mounts |= map(if .type == "devpts" then .options =
		["nosuid", "noexec", "newinstance", "ptmxmode=0660", "mode=0640", "gid=7"]
		else . end)'
	config_shell 'stat -c %a /dev/pts/ptmx; ls /dev/pts; grep " /dev/pts " /proc/self/mountinfo'
	run gocker run -b "$BUNDLE" "$ID"
	[[ ${lines[0]} == 660 && ${lines[1]} == ptmx ]]
	assert_output_has "rw,gid=7,mode=640,ptmxmode=660"
	with_three_ids
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'mount devpts on "/dev/pts": mount option "gid=7"'
}

@test "lxcfs may lie over some files of /proc" {
	local file
	echo fake >"$BATS_TEST_TMPDIR/fake"
	for file in cpuinfo diskstats loadavg meminfo stat swaps uptime; do
		add_mount "/proc/$file" bind "$BATS_TEST_TMPDIR/fake" bind ro
	done
	config_shell 'cd /proc && cat cpuinfo diskstats loadavg meminfo stat swaps uptime | uniq -c'
	run gocker run -b "$BUNDLE" "$ID"
	[[ $output =~ ^\ +7\ fake$ ]]
}

@test "nothing else may, by whatever name" {
	local file
	echo fake >"$BATS_TEST_TMPDIR/fake"
	for file in /proc/version /proc/self/attr/exec /proc/1/status /proc/../proc/version \
		/proc/sys/kernel/hostname; do
		add_mount "$file" bind "$BATS_TEST_TMPDIR/fake" bind
		assert_mount_refused "nothing can be mounted inside /proc"
	done
	ln -s /proc "$BUNDLE/rootfs/alias"
	add_mount /alias/version bind "$BATS_TEST_TMPDIR/fake" bind
	assert_mount_refused "nothing can be mounted inside /proc"
	add_mount /proc/sys tmpfs tmpfs
	assert_mount_refused "nothing can be mounted inside /proc"
	add_mount /proc tmpfs tmpfs
	assert_mount_refused '"/proc" can only be a procfs'
	add_mount /proc bind "$BATS_TEST_TMPDIR" bind
	assert_mount_refused '"/proc" can only be a procfs'
}

@test "the host's procfs may be bound on /proc" {
	without_namespace pid
	config_edit '.mounts |= map(if .type == "proc" then .type = "bind" | .source = "/proc" |
		.options = ["rbind", "nosuid"] else . end)'
	config_shell 'cat /proc/1/comm'
	[[ $(gocker run -b "$BUNDLE" "$ID") == "$(cat /proc/1/comm)" ]]
}

@test "a tmpfs keeps the mode of its mount point, or has the one that is asked for" {
	chmod 1770 "$BUNDLE/rootfs/mnt"
	add_mount /mnt tmpfs tmpfs
	add_mount /tmp tmpfs tmpfs mode=0710 uid=3 gid=4
	config_shell 'stat -c "%a %u:%g" /mnt /tmp'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'1770 0:0\n710 3:4' ]]
}

@test "tmpcopyup keeps owners, modes, links and times, and can be read-only" {
	local dir=$BUNDLE/rootfs/copied
	mkdir -p "$dir/sub" && echo x >"$dir/sub/file" && ln -s sub/file "$dir/link"
	chown 3:4 "$dir/sub/file" && chmod 4755 "$dir/sub/file"
	touch -d @1000 "$dir/sub/file"
	add_mount /copied tmpfs tmpfs tmpcopyup ro
	config_shell 'cd /copied; stat -c "%a %u:%g %Y" sub/file; cat link; readlink link
		touch new 2>&1 | grep -o "Read-only.*"'
	[[ $(gocker run -b "$BUNDLE" "$ID") == \
		$'4755 3:4 1000\nx\nsub/file\nRead-only file system' ]]
}

@test "an overlay, with few layers and with many" {
	local dir=$BATS_TEST_TMPDIR/overlay lower="" i
	mkdir -p "$dir/upper" "$dir/work"
	for i in {1..60}; do
		mkdir -p "$dir/lower-$i"
		echo "$i" >"$dir/lower-$i/file-$i"
		lower+=":$dir/lower-$i"
	done
	# shellcheck disable=SC2016 # expands in the inner shell
	on_tmpfs() {
		unshare -m --propagation private sh -c 'mount -t tmpfs tmpfs "$1/upper" &&
			mkdir "$1/upper/u" "$1/upper/w" && shift && exec "$@"' sh "$dir" "$@"
	}
	add_mount /few overlay overlay "lowerdir=$dir/lower-1:$dir/lower-2" \
		"upperdir=$dir/upper/u" "workdir=$dir/upper/w"
	add_mount /many overlay overlay "lowerdir=${lower#:}" nosuid ro
	config_shell 'cat /few/*; touch /few/new && ls /many | wc -l
		touch /many/new 2>&1 | grep -o "Read-only.*"; grep -c " /many ro,nosuid" \
			/proc/self/mountinfo'
	[[ $(on_tmpfs "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID") == \
		$'1\n2\n60\nRead-only file system\n1' ]]
}

@test "mountLabel is passed over with a warning where SELinux is off" {
	[[ ! -e /sys/fs/selinux/enforce ]] || skip "SELinux is on"
	config_edit '.linux.mountLabel = "system_u:object_r:container_file_t:s0:c1,c2"'
	config_args true
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has 'mountLabel "system_u:object_r:container_file_t:s0:c1,c2" is passed over'
	config_edit '.annotations = {"run.oci.mount_context_type": "nocontext"}'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '"nocontext" is no type of context'
}
