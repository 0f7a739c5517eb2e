#!/usr/bin/env bats
# a04_mount_race.bats - a neighbour exchanges a mount point with a symlink (CVE-2021-30465)
#
# Detects: a build whose rootfs_walk_open() looks up without RESOLVE_IN_ROOT; where the symlink is
# to the root, only if mount_attach.c does not look again where a mount is, either.

load helpers

setup_attack() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir -p "$VOLUME/place/inner" "$CANARY/inner"
	HOST_BEFORE=$(host_picture)
	watch_mounts
	add_mount /volume bind "$VOLUME" bind
}

# The mount is in the container, under whatever name by now, or create has failed.
inside_or_refused() {
	run_once || return
	[[ $status != 0 || $output == /?* ]] || fail "not in the container: $output"
}

print_mounts='awk "\$9 == \"attack\" || \$10 == \"attack\" { print \$5 }" /proc/self/mountinfo'

attack() {
	ln -s "$1" "$VOLUME/link"
	add_mount "$2" tmpfs attack
	config_shell "$print_mounts"
	flip "$VOLUME/place" "$VOLUME/link"
	race inside_or_refused
	nothing_mounted_outside
	host_is_untouched
}

@test "a mount point is now a directory, now a symlink to a directory of the host" {
	attack "$CANARY" /volume/place
}

@test "the same by way of .." {
	attack "../../../../../../../../../../..$CANARY" /volume/place
}

@test "the directory above the mount point is exchanged" {
	attack "$CANARY" /volume/place/inner
}

@test "a symlink to the root" {
	attack / /volume/place
}
