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

kinds=(proc self file fifo zero block directory host)

@test "/dev of the image has another null" {
	local kind
	without_mount /dev
	for kind in "${kinds[@]}"; do
		plant_null "$kind" "$BUNDLE/rootfs/dev/null"
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
		plant_null "$kind" "$VOLUME/null"
		masked_or_refused
		[[ $status != 0 ]] || fail "$kind is taken for the null device"
	done
	host_is_untouched
}

@test "the null of a volume is exchanged meanwhile" {
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	add_mount /dev bind "$VOLUME" bind
	mknod -m 666 "$VOLUME/null" c 1 3
	plant_null proc "$VOLUME/other"
	flip "$VOLUME/null" "$VOLUME/other"
	race masked_or_refused
	host_is_untouched
}
