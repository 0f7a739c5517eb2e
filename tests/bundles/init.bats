#!/usr/bin/env bats
# init.bats - gocker-bundle init: bundles from local archives and busybox, and that they are whole

load helpers

# as_nobody COMMAND...
as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }

# in_full COMMAND: a line for a shell, in a mount namespace where $WORK/full is a disk of 1 MiB.
# shellcheck disable=SC2016 # expands in the inner shell
in_full() {
	unshare -m --propagation private sh -c '
		mount -t tmpfs -o size=512k tmpfs "$1" && cd "$1" && eval "$2"
		status=$?
		[ -z "$(find . -mindepth 1)" ] || find .
		exit $status' sh "$WORK/full" "$1"
}

@test "help and version" {
	run bundle --help
	assert_status 0
	assert_output_has "init       make a bundle"
	run bundle init --help
	assert_status 0
	assert_output_has "--rootfs-archive FILE"
	run bundle --version
	[[ $output =~ ^gocker-bundle\ [0-9]+\.[0-9]+ ]]
}

@test "a local archive, with its checksum" {
	run bundle init alpine --rootfs-archive "$ARCHIVE" --sha512 "$SUM"
	assert_status 0
	[[ $output == "bundle \".\" made from archive \"$ARCHIVE\"" ]]
	is_alpine .
	bundle init archive new --rootfs-archive "$ARCHIVE" --sha512 "${SUM^^}"
	is_alpine new
	[[ ! -e $XDG_CACHE_HOME ]]
}

tree_of() { (cd "$1" && find . -mindepth 1 -printf '%p %M %U %G %l %T@\n' | sort); }

@test "names, owners, modes, links and times are those of the archive" {
	mkdir "$BATS_TEST_TMPDIR/tar"
	tar -xzpf "$ARCHIVE" --numeric-owner -C "$BATS_TEST_TMPDIR/tar"
	bundle init alpine --rootfs-archive "$ARCHIVE" new
	diff <(tree_of "$BATS_TEST_TMPDIR/tar") <(tree_of new/rootfs)
	diff -r --no-dereference "$BATS_TEST_TMPDIR/tar" new/rootfs
}

modes_of() { (cd "$1" && find . -printf '%p %m\n' | sort); }

@test "the umask does not matter for the rootfs" {
	(umask 077 && bundle init busybox one)
	(umask 000 && bundle init busybox two)
	[[ $(stat -c %a one one/rootfs one/rootfs/bin one/rootfs/tmp) == $'700\n755\n755\n1777' ]]
	diff <(modes_of one) <(modes_of two)
}

@test "compressed by bzip2, xz, zstd, or not at all" {
	local tool
	gzip -dc "$ARCHIVE" >plain.tar
	bundle init archive --rootfs-archive plain.tar plain
	is_alpine plain
	for tool in bzip2 xz zstd; do
		command -v "$tool" >/dev/null || continue
		"$tool" -1 <plain.tar >"by-$tool"
		bundle init archive --rootfs-archive "by-$tool" "new-$tool"
		is_alpine "new-$tool"
	done
}

@test "archives that are not there, are no files, have another sum" {
	fails_with 'open archive "none.tar": no such file' \
		bundle init alpine --rootfs-archive none.tar new
	fails_with 'archive "/dev/null" is not a regular file' \
		bundle init alpine --rootfs-archive /dev/null new
	fails_with "archive \"$WORK\" is not a regular file" \
		bundle init alpine --rootfs-archive "$WORK" new
	fails_with "but --sha512 says 0000000000000000" \
		bundle init alpine --rootfs-archive "$ARCHIVE" --sha512 "${SUM//[0-9a-f]/0}" new
	fails_with "is not 128 hexadecimal digits" \
		bundle init alpine --rootfs-archive "$ARCHIVE" --sha512 abc new
}

@test "an existing bundle is replaced with --force only" {
	bundle init busybox
	echo changed >>rootfs/etc/profile
	touch mine
	fails_with 'has a config.json already: choose another directory, or replace it with' \
		bundle init alpine --rootfs-archive "$ARCHIVE"
	rm config.json
	fails_with '"." has a rootfs already' bundle init busybox .
	echo '{}' >config.json
	bundle init alpine --rootfs-archive "$ARCHIVE" --force
	[[ $(ls -A) == $'config.json\nmine\nrootfs' ]]
	grep -q '^ID=alpine$' rootfs/etc/os-release
	[[ $(config .hostname) == '"alpine"' ]]
	rm -r rootfs
	bundle init busybox -f .
	[[ -x rootfs/bin/busybox ]]
}

