#!/usr/bin/env bats
# mounts.bats - root file system, mounts, devices, masked and read-only paths

load helpers

setup_test() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir "$VOLUME"
	echo content >"$VOLUME/file"
}

@test "the root is the bundle's, with nothing of the host's around it" {
	config_shell 'cat /etc/os-release; awk "\$5 == \"/\"" /proc/self/mountinfo | wc -l; ls /..'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ "$output" == "$(cat "$BUNDLE/rootfs/etc/os-release"; echo 1; ls "$BUNDLE/rootfs")" ]]
}

@test "Alpine says that it is Alpine" {
	need_alpine
	config_args cat /etc/os-release
	gocker run -b "$BUNDLE" "$ID" | grep -q 'NAME="Alpine Linux"'
}

@test "a read-only root" {
	config_edit '.root.readonly = true'
	config_shell 'touch /x 2>/dev/null || echo no; touch /dev/shm/x && echo yes'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'no\nyes' ]]
	[[ ! -e $BUNDLE/rootfs/x ]]
}

@test "a bind of a directory, writable" {
	add_mount /data bind "$VOLUME" bind
	config_shell 'cat /data/file; echo new >/data/new'
	[[ $(gocker run -b "$BUNDLE" "$ID") == content ]]
	[[ $(cat "$VOLUME/new") == new ]]
}

@test "a bind with a relative source is relative to the bundle" {
	mkdir "$BUNDLE/data"
	echo relative >"$BUNDLE/data/file"
	add_mount /data bind data bind
	config_args cat /data/file
	[[ $(gocker run -b "$BUNDLE" "$ID") == relative ]]
}

@test "a read-only bind, and the other flags" {
	add_mount /data bind "$VOLUME" bind ro nosuid nodev noexec noatime
	config_shell 'touch /data/x 2>/dev/null || echo no; grep " /data " /proc/self/mountinfo'
	run gocker run -b "$BUNDLE" "$ID"
	[[ ${lines[0]} == no && ${lines[1]} == *" ro,nosuid,nodev,noexec,noatime"* ]]
	touch "$VOLUME/still-writable"
}

@test "a file on a file that is not there yet" {
	add_mount /etc/new/dir/file bind "$VOLUME/file" bind
	config_args cat /etc/new/dir/file
	[[ $(gocker run -b "$BUNDLE" "$ID") == content ]]
	[[ -f $BUNDLE/rootfs/etc/new/dir/file && ! -s $BUNDLE/rootfs/etc/new/dir/file ]]
}

@test "bind is not recursive, rbind is, and rro reaches what is below" {
	config_edit --arg bundle "$BUNDLE" '.mounts += [
		{"destination": "/plain", "type": "bind", "source": "/dev", "options": ["bind"]},
		{"destination": "/all", "type": "bind", "source": "/dev", "options": ["rbind"]},
		{"destination": "/ro", "type": "bind", "source": "/dev",
			"options": ["rbind", "rro"]}]'
	config_shell 'grep -c " /plain/" /proc/self/mountinfo; grep -c " /all/" /proc/self/mountinfo
		grep " /ro/" /proc/self/mountinfo | grep -vc " ro[, ]"'
	run gocker run -b "$BUNDLE" "$ID"
	[[ ${lines[0]} == 0 && ${lines[1]} -gt 0 && ${lines[2]} == 0 ]]
}

@test "copy-symlink makes the symlink, src-nofollow and dest-nofollow mount it" {
	local rootfs=$BUNDLE/rootfs
	ln -s there "$VOLUME/link"
	echo below >"$rootfs/target"
	ln -s target "$rootfs/planted"
	add_mount /a/link bind "$VOLUME/link" bind copy-symlink
	add_mount /a/file bind "$VOLUME/file" bind copy-symlink
	add_mount /bound bind "$VOLUME/link" bind src-nofollow
	add_mount /planted bind "$VOLUME/file" bind dest-nofollow ro
	add_mount /new bind "$VOLUME/link" bind src-nofollow dest-nofollow
	config_shell 'readlink /a/link; cat /a/file; readlink /bound; cat /planted /target
		readlink /new; grep -c " /planted ro" /proc/self/mountinfo'
	run gocker run -b "$BUNDLE" "$ID"
	[[ $output == $'there\ncontent\nthere\ncontent\nbelow\nthere\n1' ]]
	[[ $(readlink "$rootfs/planted") == target ]]
	ln -sf elsewhere "$rootfs/a/link"
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '"/a/link" is there and is no symlink to "there"'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "tmpfs with size and mode" {
	add_mount /scratch tmpfs tmpfs nosuid size=1048576 mode=1750
	config_shell 'stat -c "%a" /scratch; df -k /scratch | tail -1 | awk "{ print \$2 }"
		dd if=/dev/zero of=/scratch/x bs=1M count=2 2>/dev/null || echo full'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'1750\n1024\nfull' ]]
}

# As runc has it: who is not root can write to a new one.
@test "tmpfs keeps the mode of a directory that is there, and is open to all where none is" {
	mkdir -m 1750 "$BUNDLE/rootfs/there"
	add_mount /there tmpfs tmpfs
	add_mount /new/one tmpfs tmpfs
	config_args stat -c %a /there /new/one /new
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'1750\n1777\n755' ]]
	[[ $(stat -c %a "$BUNDLE/rootfs/new/one") == 755 ]]
}

