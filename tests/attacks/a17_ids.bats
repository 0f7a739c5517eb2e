#!/usr/bin/env bats
# a17_ids.bats - ids of config.json that no user has wrap to root (CVE-2024-40635)
#
# Detects: crun 1.8.1 (4294967295 and -1 are root, also in exec --process; the host's /dev/null is
# given away by its id maps), runc 1.1.5 (refuses 2147483648).

load helpers

# Written as text: jq would round them.
odd_ids=(-1 4294967295 4294967296 18446744073709551616 -4294967296 1.5 1e400 '"0"')

# refused_at PLACE FILTER [ID...]: each of the ids there is refused by its place.
refused_at() {
	local place=$1 id command=create
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good.json"
	config_edit "$2 = \"@ID@\""
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/template.json"
	shift 2
	for id in "${@-${odd_ids[@]}}"; do
		sed "s/\"@ID@\"/$id/" "$BATS_TEST_TMPDIR/template.json" >"$BUNDLE/config.json"
		run gocker $command -b "$BUNDLE" "$ID" </dev/null
		assert_status 1
		assert_output_has "config.json: $place"
		[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
		[[ $command == run ]] && command=create || command=run
	done
	cp "$BATS_TEST_TMPDIR/good.json" "$BUNDLE/config.json"
}

setup_attack() { config_args id; }

@test "the user of the process" {
	config_edit '.process.user.additionalGids = [1]'
	refused_at /process/user/uid .process.user.uid
	refused_at /process/user/gid .process.user.gid
	refused_at /process/user/additionalGids/1 .process.user.additionalGids[1]
	host_is_untouched
}

# The last is that of the size: what is in range alone leads beyond the last id, or to none.
@test "id maps and owners of devices" {
	map_ids
	config_edit '.linux.devices = [{path: "/dev/some", type: "c", major: 1, minor: 3}]'
	refused_at /linux/uidMappings/0 .linux.uidMappings[0].hostID -1 4294967295 4294967296 \
		4294967290
	refused_at /linux/gidMappings/0 .linux.gidMappings[0].containerID -1 4294967295 \
		4294967296 4294967290
	refused_at /linux/uidMappings/0 .linux.uidMappings[0].size -1 4294967295 4294967296 0
	refused_at /linux/devices/0/uid .linux.devices[0].uid -1 4294967295 4294967296
	refused_at /linux/devices/0/gid .linux.devices[0].gid -1 4294967295 4294967296
	host_is_untouched
}

@test "the user of exec --process" {
	local id member
	config_edit '.process.user = {uid: 1000, gid: 1000}'
	config_args sleep 1000
	start_container
	for member in uid gid additionalGids[0]; do
		jq ".process | .args = [\"id\"] | .user.$member = \"@ID@\"" \
			<"$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/template.json"
		for id in "${odd_ids[@]}"; do
			sed "s/\"@ID@\"/$id/" "$BATS_TEST_TMPDIR/template.json" \
				>"$BATS_TEST_TMPDIR/process.json"
			run gocker exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
			[[ $status != 0 && $output != uid=* ]] || fail "$member $id: $output"
			assert_status 255
			assert_output_has "/user/${member%\[0\]}"
		done
	done
	host_is_untouched
}

# The largest that there is, and what is negative as an int.
@test "large ids are exact" {
	local id
	# shellcheck disable=SC2016 # expands in the container
	config_shell 'echo $(id -u) $(id -g) $(id -G)'
	for id in 2147483647 2147483648 4294967294; do
		# shellcheck disable=SC2016 # the dollar is jq's
		config_edit --argjson id "$id" '.process.user = {uid: $id, gid: $id,
			additionalGids: [$id]}'
		run_once
		assert_status 0
		[[ $output == "$id $id $id" ]] || fail "$output"
	done
	host_is_untouched
}
