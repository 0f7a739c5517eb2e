#!/usr/bin/env bats
# a14_exec_user.bats - an odd user of exec becomes root (CVE-2026-30892)
#
# Detects: runc 1.1.5 (-0 is root), crun 1.8.1 (-1 and 4294967295 are root, and so is exec without a
# user), a build whose number_parse_id() reads with strtoul().

load helpers

# What is no number, wraps in 32 bits, or means "leave it as it is" to setresuid(2).
odd_ids=(abc -1 -0 +1 " 1" "1 " 0x0 0x1 1.0 1e0 4294967295 4294967296 18446744073709551616 root)

# The image says that all those names are root's. The container's program is nobody of importance.
setup_attack() {
	local id
	for id in "${odd_ids[@]}" 1 1000; do
		echo "$id:x:0:0::/root:/bin/sh" >>"$BUNDLE/rootfs/etc/passwd"
		echo "$id:x:0:" >>"$BUNDLE/rootfs/etc/group"
	done
	config_edit '.process.user = {uid: 1000, gid: 1000}'
	start_container
}

# refused OPTION VALUE: of exec, and the message shows the value.
refused() {
	run gocker exec "$1" "$2" "$ID" id
	[[ $status != 0 && $output != uid=* ]] || fail "$1 \"$2\": $output"
	assert_status 255
	assert_output_has "\"$2\""
}

@test "a uid that is none, and a gid" {
	local id
	for id in "${odd_ids[@]}"; do
		refused --user "$id"
		refused --user "1:$id"
	done
	for id in "" :1 1: : 1:1: "1:1 " -1:1; do
		refused --user "$id"
	done
	host_is_untouched
}

@test "a further group that is none" {
	local id
	for id in "${odd_ids[@]}"; do
		refused --additional-gids "$id"
	done
	host_is_untouched
}

# exec_is EXPECTED OPTION...
exec_is() {
	run gocker exec "${@:2}" "$ID" sh -c 'echo $(id -u) $(id -g) $(id -G)'
	[[ $status == 0 && $output == "$1" ]] || fail "${*:2}: $output"
}

@test "a number is the user of that number, whatever the image calls so" {
	exec_is "1000 1000 1000"
	exec_is "1 1000 1000" --user 1
	exec_is "1 2 2" --user 1:2
	exec_is "1 2 2 3" --user 01:02 --additional-gids 3
	exec_is "4294967294 4294967294 4294967294" --user 4294967294:4294967294
	exec_is "2147483648 2147483647 2147483647" --user 2147483648:2147483647
	host_is_untouched
}

@test "the user of gocker-bundle" {
	local id dir=$BATS_TEST_TMPDIR/new
	need_command busybox
	for id in -1 4294967295 4294967296 18446744073709551616 0x0 " 1" abc "" 1: :1; do
		run "$GOCKER_BUNDLE" init busybox --user "$id" "$dir"
		assert_status 1
		assert_output_has "\"$id\""
		[[ ! -e $dir ]] || fail "a bundle was made"
	done
	host_is_untouched
}
