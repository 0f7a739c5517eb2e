#!/usr/bin/env bats
# network_command.bats - gocker network: what it tells, what it removes, what it refuses

load helpers
load network

setup_test() {
	need_command nft
	PEERS=()
	make_host
}

teardown_test() {
	local id
	for id in $(gocker list -q); do
		gocker delete --force "$id"
	done
	remove_host
}

# table: what ls prints, with one blank between the columns.
table() { gocker network ls | sed 's/  */ /g'; }

@test "ls: bridges, networks, containers, addresses, ports, as a table and as JSON" {
	local title="BRIDGE NETWORK CONTAINER ADDRESS PORTS"
	[[ $(table) == "$title" ]]
	[[ $(gocker network ls --format json) == "[]" ]]
	[[ ! -e $TEST_ROOT ]] || [[ -z $(gocker list -q) ]]
	net type=bridge address=auto,fd00::5/64 \
		"ports=8080:80,9000-9002:90-92/udp,127.0.0.1:81:81,[2001:db8::1]:82:82" \
		1.type=bridge 1.bridge=second 1.name=eth1 1.address=10.8.0.9/16 1.nat=false
	create_container
	[[ $(table) == "$title
gocker0 10.0.0.1/24 $ID 10.0.0.2 8080:80/tcp,127.0.0.1:81:81/tcp,9000-9002:90-92/udp
gocker0 fd00::1/64 $ID fd00::5 8080:80/tcp,[2001:db8::1]:82:82/tcp,9000-9002:90-92/udp
second 10.8.0.1/16 $ID 10.8.0.9 -" ]] || fail "$(table)"
	run gocker network ls -f json
	jq -e --arg id "$ID" --arg root "$TEST_ROOT" '
		map([.name, .made, .nat]) == [["gocker0", true, true], ["second", true, false]] and
		.[0].addresses == ["10.0.0.1/24", "fd00::1/64"] and
		.[1].containers == [{id: $id, root: $root, address: "10.8.0.9", ports: []}]
		' <<<"$output" || fail "$output"
	gocker delete "$ID"
	[[ $(table) == "$title" ]]
}

@test "rm: a bridge without containers; one that is in use or unknown is refused" {
	net type=bridge bridge=mine ports=8080:80
	create_container
	run gocker network rm mine
	assert_status 1
	[[ $output == "gocker: network: bridge \"mine\" is in use by container \"$ID\"" ]]
	[[ $(table) == *"mine 10.0.0.1/24 $ID 10.0.0.2 8080:80/tcp" ]]
	# its state directory is gone, and with it the container
	lose_container
	[[ $(table) == *"mine 10.0.0.1/24 - - -" ]] || fail "$(table)"
	gocker network rm mine
	run on_host ip link show mine
	assert_status 1
	run gocker network rm mine
	assert_status 1
	assert_output_has 'no container is on a bridge "mine"'
}

@test "prune says what it has removed, and leaves what is in use" {
	run gocker network prune
	assert_status 0
	[[ -z $output ]]
	net type=bridge ports=8080-8081:80-81
	create_container
	net type=bridge bridge=other ports=9090:90
	create_container "$ID-b"
	lose_container
	run gocker network prune
	assert_status 0
	[[ $output == 'removed 1 lease of bridge "gocker0"
removed port 8080-8081:80-81/tcp to 10.0.0.2
removed bridge "gocker0"' ]] || fail "$output"
	[[ $(table) == *"other "*" $ID-b "*" 9090:90/tcp" ]] || fail "$(table)"
	run gocker network prune
	[[ $status == 0 && -z $output ]]
	gocker delete --force "$ID-b"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

@test "a bridge of somebody else is told and forgotten, not removed" {
	on_host ip link add br-lan type bridge
	on_host ip addr add 10.66.0.1/24 dev br-lan
	on_host ip link set br-lan up
	net type=bridge bridge=br-lan
	create_container
	[[ $(gocker network ls -f json | jq '.[0].made') == false ]]
	lose_container
	gocker network rm br-lan
	[[ $(gocker network ls -f json) == "[]" ]]
	on_host ip link show br-lan >"$OUT"
}

@test "words that are none, and users other than root" {
	local words
	for words in "" list "ls x" rm "rm a b" "prune x"; do
		# shellcheck disable=SC2086 # several words
		run gocker network $words
		assert_status 1
		[[ $output == "gocker: network: "* && ${#lines[@]} == 1 ]] || fail "$words: $output"
	done
	run gocker network ls --format yaml
	assert_status 1
	assert_output_has '--format: "yaml" is neither table nor json'
	run gocker network rm ../..
	assert_status 1
	assert_output_has 'is no name for a network interface'
	copy_gocker "$BATS_TEST_TMPDIR/gocker"
	chmod 711 "$BATS_RUN_TMPDIR"{,/file,/test} "$BATS_TEST_TMPDIR"
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$BATS_TEST_TMPDIR/gocker" network ls
	assert_status 1
	assert_output_has 'needs root'
}
