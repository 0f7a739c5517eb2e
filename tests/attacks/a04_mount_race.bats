#!/usr/bin/env bats
# a04_mount_race.bats - a neighbour exchanges a mount point with a symlink (CVE-2021-30465)
#
# Detects: a build whose rootfs_walk_open() looks up without RESOLVE_IN_ROOT.

load helpers

# The container's root is still below the host's when createRuntime hooks run: there they see what
# was mounted on the host's part.
setup_attack() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	SEEN=$BATS_TEST_TMPDIR/seen
	mkdir -p "$VOLUME/place/inner" "$CANARY/inner"
	HOST_BEFORE=$(host_picture)
	cat >"$BATS_TEST_TMPDIR/hook" <<-END
		#!/bin/sh
		pid=\$(sed 's/.*"pid": *\\([0-9]*\\).*/\\1/')
		grep -e ' $CANARY' -e ' / / .* tmpfs attack ' /proc/\$pid/mountinfo >>$SEEN
		exit 0
	END
	chmod +x "$BATS_TEST_TMPDIR/hook"
	config_edit --arg hook "$BATS_TEST_TMPDIR/hook" '.hooks.createRuntime = [{path: $hook}]'
	add_mount /volume bind "$VOLUME" bind
	: >"$SEEN"
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
	[[ ! -s $SEEN ]] || fail "mounted outside:" "$(sort "$SEEN" | uniq -c)"
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
