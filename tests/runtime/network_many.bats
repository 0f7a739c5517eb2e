#!/usr/bin/env bats
# network_many.bats - many containers on one bridge: NETWORK_MANY of them, 40 by default

load helpers
load network

setup_test() {
	need_command nft
	PEERS=()
	make_host
}

teardown_test() {
	remove_all
	remove_host
}

remove_all() {
	gocker list -q |
		xargs -r -n 1 -P 2 nsenter -t "$HOST" -n -m "$GOCKER" --root "$TEST_ROOT" \
			delete --force
}

@test "many containers: addresses of their own, all reach the gateway and the last one" {
	local i many=${NETWORK_MANY-40} addresses last
	net type=bridge ports=8080:80
	create_container "$ID-0"
	net ports=8081:80
	create_container "$ID-1"
	config_edit 'del(.annotations["org.gocker.net.0.ports"])'
	for ((i = 2; i < many; i++)); do
		create_container "$ID-$i"
	done
	addresses=$(cat "$TEST_ROOT"/*/state.json | jq -r '.network[0].addresses[0]')
	[[ $(sort -u <<<"$addresses" | wc -l) == "$many" ]]
	last=$(address_of "$ID-$((many - 1))")
	for ((i = 0; i < many; i++)); do
		reaches inside "$ID-$i" -- 10.0.0.1 "$last" || fail "$i"
	done
	[[ $(grep -c "$ID" "/proc/$(container_pid "$ID-0")/root/etc/hosts") == "$many" ]]
	remove_all
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

@test "a network that is full says so, and has room again after a delete" {
	net type=bridge address=10.3.0.2/29
	create_container "$ID-0"
	net address=auto
	local i
	for i in 1 2 3 4; do
		create_container "$ID-$i"
	done
	run gocker create -b "$BUNDLE" "$ID-5"
	assert_status 1
	assert_output_has org.gocker.net.0.address
	assert_output_has 10.3.0.0/29
	gocker delete --force "$ID-3"
	create_container "$ID-5"
}
