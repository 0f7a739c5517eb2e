#!/usr/bin/env bats
# a12_masks.bats - masks are made of a /dev/null that is something else (CVE-2025-31133)
#
# Detects: runc 1.1.5 (the mask is a file of procfs), a build whose mask_paths() takes any
# /dev/null.

load helpers

# The program prints what it finds in the place of the secret: nothing, if the mask masks.
setup_attack() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir "$VOLUME"
	echo secret >"$BUNDLE/rootfs/secret"
	config_edit '.linux.maskedPaths = ["/secret"]'
	config_args cat /secret
}

masked_or_refused() {
	run_once || return
	[[ $status != 0 || $output == "" ]] || fail "not masked: $output" || return
	[[ $(<"$BUNDLE/rootfs/secret") == secret ]]
}

# plant KIND PATH
plant() {
	rm -rf "$2"
	case $1 in
	proc) ln -s /proc/sys/kernel/ostype "$2" ;;
	self) ln -s null "$2" ;;
	file) echo planted >"$2" ;;
	fifo) mkfifo "$2" ;;
	zero) mknod "$2" c 1 5 ;;
	block) mknod "$2" b 1 3 ;;
	directory) mkdir "$2" ;;
	host) ln -s "../../../../../../../../..$CANARY/file" "$2" ;;
	esac
}

kinds=(proc self file fifo zero block directory host)

@test "/dev of the image has another null" {
	local kind
	without_mount /dev
	for kind in "${kinds[@]}"; do
		plant "$kind" "$BUNDLE/rootfs/dev/null"
		masked_or_refused
		[[ $status != 0 ]] || fail "$kind is taken for the null device"
	done
	host_is_untouched
}

@test "/dev is a volume that has another null" {
	local kind
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	add_mount /dev bind "$VOLUME" bind
	for kind in "${kinds[@]}"; do
		plant "$kind" "$VOLUME/null"
		masked_or_refused
		[[ $status != 0 ]] || fail "$kind is taken for the null device"
	done
	host_is_untouched
}

@test "the null of a volume is exchanged meanwhile" {
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	add_mount /dev bind "$VOLUME" bind
	mknod -m 666 "$VOLUME/null" c 1 3
	plant proc "$VOLUME/other"
	flip "$VOLUME/null" "$VOLUME/other"
	race masked_or_refused
	host_is_untouched
}
