#!/usr/bin/env bats
# a15_dev_link.bats - /dev of the image is a symlink (CVE-2026-41579, CVE-2026-47766)
#
# Detects: runc 1.1.5 (symlinks like /dev/fd are made on the host), a build whose rootfs_walk_open()
# looks up without RESOLVE_IN_ROOT; where something is mounted, only if mount_attach.c does not look
# again where a mount is, either.

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
	done
	nothing_mounted_outside
	host_is_untouched
}

setup_attack() {
	config_args stat -c %t:%T /dev/null
	watch_mounts
}

@test "something is mounted on it" {
	attack
}

@test "nothing is mounted on it" {
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	attack
}

@test "something is mounted on it, in a user namespace" {
	with_user_namespace
	attack
}

# Its root may write to what it would reach.
@test "nothing is mounted on it, in a user namespace" {
	with_user_namespace
	chown -R 100000:100000 "$CANARY"
	HOST_BEFORE=$(host_picture)
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	attack
}

@test "it is a symlink only now and then" {
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	ln -s "$CANARY" "$BUNDLE/rootfs/link"
	flip "$BUNDLE/rootfs/dev" "$BUNDLE/rootfs/link"
	race run_once
	host_is_untouched
}