@test "--force that fails leaves the old bundle as it was" {
	bundle init busybox
	cp config.json "$BATS_TEST_TMPDIR/before"
	tar -cf "$BATS_TEST_TMPDIR/broken.tar" -T /dev/null
	fails_with "holds nothing" \
		bundle init archive --force --rootfs-archive "$BATS_TEST_TMPDIR/broken.tar"
	cmp config.json "$BATS_TEST_TMPDIR/before"
	# and where config.json cannot take its place
	rm config.json
	mkdir config.json
	mount_on_config() {
		unshare -m --propagation private sh -c \
			'mount -t tmpfs tmpfs config.json && exec "$@"' sh "$@"
	}
	fails_with 'put "./config.json" in place' \
		mount_on_config "$GOCKER_BUNDLE" init archive --force \
		--rootfs-archive "$ARCHIVE"
	[[ -x rootfs/bin/busybox && ! -e rootfs/etc/alpine-release ]]
}

@test "symlinks in the bundle are replaced, never followed" {
	mkdir "$BATS_TEST_TMPDIR/away"
	echo canary >"$BATS_TEST_TMPDIR/away/canary"
	ln -s "$BATS_TEST_TMPDIR/away" rootfs
	ln -s "$BATS_TEST_TMPDIR/away/canary" config.json
	bundle init busybox --force
	[[ $(cat "$BATS_TEST_TMPDIR/away/canary") == canary ]]
	[[ $(ls -A "$BATS_TEST_TMPDIR/away") == canary ]]
	[[ ! -L rootfs && ! -L config.json ]]
}

@test "directories are made where they are not there, and taken back on failure" {
	bundle init busybox a/b/c
	[[ $(stat -c %a a a/b a/b/c) == $'755\n755\n700' ]]
	tar -cf "$BATS_TEST_TMPDIR/broken.tar" -T /dev/null
	fails_with "holds nothing" \
		bundle init archive --rootfs-archive "$BATS_TEST_TMPDIR/broken.tar" d/e/f
	fails_with "holds nothing" \
		bundle init archive --rootfs-archive "$BATS_TEST_TMPDIR/broken.tar" a/d/e
	touch file
	fails_with 'open "file": not a directory' bundle init busybox file
	fails_with '"file/x"' bundle init busybox file/x
	fails_with 'open "": no such file' bundle init busybox ""
}

@test "busybox: what a container needs" {
	bundle init busybox
	[[ $(readlink rootfs/bin/sh) == /bin/busybox ]]
	cmp rootfs/bin/busybox "$(command -v busybox)"
	[[ $(chroot rootfs /bin/sh -c 'id -un; ls -d /tmp /proc /dev; echo $((6 * 7))') == \
		$'root\n/dev\n/proc\n/tmp\n42' ]]
	[[ $(stat -c %a rootfs/tmp rootfs/root rootfs/etc/shadow) == $'1777\n700\n600' ]]
	grep -q '^ID=busybox$' rootfs/etc/os-release
}

@test "busybox that is none, or is dynamic" {
	fails_with 'open "/none": no such file' bundle init busybox --busybox /none new
	fails_with 'is not static: install busybox-static or give one with --busybox' \
		bundle init busybox --busybox "$(command -v bash)" new
	echo "#!/bin/sh" >script
	fails_with '"script" is not a program of this machine' \
		bundle init busybox --busybox script new
	fails_with 'is not a regular file' bundle init busybox --busybox /dev/null new
	head -c 5000 "$(command -v busybox)" >half
	fails_with '"half"' bundle init busybox --busybox half new
}

@test "with --userns all owners are shifted" {
	bundle init busybox --userns 100000:65536 one
	bundle init alpine --rootfs-archive "$ARCHIVE" --userns 100000:65536 two
	[[ -z $(find one/rootfs two/rootfs -uid -100000) ]]
	[[ -z $(find one/rootfs two/rootfs -gid -100000) ]]
	[[ -z $(find one two -maxdepth 0 -not -perm 711) ]]
}