@test "tmpcopyup copies what was there, changes stay in the tmpfs" {
	add_mount /etc tmpfs tmpfs tmpcopyup
	config_shell 'head -1 /etc/passwd; echo changed >/etc/passwd; echo new >/etc/new'
	[[ $(gocker run -b "$BUNDLE" "$ID") == "$(head -1 "$BUNDLE/rootfs/etc/passwd")" ]]
	[[ ! -e $BUNDLE/rootfs/etc/new ]]
	[[ $(cat "$BUNDLE/rootfs/etc/passwd") != changed ]]
}

@test "propagation options" {
	add_mount /shared bind "$VOLUME" bind shared
	add_mount /slave bind "$VOLUME" bind slave
	add_mount /private bind "$VOLUME" bind private
	add_mount /unbindable bind "$VOLUME" bind unbindable
	config_shell 'grep " /shared .* shared:" /proc/self/mountinfo >/dev/null && echo shared
		grep " /private [^:]* - " /proc/self/mountinfo >/dev/null && echo private
		grep " /unbindable .* unbindable " /proc/self/mountinfo >/dev/null &&
		echo unbindable'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'shared\nprivate\nunbindable' ]]
}

@test "what the container mounts on a volume stays in the container" {
	add_mount /data bind "$VOLUME" bind
	config_edit '.process.capabilities[] += ["CAP_SYS_ADMIN"]'
	config_shell 'mkdir /data/point && mount -t tmpfs tmpfs /data/point &&
		touch /data/point/x && echo mounted'
	[[ $(gocker run -b "$BUNDLE" "$ID") == mounted ]]
	[[ ! -e $VOLUME/point/x ]]
}

@test "the usual devices and links" {
	config_shell 'for d in null zero full random urandom tty; do
			stat -c "%n %F %t:%T %a" /dev/$d; done
		for l in fd stdin stdout stderr ptmx; do readlink /dev/$l; done
		echo x >/dev/null && head -c 3 /dev/zero | od -An -tx1'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $output == "/dev/null character special file 1:3 666
/dev/zero character special file 1:5 666
/dev/full character special file 1:7 666
/dev/random character special file 1:8 666
/dev/urandom character special file 1:9 666
/dev/tty character special file 5:0 666
/proc/self/fd
/proc/self/fd/0
/proc/self/fd/1
/proc/self/fd/2
pts/ptmx
 00 00 00" ]]
}

@test "listed devices" {
	config_edit '.linux.devices = [
		{"path": "/dev/some/fuse", "type": "c", "major": 10, "minor": 229,
			"fileMode": 416, "uid": 5, "gid": 6},
		{"path": "/dev/pipe", "type": "p"}]'
	config_shell 'stat -c "%F %t:%T %a %u:%g" /dev/some/fuse; stat -c "%F %a" /dev/pipe'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'character special file a:e5 640 5:6\nfifo 666' ]]
}

