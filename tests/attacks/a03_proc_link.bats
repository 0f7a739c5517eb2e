#!/usr/bin/env bats
# a03_proc_link.bats - /proc or /sys of the image is a symlink (CVE-2019-19921, CVE-2023-27561)
#
# Detects: a build whose mount_attach.c takes /proc and /sys for directories like others.

load helpers

# planted NAME TARGET: it leads to TARGET, in which a mount would be made.
planted() {
	rm -rf "$BUNDLE/rootfs/$1"
	ln -s "$2" "$BUNDLE/rootfs/$1"
}

setup_attack() { config_args true; }

refused() {
	local text
	run_once
	assert_status 1
	for text; do
		assert_output_has "$text"
	done
}

@test "/proc and /sys are symlinks" {
	local name target
	mkdir "$BUNDLE/rootfs/other"
	for name in proc sys; do
		for target in tmp /tmp other ../../../.. "$CANARY" "$name" none /; do
			planted "$name" "$target"
			refused "/$name"
		done
		rm "$BUNDLE/rootfs/$name"
		mkdir "$BUNDLE/rootfs/$name"
	done
	host_is_untouched
}

@test "the message names the symlink" {
	planted proc /tmp
	refused 'mount proc on "/proc"' "is or leads through a symlink"
	rm "$BUNDLE/rootfs/proc"
	mkdir "$BUNDLE/rootfs/proc"
	planted sys tmp
	refused 'mount sysfs on "/sys"' '"/sys" is or leads through a symlink'
	host_is_untouched
}

# What a sibling shares with the container: the directory above is the volume's.
@test "a procfs is mounted on a place that leads through a symlink" {
	mkdir -p "$BATS_TEST_TMPDIR/volume"/{a,b}
	ln -s a "$BATS_TEST_TMPDIR/volume/link"
	add_mount /volume bind "$BATS_TEST_TMPDIR/volume" bind
	add_mount /volume/link/proc proc proc
	refused "is or leads through a symlink"
	[[ $(ls "$BATS_TEST_TMPDIR/volume/a") == "" ]]
	host_is_untouched
}