@test "without root: all belongs to the user, who is root in the container" {
	chmod 711 "$BATS_RUN_TMPDIR"{,/file,/test} "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	chown 65534:65534 "$WORK"
	as_nobody "$GOCKER_BUNDLE" init alpine --rootfs-archive "$ARCHIVE"
	is_alpine .
	[[ -z $(find . -not -uid 65534) ]]
	[[ $(config '.linux.uidMappings, .linux.gidMappings') == \
$'[{"containerID":0,"hostID":65534,"size":1}]\n[{"containerID":0,"hostID":65534,"size":1}]' ]]
	fails_with "option --userns needs root" as_nobody "$GOCKER_BUNDLE" init busybox \
		--userns 1:1000 new
	chown 0:0 "$WORK"
	fails_with 'make "new": permission denied: choose a directory that can be written' \
		as_nobody "$GOCKER_BUNDLE" init busybox new
}

@test "a full disk: nothing is left on it" {
	mkdir full
	fails_with "no space left on device: free some space or choose another directory" \
		in_full "'$GOCKER_BUNDLE' init alpine --rootfs-archive '$ARCHIVE' new"
	assert_output_has 'unpack "'
	fails_with "no space left on device: free some space" \
		in_full "'$GOCKER_BUNDLE' init busybox new"
	assert_output_has 'make "bin/busybox"'
	mirror_files "$BATS_TEST_TMPDIR/mirror"
	export GOCKER_ALPINE_MIRROR=file://$BATS_TEST_TMPDIR/mirror
	fails_with ".tar.gz\": no space left on device: free some space" \
		in_full "XDG_CACHE_HOME=\$PWD/cache '$GOCKER_BUNDLE' init alpine '$WORK/new'"
}

@test "files that may not grow: ulimit -f" {
	fails_with 'file too large: see "ulimit -f"' bash -c \
		"ulimit -f 100; exec '$GOCKER_BUNDLE' init busybox new"
}

@test "interrupted while it unpacks: removes what it made" {
	local pid status signal log=$BATS_TEST_TMPDIR/log
	# 3 GiB of nothing behind the head of a file
	"$TEST_SOURCES/tests/bundles/hostile" zeros "$BATS_TEST_TMPDIR/zeros.tar" /none
	truncate -s 3G "$BATS_TEST_TMPDIR/zeros.tar"
	for signal in INT TERM HUP; do
		env --default-signal=INT "$GOCKER_BUNDLE" init archive --max-size 20G \
			--rootfs-archive "$BATS_TEST_TMPDIR/zeros.tar" a/new >"$log" 2>&1 3>&- &
		pid=$!
		wait_until compgen -G "a/new/.gocker-bundle.*/rootfs/zeros" >/dev/null
		kill "-$signal" "$pid"
		status=0
		wait "$pid" || status=$?
		((status == 128 + $(kill -l "$signal"))) || fail "status $status"
		grep -q "interrupted by SIG$signal$" "$log"
		[[ -z $(ls -A) ]] || fail "left: $(find .)"
	done
}

@test "signals that were ignored stay ignored: nohup" {
	nohup "$GOCKER_BUNDLE" init busybox new >log 2>&1
	[[ -x new/rootfs/bin/busybox ]]
}

@test "closed standard streams, and a folder that is gone" {
	bundle init busybox new <&- >&- 2>&-
	[[ $(ls -A new) == $'config.json\nrootfs' ]]
	jq empty new/config.json
	# a warning must not end up in what was opened as descriptor 2
	"$TEST_SOURCES/tests/bundles/hostile" devices devices.tar /none
	sha512sum devices.tar new/config.json >sums
	bundle init archive --rootfs-archive devices.tar other <&- >&- 2>&-
	sha512sum --quiet -c sums
	jq empty other/config.json
	mkdir gone
	cd gone
	rmdir ../gone
	run bundle init busybox
	assert_status 1
}

has_grandchild() {
	local child
	child=$(pgrep -P "$1") && pgrep -P "$child" >/dev/null
}

@test "the container of the default bundle waits, and ends when it is told to" {
	local outer end=0
	bundle init busybox
	mapfile -t command < <(jq -r '.process.args[]' config.json)
	# a shell opens it for what runs in its background
	: >rootfs/dev/null
	# as process 1 of a pid namespace, as in a container
	unshare -p -f --kill-child chroot rootfs "${command[@]}" </dev/null >/dev/null 2>&1 3>&- &
	outer=$!
	# it has come to its "sleep"
	wait_until has_grandchild "$outer"
	kill -TERM "$(pgrep -P "$outer")"
	wait "$outer" || end=$?
	[[ $end == 0 ]]
}