@test "all kinds of devices, and those that are there already" {
	config_edit '.linux.devices = [
		{"path": "/dev/u", "type": "u", "major": 1, "minor": 3, "fileMode": 384},
		{"path": "/dev/b", "type": "b", "major": 7, "minor": 9, "gid": 6},
		{"path": "/dev/p", "type": "p", "fileMode": 420, "uid": 3},
		{"path": "/dev/zero", "type": "c", "major": 1, "minor": 5, "fileMode": 438}]'
	add_mount /dev/zero bind /dev/zero bind
	add_mount /dev/random bind /dev/urandom bind
	config_shell 'stat -c "%F %t:%T %a %u:%g" /dev/u /dev/b /dev/p /dev/zero /dev/random'
	run gocker run -b "$BUNDLE" "$ID"
	[[ $output == "character special file 1:3 600 0:0
block special file 7:9 666 0:6
fifo 0:0 644 3:0
character special file 1:5 666 0:0
character special file 1:9 666 0:0" ]]
	with_user_namespace
	config_edit 'del(.linux.devices) | .mounts |= map(.options = (.options // []) - ["gid=5"])'
	config_shell 'stat -c "%F %t:%T" /dev/zero /dev/random'
	run gocker run -b "$BUNDLE" "$ID"
	[[ $output == $'character special file 1:5\ncharacter special file 1:9' ]]
}

@test "masked paths are empty, read-only paths are read-only" {
	mkdir "$BUNDLE/rootfs/secret" "$BUNDLE/rootfs/fixed"
	echo x >"$BUNDLE/rootfs/secret/file"
	echo x >"$BUNDLE/rootfs/masked-file"
	config_edit '.linux.maskedPaths += ["/secret", "/masked-file", "/no/such/path"] |
		.linux.readonlyPaths += ["/fixed", "/no/such/path"]'
	config_shell 'ls -A /secret; touch /secret/x 2>/dev/null || echo no; wc -c </masked-file
		touch /fixed/x 2>/dev/null || echo no
		echo 1 >/proc/sys/kernel/hostname 2>/dev/null || echo no
		cat /proc/kcore | wc -c'
	run gocker run -b "$BUNDLE" "$ID"
	assert_output_has $'no\n0\nno\n'
	[[ ${lines[3]} == *no* || ${lines[4]} == *no* ]]
	[[ ${lines[-1]} == 0 ]]
}

@test "the working directory is made where it is missing" {
	config_edit '.process.cwd = "/not/there"'
	config_args pwd
	[[ $(gocker run -b "$BUNDLE" "$ID") == /not/there ]]
}

@test "the cgroup mount shows the container's own cgroup as the root" {
	config_shell 'cat /proc/self/cgroup; ls /sys/fs/cgroup
		find /sys/fs/cgroup/ -name "cgroup.procs" |
		while read -r f; do grep -l "^1\$" "$f"; done | wc -l'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $(grep '^[0-9]*:' <<<"$output" | grep -v ':/$') == "" ]]
	[[ ${lines[-1]} -gt 0 ]]
}

@test "a missing source is named, and nothing is left" {
	add_mount /data bind /no/such/source bind
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "/no/such/source"
	assert_output_has "/mounts/"
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a file system that does not exist is named" {
	add_mount /data nosuchfs none
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'mount nosuchfs on "/data"'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "mount points never lead out of the root" {
	local outside=$BATS_TEST_TMPDIR/outside
	mkdir "$outside"
	ln -s "$outside" "$BUNDLE/rootfs/link"
	ln -s ../../../../../../../../../.."$outside" "$BUNDLE/rootfs/dots"
	add_mount /link/a tmpfs tmpfs
	add_mount /dots/b bind "$VOLUME" bind
	config_args true
	gocker run -b "$BUNDLE" "$ID" || true
	[[ $(ls -A "$outside") == "" ]]
}

@test "/dev that is a symlink is refused, what it leads to stays as it is" {
	local volume=$BATS_TEST_TMPDIR/of-host
	mkdir "$volume"
	rm -rf "$BUNDLE/rootfs/dev"
	ln -s /volume "$BUNDLE/rootfs/dev"
	config_edit --arg source "$volume" '.mounts = [
		(.mounts[] | select(.destination | startswith("/dev") | not)),
		{destination: "/volume", type: "bind", $source, options: ["bind"]}]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '"/dev" is or leads through a symlink'
	[[ -z $(ls "$volume") && ! -e $TEST_ROOT/$ID ]]
}

@test "--no-pivot gives the same view, to exec as well, and leaves the host's mounts alone" {
	local before inside='cut -d" " -f4- /proc/self/mountinfo | sed "s/ master:[0-9]*//"'
	before=$(cat /proc/self/mountinfo)
	config_shell "$inside"
	gocker run -b "$BUNDLE" "$ID" >"$OUT.pivot"
	gocker run --no-pivot -b "$BUNDLE" "$ID" >"$OUT.move"
	diff "$OUT.pivot" "$OUT.move"
	config_args sleep 1000
	gocker create --no-pivot -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	gocker start "$ID"
	[[ $(gocker exec "$ID" cat /etc/os-release) == "$(cat "$BUNDLE/rootfs/etc/os-release")" ]]
	[[ $(cat /proc/self/mountinfo) == "$before" ]]
}

# below_root PID: lists /proc of what is below the container's root, as who unmounts it sees it.
below_root() {
	python3 -c '
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
fd = os.open("/proc/%s/ns/mnt" % sys.argv[1], os.O_RDONLY)
for call in (lambda: libc.setns(fd, 0), lambda: libc.umount2(b"/", 2), lambda: libc.setns(fd, 0)):
	assert call() == 0, os.strerror(ctypes.get_errno())
print(os.listdir("/proc"), os.path.exists(sys.argv[2]))' "$@"
}

@test "--no-pivot leaves nothing of the host below the root but what / itself has" {
	create_container "$ID-pivot"
	[[ $(below_root "$(container_pid "$ID-pivot")" "$BUNDLE") == "[] False" ]]
	gocker create --no-pivot -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	[[ $(below_root "$(container_pid)" "$BUNDLE") == "[] True" ]]
	with_user_namespace
	gocker create --no-pivot -b "$BUNDLE" "$ID-user" </dev/null >"$OUT" 2>&1 3>&-
	[[ $(below_root "$(container_pid "$ID-user")" "$BUNDLE") == "[] True" ]]
}

@test "--no-pivot is refused in a chroot" {
	# shellcheck disable=SC2016 # expands in the inner shell
	run unshare -m --propagation private sh -c 'mount --rbind / /mnt &&
		exec chroot /mnt "$@"' sh \
		"$GOCKER" --root "$TEST_ROOT" run --no-pivot -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "--no-pivot cannot be used in a chroot"
	[[ ! -e $TEST_ROOT/$ID ]]
}
