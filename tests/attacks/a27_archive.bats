#!/usr/bin/env bats
# a27_archive.bats - an archive for gocker-bundle that reaches for the host or fills it
#
# Detects: a build that takes any name, follows symlinks on the way (entry.c), makes device nodes,
# or does not add up sizes (unpack.c)
# Wrong checksums, redirects to another host and what else a mirror can do, and what an interrupted
# unpacking leaves: tests/bundles/mirror.bats and init.bats.

load ../bundles/helpers

# Stands for all of the host that is not the bundle: its content, modes and times are written down.
# The archives name it, and are made once.
setup_test() {
	VICTIM=$BATS_FILE_TMPDIR/victim
	HOSTILE=$BATS_FILE_TMPDIR/hostile
	rm -rf "$VICTIM"
	mkdir "$VICTIM"
	if [[ ! -d $HOSTILE ]]; then
		mkdir "$HOSTILE"
		"$TEST_SOURCES/tests/bundles/hostile" small "$HOSTILE" "$VICTIM"
	fi
	echo "canary" >"$VICTIM/canary"
	chmod 755 "$VICTIM"
	touch -d @1000000000 "$VICTIM/canary" "$VICTIM"
	VICTIM_BEFORE=$(victim_state)
}

victim_state() {
	cat "$VICTIM"/*
	find "$VICTIM" -printf '%p %m %U %n %T@ %l\n' | sort
}

untouched() {
	[[ $(victim_state) == "$VICTIM_BEFORE" ]] || fail "the host was changed: $(victim_state)"
	[[ -z $(find "$BATS_TEST_TMPDIR" -name planted ! -path "$WORK/*/rootfs/*") ]] ||
		fail "something is planted"
}

# attack NAME [OPTION...]: what "hostile" makes, unpacked into "new".
attack() {
	[[ -e $HOSTILE/$1.tar ]] ||
		"$TEST_SOURCES/tests/bundles/hostile" "$1" "$HOSTILE/$1.tar" "$VICTIM"
	bundle init archive --rootfs-archive "$HOSTILE/$1.tar" "${@:2}" new
}

# refused NAME TEXT [OPTION...]
refused() {
	fails_with "$2" attack "$1" "${@:3}"
	assert_output_has "archive \"$HOSTILE/$1.tar\": "
	untouched
}

# harmless NAME: unpacked, and all of it is inside.
harmless() {
	run attack "$1"
	assert_status 0
	untouched
}

@test "names with .." {
	refused dotdot 'name "../planted" has ".."'
	refused inner_dotdot 'name "a/../../../planted" has ".."'
	refused dotdot_directory 'has ".."'
}

@test "absolute names and none" {
	refused absolute "name \"$VICTIM/planted\" is absolute"
	refused empty_name 'name "" is empty'
}

@test "a symlink and then a file behind it" {
	refused symlink_parent 'unpack "out/planted": "out" is a symlink'
	refused symlink_relative '"a" is a symlink'
	refused symlink_chain '"a" is a symlink'
	refused symlink_late '"a" is a symlink'
	refused symlink_directory '"a" is a symlink'
	refused symlink_root 'is the root, but no directory'
	refused file_parent '"f" is a symlink or a file and no directory'
}

@test "a symlink and then a file, a directory or a mode in its place" {
	harmless symlink_file
	[[ -f new/rootfs/a && ! -L new/rootfs/a ]]
	rm -r new
	harmless symlink_becomes_directory
	[[ -f new/rootfs/a/planted && ! -L new/rootfs/a ]]
	rm -r new
	harmless mode_through_symlink
}

@test "hard links to the outside" {
	refused hard_link_outside "hard link to \"$VICTIM/canary\" is absolute"
	refused hard_link_dotdot 'hard link to "../../canary" has ".."'
	refused hard_link_through_symlink '"s" is a symlink'
	refused hard_link_data 'Damaged tar archive'
	harmless hard_link_to_symlink
	[[ $(cat new/rootfs/a) == planted ]]
}

@test "device nodes are left out, the rest is there" {
	run attack devices
	assert_status 0
	assert_output_has "warning: 2 device nodes or sockets of the archive were left out"
	[[ -p new/rootfs/fifo && -z $(ls -A new/rootfs/dev) ]]
	[[ -z $(find new -type b -o -type c) ]]
	untouched
}

@test "set-user-ID and capabilities stay where nobody else can reach them" {
	# as this archive's folder is closed to others
	chmod 711 "$WORK"
	run attack setuid
	assert_status 0
	[[ $(stat -c %a new new/rootfs/bin/su) == $'700\n6755' ]]
	getcap new/rootfs/bin/ping | grep -q cap_sys_admin=ep
	untouched
}

@test "set-user-ID and capabilities are left out where others could use them" {
	chmod 711 "$BATS_RUN_TMPDIR"{,/file,/test} "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	mkdir new
	chmod 755 new
	if [[ -n $(closed_above "$WORK") ]]; then
		skip "the tests' folder is below $(closed_above "$WORK"), which others cannot enter"
	fi
	run attack setuid
	assert_status 0
	assert_output_has "set-user-ID bits or capabilities of 2 files were left out"
	[[ $(stat -c %a new/rootfs/bin/su) == 755 ]]
	no_capabilities
}

# getcap's status as well: one that is not there prints nothing either.
no_capabilities() {
	run getcap new/rootfs/bin/ping
	assert_status 0
	[[ -z $output ]]
}

# The first folder on the way to it that others cannot enter.
closed_above() {
	local dir=$1
	while [[ $dir != / ]]; do
		((0$(stat -c %a "$dir") & 011)) || echo "$dir"
		dir=$(dirname "$dir")
	done
}

@test "with --userns the owners are shifted, and file capabilities are left out" {
	run attack setuid --userns 100000:65536
	assert_status 0
	[[ $(stat -c '%a %u:%g' new new/rootfs new/rootfs/bin new/rootfs/bin/su) == "711 0:0
755 100000:100000
755 100000:100000
6755 100000:100000" ]]
	no_capabilities
	refused_owners
}

refused_owners() {
	rm -r new
	refused owners 'owner 70000:70000 is outside of the 65536 ids of the user namespace' \
		--userns 100000:65536
	run attack owners
	[[ $(stat -c %u:%g new/rootfs/mine) == 70000:70000 ]]
}

@test "attributes that speak to the host's kernel are left out" {
	run attack setuid
	run python3 -c 'import os; print(sorted(os.listxattr("new/rootfs/bin/ping")))'
	[[ $output == "['security.capability', 'user.note']" ]]
}

@test "10 GiB of zeros, announced or as holes; --max-size" {
	refused zeros 'unpack "zeros": more than 4294967296 bytes in all: see --max-size'
	refused holes 'unpack "holes": more than 4294967296 bytes in all: see --max-size'
	refused long_component 'is too long'
	refused setuid 'more than 12 bytes in all' --max-size 12
	fails_with 'option --max-size: "-1" is not a size' attack setuid --max-size=-1
}

@test "a million entries and one" {
	refused many 'more than 1000000 entries'
}

@test "names that are too long or too deep" {
	refused long_name 'is too long'
	refused deep 'is too long'
}

@test "truncated and empty" {
	refused truncated 'unpack "large": Truncated tar archive'
	refused empty 'holds nothing'
	head -c 100000 /dev/urandom >random
	fails_with 'archive "random": Unrecognized archive format: a tar archive is wanted' \
		bundle init archive --rootfs-archive random new
	head -c 100000 "$ARCHIVE" >cut.tar.gz
	fails_with 'archive "cut.tar.gz": ' bundle init archive --rootfs-archive cut.tar.gz new
}

@test "odd names are kept as they are" {
	harmless odd_names
	cd new/rootfs
	[[ -f $'new\nline' && -f 'b\ack' && -f été && -f ... ]]
}

@test "without root, a closed directory of a hostile archive is removed as well" {
	chmod 711 "$BATS_RUN_TMPDIR"{,/file,/test} "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	chown 65534:65534 "$WORK"
	fails_with 'has ".."' setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$GOCKER_BUNDLE" init archive --rootfs-archive "$HOSTILE/closed.tar" new
	untouched
}
