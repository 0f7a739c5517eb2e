#!/usr/bin/env bats
# network_crash.bats - gocker is killed while it makes or removes a network; what is left goes

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

# kill_within MICROSECONDS ARGUMENT...: starts gocker, which nsenter(1) becomes, and kills it.
kill_within() {
	local process
	nsenter -t "$HOST" -n -m "$GOCKER" --root "$TEST_ROOT" "${@:2}" \
		</dev/null >"$OUT" 2>&1 3>&- &
	process=$!
	sleep "0.$(printf '%06d' $((RANDOM % $1)))"
	kill -KILL "$process" 2>/dev/null || :
	wait "$process" 2>/dev/null || :
}

@test "create is killed at many moments: delete --force leaves nothing" {
	local i rounds=${NETWORK_KILLS-15}
	net type=bridge address=auto,auto6 ports=8080:80,9000-9010:9000-9010/udp dns=192.0.2.53 \
		1.type=veth 1.name=eth1 1.address=10.6.0.2/24 1.gateway=10.6.0.1
	for ((i = 0; i < rounds; i++)); do
		kill_within 20000 create -b "$BUNDLE" "$ID"
		gocker delete --force "$ID"
		gocker network prune
		[[ $(what_is_left) == "" ]] || fail "round $i: $(what_is_left)"
	done
}

@test "delete is killed at many moments, and is done again" {
	local i rounds=${NETWORK_KILLS-15}
	net type=bridge ports=8080:80
	for ((i = 0; i < rounds; i++)); do
		create_container
		kill_within 20000 delete --force "$ID"
		gocker delete --force "$ID"
		gocker network prune
		[[ $(what_is_left) == "" ]] || fail "round $i: $(what_is_left)"
	done
}

@test "prune removes what a container left that nobody deletes" {
	net type=bridge ports=8080:80
	create_container
	net ports=8081:80
	create_container "$ID-b"
	# as after a crash of the machine's storage: the state is gone, its process too
	lose_container
	run gocker network prune
	assert_status 0
	[[ $(on_host nft list ruleset) != *8080* ]]
	[[ $(on_host nft list ruleset) == *8081* ]]
	start_other() { net ports=8080:80; start_container "$ID-c"; }
	start_other
	gocker delete --force "$ID-c"
	gocker delete --force "$ID-b"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

@test "two creates at once, again and again: each has an address of its own" {
	local i ids
	net type=bridge
	for i in 1 2 3 4 5; do
		gocker create -b "$BUNDLE" "$ID-a$i" </dev/null >"$OUT.a" 2>&1 3>&- &
		gocker create -b "$BUNDLE" "$ID-b$i" </dev/null >"$OUT.b" 2>&1 3>&-
		wait $! || fail "$(cat "$OUT.a")"
	done
	ids=$(cat "$TEST_ROOT"/*/state.json | jq -r '.network[0].addresses[0]')
	[[ $(sort -u <<<"$ids" | wc -l) == 10 ]] || fail "$ids"
}

@test "delete --force without a state.json that can be read takes the network back, too" {
	net type=bridge ports=8080:80
	start_container
	echo '{' >"$TEST_ROOT/$ID/state.json"
	gocker delete --force "$ID"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}
