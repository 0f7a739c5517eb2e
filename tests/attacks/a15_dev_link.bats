#!/usr/bin/env bats
# a15_dev_link.bats - /dev of the image is a symlink (CVE-2026-41579, CVE-2026-47766)
#
# Detects: runc 1.1.5 (symlinks like /dev/fd are made on the host), a build whose rootfs_walk_open()
# looks up without RESOLVE_IN_ROOT.

load helpers

targets() {
	echo "$CANARY" "../../../../../../../../../..$CANARY" "$CANARY/directory" dev / .. . none \
		/proc/self/root /proc/1/root"$CANARY" tmp
}

planted() {
	rm -rf "$BUNDLE/rootfs/dev"
	ln -s "$1" "$BUNDLE/rootfs/dev"
}

attack() {
	local target
	for target in $(targets); do
		planted "$target"
		run_once
		[[ $status != 0 || $output == 1:3 ]] || fail "/dev leads to $target: $output"
		host_is_untouched
		rm -rf "$BUNDLE/rootfs"
		cp -a "$ROOTFS_TEMPLATE" "$BUNDLE/rootfs"
	done
}

setup_attack() { config_args stat -c %t:%T /dev/null; }

@test "something is mounted on it" {
	attack
}

@test "nothing is mounted on it" {
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	attack
}

@test "in a user namespace" {
	map_ids
	config_edit '.mounts |= map(.options = (.options // []) - ["gid=5"])'
	attack
}

@test "it is a symlink only now and then" {
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	ln -s "$CANARY" "$BUNDLE/rootfs/link"
	flip "$BUNDLE/rootfs/dev" "$BUNDLE/rootfs/link"
	race run_once
	host_is_untouched
}
