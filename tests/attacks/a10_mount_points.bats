#!/usr/bin/env bats
# a10_mount_points.bats - the directory in which something is made is exchanged (CVE-2024-45310)
#
# Detects: runc 1.1.5 (directories on the host), a build whose rootfs_walk() follows symlinks.

load helpers

setup_attack() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir -p "$VOLUME/place"
	ln -s "$CANARY" "$VOLUME/link"
	add_mount /volume bind "$VOLUME" bind
	config_args true
}

nothing_outside() {
	run_once || return
	# It follows no symlinks, whichever of the two is one.
	find "$VOLUME" -mindepth 2 -delete 2>/dev/null || true
	[[ $(ls "$CANARY") == $'directory\nfile' ]] || fail "made outside: $(ls "$CANARY")"
}

attack() {
	flip "$VOLUME/place" "$VOLUME/link"
	race nothing_outside
	host_is_untouched
}

@test "a directory to mount on" {
	add_mount /volume/place/some/where tmpfs tmpfs
	attack
}

@test "a file to mount on" {
	add_mount /volume/place/some/file bind /etc/hostname bind
	attack
}

@test "a symlink in the place of a mount" {
	ln -s nowhere "$BATS_TEST_TMPDIR/symlink"
	add_mount /volume/place/new bind "$BATS_TEST_TMPDIR/symlink" bind copy-symlink
	attack
}

@test "a device" {
	config_edit '.linux.devices = [{path: "/volume/place/node", type: "c", major: 1, minor: 3}]'
	attack
}

@test "the working directory" {
	config_edit '.process.cwd = "/volume/place/work"'
	attack
}
