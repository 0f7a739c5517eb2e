#!/usr/bin/env bats
# network.bats - a container is on the network because its annotations say so

load helpers
load network

setup_test() {
	need_command python3
	need_command nft
	PEERS=()
	make_host
}

teardown_test() {
	gocker delete --force "$ID"
	remove_host
}

@test "bridge: an address, a name, a route; nothing is left after delete" {
	net type=bridge
	start_container
	[[ $(address_of "$ID") == 10.0.0.2 ]]
	[[ $(inside "$ID" ip route) == *"default via 10.0.0.1 dev eth0"* ]]
	[[ $(gocker exec "$ID" cat /etc/hosts) == *"10.0.0.2 $ID"* ]]
	[[ $(on_host ip -o addr show dev gocker0) == *" 10.0.0.1/24 "* ]]
	reaches inside "$ID" -- 10.0.0.1
	reaches on_host -- 10.0.0.2
	jq -e '.network[0] | .bridge == "gocker0" and .addresses == ["10.0.0.2/24"]' \
		"$TEST_ROOT/$ID/state.json"
	gocker delete --force "$ID"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

@test "to the outside with the host's address, TCP and UDP, IPv4 and IPv6" {
	net type=bridge address=auto,auto6
	serve on_outer -- tcp:80 udp:53
	start_container
	[[ $(asked inside "$ID" -- tcp 192.0.2.2 80) == "192.0.2.1 80" ]]
	[[ $(asked inside "$ID" -- udp 192.0.2.2 53) == "192.0.2.1 53" ]]
	[[ $(asked inside "$ID" -- tcp 2001:db8::2 80) == "2001:db8::1 80" ]]
	[[ $(asked inside "$ID" -- udp 2001:db8::2 53) == "2001:db8::1 53" ]]
}

@test "nat=false: packets keep their source" {
	net type=bridge address=10.7.0.9/24 nat=false
	on_outer ip route add 10.7.0.0/24 via 192.0.2.1
	serve on_outer -- tcp:80
	start_container
	[[ $(asked inside "$ID" -- tcp 192.0.2.2 80) == "10.7.0.9 80" ]]
}

@test "published ports: from outside, from the host, from localhost, from itself and a neighbour" {
	local from address ports=8080:80/tcp,5353:53/udp,127.0.0.1:8081:80,192.0.2.1:8082:80/tcp
	net type=bridge address=auto,auto6 ports="$ports,[::1]:8083:80"
	start_container
	serve inside "$ID" -- tcp:80 udp:53
	# the source is who asked
	[[ $(asked on_outer -- tcp 192.0.2.1 8080) == "192.0.2.2 80" ]]
	[[ $(asked on_outer -- udp 192.0.2.1 5353) == "192.0.2.2 53" ]]
	[[ $(asked on_outer -- tcp 2001:db8::1 8080) == "2001:db8::2 80" ]]
	[[ $(asked on_outer -- udp 2001:db8::1 5353) == "2001:db8::2 53" ]]
	[[ $(asked on_outer -- tcp 192.0.2.1 8082) == "192.0.2.2 80" ]]
	for address in 127.0.0.1 192.0.2.1 10.0.0.1 2001:db8::1 ::1; do
		[[ $(asked on_host -- tcp "$address" 8080) == *" 80" ]] || fail "$address 8080"
		[[ $(asked on_host -- udp "$address" 5353) == *" 53" ]] || fail "$address 5353"
	done
	[[ $(asked on_host -- tcp 127.0.0.1 8081) == *" 80" ]]
	[[ $(asked on_host -- tcp ::1 8083) == *" 80" ]]
	run asked on_outer -- tcp 192.0.2.1 8081
	assert_status 1
	run asked on_host -- tcp 127.0.0.1 8082
	assert_status 1
	run asked on_outer -- tcp 2001:db8::1 8083
	assert_status 1
	# hairpin, and a neighbour on the bridge
	config_edit 'del(.annotations["org.gocker.net.0.ports"])'
	start_container "$ID-b"
	for from in "$ID" "$ID-b"; do
		[[ $(asked inside "$from" -- tcp 192.0.2.1 8080) == *" 80" ]] || fail "$from"
		[[ $(asked inside "$from" -- tcp 2001:db8::1 8080) == *" 80" ]] || fail "$from, 6"
	done
	# what listens on the host's loopback is none of the container's business
	serve on_host -- tcp:9000
	inside "$ID" ip route add 127.0.0.2/32 via 10.0.0.1
	run asked inside "$ID" -- tcp 127.0.0.2 9000
	assert_status 1
}

@test "rules that somebody has removed are back with the next container" {
	net type=bridge
	serve on_outer -- tcp:80
	start_container
	on_host nft list table inet gocker >"$OUT.before"
	grep -q uplink "$OUT.before"
	on_host nft flush ruleset
	start_container "$ID-b"
	on_host nft list table inet gocker | diff "$OUT.before" -
	[[ $(asked inside "$ID" -- tcp 192.0.2.2 80) == "192.0.2.1 80" ]]
}

@test "a range of 1,000 ports" {
	local port
	net type=bridge ports=20000-20999:30000-30999/tcp,20000-20999:30000-30999/udp
	start_container
	serve inside "$ID" -- tcp:30000-30999 udp:30000
	for port in 0 1 500 998 999; do
		[[ $(asked on_outer -- tcp 192.0.2.1 $((20000 + port))) == \
			"192.0.2.2 $((30000 + port))" ]] || fail "$port"
	done
	[[ $(asked on_outer -- udp 192.0.2.1 20000) == "192.0.2.2 30000" ]]
	gocker delete --force "$ID"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

@test "containers of a bridge reach each other by name, those that come later too" {
	net type=bridge
	start_container
	config_edit --arg name neighbour '.hostname = $name'
	start_container "$ID-b"
	[[ $(gocker exec "$ID" grep -w neighbour /etc/hosts) == "10.0.0.3 $ID-b neighbour" ]]
	[[ $(gocker exec "$ID-b" grep -w "$ID" /etc/hosts) == "10.0.0.2 $ID"* ]]
	reaches inside "$ID" -- 10.0.0.3
	reaches inside "$ID-b" -- 10.0.0.2
	gocker delete --force "$ID-b"
	run gocker exec "$ID" grep -w neighbour /etc/hosts
	assert_status 1
	# its place in the file is for the next one
	start_container "$ID-c"
	[[ $(gocker exec "$ID" grep -c . /etc/hosts) == 4 ]]
}

@test "dns: the servers are in resolv.conf, or the host's are" {
	net type=bridge dns=192.0.2.53,2001:db8::53
	start_container
	[[ $(gocker exec "$ID" cat /etc/resolv.conf) == \
		$'nameserver 192.0.2.53\nnameserver 2001:db8::53' ]]
	gocker delete --force "$ID"
	printf 'nameserver 127.0.0.53\nnameserver 198.51.100.1\nsearch example.org\n' \
		>"$BATS_TEST_TMPDIR/resolv.conf"
	on_host mount --bind "$BATS_TEST_TMPDIR/resolv.conf" /etc/resolv.conf
	net dns=host
	start_container
	[[ $(gocker exec "$ID" cat /etc/resolv.conf) == \
		$'nameserver 198.51.100.1\nsearch example.org' ]]
	gocker delete --force "$ID"
	# what config.json mounts there itself is left alone
	echo mine >"$BATS_TEST_TMPDIR/mine"
	add_mount /etc//resolv.conf bind "$BATS_TEST_TMPDIR/mine" bind ro
	start_container
	[[ $(gocker exec "$ID" cat /etc/resolv.conf) == mine ]]
}

@test "name, mac, mtu and routes are as they are asked for" {
	net type=bridge address=10.9.0.5/24 gateway=10.9.0.254 name=net0 mac=02:00:00:00:00:17 \
		mtu=1400 "routes=198.51.100.0/24,203.0.113.0/24 via 10.9.0.77"
	start_container
	[[ $(inside "$ID" cat /proc/net/dev) == *net0:* ]]
	[[ $(inside "$ID" ip -o link show dev net0) == *"mtu 1400 "*02:00:00:00:00:17* ]]
	[[ $(inside "$ID" ip route) == *"default via 10.9.0.254 dev net0"* ]]
	[[ $(inside "$ID" ip route) == *"203.0.113.0/24 via 10.9.0.77 dev net0"* ]]
	[[ $(on_host ip -o addr show dev gocker0) == *" 10.9.0.254/24 "* ]]
}

@test "several interfaces, on two bridges and without one" {
	net type=bridge 1.type=bridge 1.bridge=back 1.name=eth1 1.address=10.8.0.2/24 \
		2.type=veth 2.name=eth2 2.address=10.6.0.2/24 2.gateway=10.6.0.1 \
		3.type=macvlan 3.device=uplink 3.name=eth3 3.address=192.0.2.77/24
	serve on_outer -- tcp:80
	start_container
	reaches on_host -- 10.0.0.2
	reaches on_host -- 10.8.0.2
	reaches on_host -- 10.6.0.2
	reaches on_outer -- 192.0.2.77
	gocker delete --force "$ID"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

@test "host-device: moved with its address, back when the container is gone" {
	on_host ip link add spare type veth peer name spare-peer
	net type=host-device device=spare name=eth0 address=10.5.0.2/24
	start_container
	[[ $(address_of "$ID") == 10.5.0.2 ]]
	run on_host ip link show spare
	assert_status 1
}

@test "a user namespace, sysctls of the new interface, and hooks that see it" {
	with_user_namespace
	net type=bridge
	config_edit '.linux.sysctl["net.ipv4.conf.eth0.arp_ignore"] = "1"'
	config_edit --arg file "$BATS_TEST_TMPDIR/seen" '.hooks.createRuntime = [{
		"path": "/bin/sh", "args": ["sh", "-c", "cat >/dev/null; ip -o link >\($file)"]}]'
	start_container
	grep gocker0 "$BATS_TEST_TMPDIR/seen"
	[[ $(inside "$ID" cat /proc/sys/net/ipv4/conf/eth0/arp_ignore) == 1 ]]
	reaches on_host -- 10.0.0.2
}

@test "without a new network namespace the annotations are read, and nothing happens" {
	net type=bridge
	without_namespace network
	start_container
	[[ $(what_is_left) == "" ]]
	gocker delete --force "$ID"
	config_edit --arg path "/proc/$OUTER/ns/net" \
		'.linux.namespaces += [{"type": "network", $path}]'
	start_container
	[[ $(what_is_left) == "" ]]
}

@test "an address or a port that is taken is refused with its holder named" {
	net type=bridge address=10.0.0.9/24 ports=8080:80,192.0.2.1:53:53/udp
	start_container
	assert_refused_as() {
		run gocker create -b "$BUNDLE" "$ID-b"
		assert_status 1
		assert_output_has "$1"
		assert_output_has "$2"
		[[ ! -e $TEST_ROOT/$ID-b ]]
	}
	assert_refused_as org.gocker.net.0.address "\"$ID\""
	net address=auto
	assert_refused_as org.gocker.net.0.ports "port 8080/tcp is published by container \"$ID\""
	net ports=53:53/udp
	assert_refused_as org.gocker.net.0.ports \
		"port 192.0.2.1:53/udp is published by container \"$ID\""
	net ports=9000:80
	serve on_host -- tcp:9000
	assert_refused_as org.gocker.net.0.ports python3
	net ports=9001:80 address=10.1.0.9/24
	assert_refused_as org.gocker.net.0 10.0.0.1/24
	net ports=9001:80 address=auto bridge=uplink
	assert_refused_as org.gocker.net.0.bridge uplink
	[[ $(on_host ip -o link | grep -c veth) == 1 ]]
	[[ $(on_host find /run/gocker/.net -mindepth 1 -type d) == */gocker0 ]]
}

@test "where 10.0.0.0/24 is on the host already, the next network is taken and said" {
	on_host ip route add 10.0.0.0/23 dev uplink
	net type=bridge
	start_container
	[[ $(address_of "$ID") == 10.0.2.2 ]]
	grep "10.0.2.1/24" "$OUT"
	gocker delete --force "$ID"
	net address=10.0.1.7/24
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 10.0.0.0/23
}

# has_no_link NAME: neither does the kernel list it nor do files tell of it.
has_no_link() {
	on_host test ! -e "/proc/sys/net/ipv4/conf/$1" -a ! -e "/sys/class/net/$1" &&
		[[ $(on_host ip -o link) != *"$1"* ]]
}

@test "the link is gone when delete is over, whoever removed it" {
	local way link i
	net type=bridge ports=8080:80
	create_container "$ID-stays"
	net ports=8081:80
	for ((i = 0; i < ${NETWORK_CYCLES-5}; i++)); do
		for way in runs ended held; do
			start_container
			link=$(jq -r '.network[0].link' "$TEST_ROOT/$ID/state.json")
			on_host ip link show dev "$link"
			case $way in
			ended)
				gocker kill "$ID" KILL
				wait_for_state stopped
				;;
			held) # by a process that delete does not know of
				nsenter -t "$(container_pid)" -n sleep 1000 3>&- &
				PEERS+=("$!")
				wait_until shares_network "$!"
				;;
			esac
			gocker delete --force "$ID"
			has_no_link "$link" || fail "$i, $way: $(on_host ip -o link)"
			[[ $way != held ]] ||
				[[ $(nsenter -t "${PEERS[-1]}" -n ip -o link) != *eth0* ]]
		done
	done
	gocker delete --force "$ID-stays"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
}

