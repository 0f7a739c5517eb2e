#!/usr/bin/env bats
# a26_interfaces.bats - annotations on the network that are no names, links that vanish meanwhile
#
# Detects: a build without the check of control characters (spec_link_name_check()), and one whose
# create does not take the network back when it fails (create_release_network() in create.c).
# Addresses and ports that are taken, and kills: tests/runtime/network.bats, network_crash.bats.

load helpers
load ../runtime/network

setup_attack() {
	need_command ip
	need_command nft
	PEERS=()
	make_host
	LINKS=$(links)
	config_args true
}

teardown_test() {
	[[ -z ${NEIGHBOUR-} ]] || kill "$NEIGHBOUR" 2>/dev/null || true
	remove_host
}

links() { on_host ip -o link | cut -d: -f2,3 | sed 's/ qdisc .*//' | sort; }
links_are_back() { [[ $(links) == "$LINKS" ]]; }
run_once() {
	run timeout -k 1 20 nsenter -t "$HOST" -n -m "$GOCKER" --root "$TEST_ROOT" run \
		-b "$BUNDLE" "$ID" </dev/null 3>&-
}

# refused KEY: with one line that names the annotation, and nothing is left.
refused() {
	run_once
	assert_status 1
	assert_output_has "config.json: /annotations/org.gocker.net.0.$1: "
	[[ ${#lines[@]} == 1 && ${#output} -lt 1000 && $output != *[$'\x01'-$'\x1f']* ]] ||
		fail "not one plain line: $output"
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

names=(sixteen_bytes_ab "$(printf 'x%.0s' {1..4096})" ../left ../../../etc . .. a/b 'a b' a:b
	$'a\nb' %s %n%n%n 'a%d%d' $'\x1b[2J')

@test "names of bridges, devices and interfaces that are none" {
	local key name
	for key in bridge name device; do
		for name in "${names[@]}"; do
			net type=bridge
			[[ $key != device ]] || net type=macvlan
			net "$key=$name"
			refused "$key"
			config_edit 'del(.annotations)'
		done
	done
	host_is_untouched
}

# connected_or_refused: neither leaves anything in the end.
connected_or_refused() {
	run_once
	((status < 124)) || fail "status $status: $output" || return
	[[ $status == 0 || $output == *org.gocker.net.0* ]] || fail "$output" || return
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
}

@test "the bridge and the other ends of pairs are removed by a neighbour meanwhile" {
	net type=bridge ports=8080:80
	# shellcheck disable=SC2016 # expands in the neighbour
	nsenter -t "$HOST" -n -m bash -c 'while :; do
			ip link del gocker0
			for link in /proc/sys/net/ipv4/conf/veth*; do
				ip link del "${link##*/}"
			done
			nft flush ruleset
		done' </dev/null >/dev/null 2>&1 3>&- &
	NEIGHBOUR=$!
	race connected_or_refused
	kill "$NEIGHBOUR"
	wait "$NEIGHBOUR" || true
	run_once
	assert_status 0
	wait_until links_are_back || fail "the host has other links:" \
		"$(diff <(echo "$LINKS") <(links))"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
	host_is_untouched
}