# shares_network PID: it is in the container's network by now.
shares_network() { [[ $(ns_of "$1" net) == "$(ns_of "$(container_pid)" net)" ]]; }

@test "run leaves nothing; the same name, address and port follow each other at once" {
	local i
	net type=bridge address=10.4.0.9/24 ports=8080:80
	config_edit '.process.args = ["/bin/true"]'
	for ((i = 0; i < ${NETWORK_CYCLES-5}; i++)); do
		gocker run -b "$BUNDLE" "$ID" </dev/null
		[[ $(what_is_left) == "" ]] || fail "$i: $(what_is_left)"
	done
	config_edit '.process.args = ["/bin/sleep", "1000"]'
	net address=10.4.0.8/24 ports=8081:80
	create_container "$ID-stays"
	net address=10.4.0.9/24 ports=8080:80
	for ((i = 0; i < ${NETWORK_CYCLES-5}; i++)); do
		create_container
		gocker delete --force "$ID"
	done
	gocker delete --force "$ID-stays"
	[[ $(what_is_left) == "" ]] || fail "$(what_is_left)"
	wait_until no_conversation_is_left
}

# The kernel's own has the number 0.
no_conversation_is_left() {
	[[ $(on_host awk '$2 == 12 && $3 != 0' /proc/net/netlink) == "" ]]
}
