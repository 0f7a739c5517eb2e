#!/usr/bin/env bats
# nat.bats - one table of nftables: what is masqueraded, published, refused, and what is left
#
# The "host" of a test is a network namespace of its own, with others around it: "outer", and
# "one" and "two", which are on a bridge as containers are. What gocker does to the table is called
# by tests/runtime/nat_probe; who reaches whom is found out by nat_peers.py.

load helpers

# No bundle is needed here.
setup() {
	need_root
	need_command nft
	need_command ip
	need_command python3
	PROBE=$TEST_BUILD/tests/runtime/nat_probe
	[[ -x $PROBE ]] || fail "nat_probe is not built"
	declare -gA SPACES=()
	space_make host
}

teardown() {
	[[ -z ${SPACES[*]-} ]] || kill "${SPACES[@]}"
}

# space_make NAME
space_make() {
	unshare -n sleep 1000 3>&- &
	SPACES[$1]=$!
	wait_until has_own_network "${SPACES[$1]}"
	in_space "$1" sh -c 'ip link set lo up; echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
}

has_own_network() { [[ $(readlink "/proc/$1/ns/net") != "$(readlink /proc/self/ns/net)" ]]; }
in_space() { nsenter -t "${SPACES[$1]}" -n "${@:2}"; }
host() { in_space host "$@"; }
probe() { host "$PROBE" "$@"; }
rules() { host nft list ruleset; }

# probe_refused NUMBER TEXT WORD...: the probe fails with the errno and a message with the text.
probe_refused() {
	run probe "${@:3}"
	assert_status 1
	assert_output_has "errno $1: "
	assert_output_has "$2"
}

# container_make NAME NUMBER: on the bridge.
container_make() {
	space_make "$1"
	host ip link add "veth-$1" type veth peer name eth0 netns "${SPACES[$1]}"
	host ip link set "veth-$1" master gocker0 up
	host ip link set "veth-$1" type bridge_slave hairpin on
	in_space "$1" ip -batch - <<-END
		address add 10.0.0.$2/24 dev eth0
		address add fd00:1::$2/64 dev eth0 nodad
		link set eth0 up
		route add default via 10.0.0.1
		route add default via fd00:1::1
	END
}

# A link whose number is that of its peer gets to know of it a second later (net/core/link_watch.c),
# hence the index. "one" has the ports from 8080 on, "two" the ports 53 of 127.0.0.1 and 192.0.2.1.
lab_make() {
	space_make outer
	host ip -batch - <<-END
		link add wan0 index 77 type veth peer name eth0 netns ${SPACES[outer]}
		address add 192.0.2.1/24 dev wan0
		address add 2001:db8::1/64 dev wan0 nodad
		link set wan0 up
		link add gocker0 type bridge
		address add 10.0.0.1/24 dev gocker0
		address add fd00:1::1/64 dev gocker0 nodad
		link set gocker0 up
	END
	in_space outer ip -batch - <<-END
		address add 192.0.2.2/24 dev eth0
		address add 2001:db8::2/64 dev eth0 nodad
		link set eth0 up
		route add 10.0.0.0/24 via 192.0.2.1
		route add fd00:1::/64 via 2001:db8::1
	END
	container_make one 2
	container_make two 3
	setting net/ipv4/ip_forward 1
	setting net/ipv6/conf/all/forwarding 1
	setting net/ipv4/conf/gocker0/route_localnet 1
	setting net/ipv4/conf/all/rp_filter 0
	setting net/ipv4/conf/gocker0/rp_filter 0
	probe link gocker0 10.0.0.0/24 fd00:1::/64 \
		target 10.0.0.2 fd00:1::2 host6 fd00:1::1 \
		publish '*' tcp 8080 80 1 publish '*' udp 8080 80 1 \
		target 10.0.0.3 fd00:1::3 host6 fd00:1::1 \
		publish ::1 udp 5306 80 1 \
		publish 127.0.0.1 udp 5300 80 1 publish 192.0.2.1 tcp 8053 80 1 \
		publish 2001:db8::1 udp 8053 80 1
}

# setting PATH VALUE: of the host's network, not of ours.
setting() { host sh -c "echo $2 >/proc/sys/$1"; }

# ask: the questions and answers of nat_peers.py on the standard input come true.
ask() {
	local name expected got words=()
	expected=$(cat)
	for name in "${!SPACES[@]}"; do
		words+=("$name=${SPACES[$name]}")
	done
	got=$(timeout 60 python3 "$BATS_TEST_DIRNAME/nat_peers.py" "${words[@]}" <<<"$expected")
	[[ $got == "$expected" ]] || fail "$(diff <(echo "$expected") <(echo "$got"))"
}

everybody_reaches() {
	local protocol
	for protocol in tcp udp; do
		cat <<-END
			one $protocol 192.0.2.2 80 => outer 192.0.2.1
			one $protocol 2001:db8::2 80 => outer 2001:db8::1
			one $protocol 10.0.0.3 80 => two 10.0.0.2
			one $protocol fd00:1::3 80 => two fd00:1::2
			one $protocol 10.0.0.1 80 => host 10.0.0.2
			host $protocol 10.0.0.2 80 => one 10.0.0.1
			host $protocol fd00:1::2 80 => one fd00:1::1
			outer $protocol 192.0.2.1 8080 => one 192.0.2.2
			outer $protocol 2001:db8::1 8080 => one 2001:db8::2
			host $protocol 127.0.0.1 8080 => one 10.0.0.1
			host $protocol ::1 8080 => one fd00:1::1
			host $protocol 192.0.2.1 8080 => one 192.0.2.1
			host $protocol 2001:db8::1 8080 => one 2001:db8::1
			two $protocol 192.0.2.1 8080 => one 10.0.0.1
			two $protocol 2001:db8::1 8080 => one fd00:1::1
			two $protocol 10.0.0.1 8080 => one 10.0.0.1
			one $protocol 192.0.2.1 8080 => one 10.0.0.1
			one $protocol 2001:db8::1 8080 => one fd00:1::1
		END
	done
	cat <<-END
		host udp 127.0.0.1 5300 => two 10.0.0.1
		host udp 192.0.2.1 5300 => refused
		host udp ::1 5306 => two fd00:1::1
		host udp 2001:db8::1 5306 => refused
		host tcp ::1 5306 => refused
		outer tcp 192.0.2.1 8053 => two 192.0.2.2
		outer udp 2001:db8::1 8053 => two 2001:db8::2
		host tcp 127.0.0.1 8053 => refused
	END
}

@test "the outside, the host, published ports, each by TCP and UDP, IPv4 and IPv6" {
	lab_make
	if host test -e /proc/sys/net/bridge; then
		setting net/bridge/bridge-nf-call-iptables 0
		setting net/bridge/bridge-nf-call-ip6tables 0
	fi
	ask < <(everybody_reaches)
}

@test "the same where packets of bridges go through iptables" {
	lab_make
	host test -e /proc/sys/net/bridge || skip "the kernel has no br_netfilter"
	setting net/bridge/bridge-nf-call-iptables 1
	setting net/bridge/bridge-nf-call-ip6tables 1
	ask < <(everybody_reaches)
}

@test "what is not published, loopback of the host and others' addresses are out of reach" {
	lab_make
	in_space one ip address add 192.0.2.77/32 dev lo
	in_space one ip address add 2001:db8::77/128 dev lo nodad
	ask <<-END
		outer tcp 10.0.0.2 80 => nothing
		outer udp fd00:1::2 80 => nothing
		one udp 10.0.0.1 53 => refused
		one raw-udp 127.0.0.1 53 10.0.0.2 => nothing
		one raw-udp 127.0.0.1 53 127.0.0.1 => nothing
		one raw-udp 10.0.0.1 80 127.0.0.1 => nothing
		one raw-udp 10.0.0.1 80 10.0.0.2 => host 10.0.0.2
		one udp 192.0.2.1 5300 => refused
		one raw-udp 127.0.0.1 5300 10.0.0.2 => nothing
		two udp 192.0.2.1 8080 => one 10.0.0.1
		one raw-udp 192.0.2.1 80 192.0.2.77 => nothing
		one udp 192.0.2.2 80 192.0.2.77 => nothing
		one udp 2001:db8::2 80 2001:db8::77 => nothing
		one udp 10.0.0.1 80 192.0.2.77 => nothing
	END
}

@test "links that were closed to each other stay so" {
	lab_make
	space_make second
	host ip link add second index 78 type veth peer name eth0 netns "${SPACES[second]}"
	host ip address add 198.51.100.1/24 dev second
	host ip link set second up
	in_space second ip address add 198.51.100.2/24 dev eth0
	in_space second ip link set eth0 up
	in_space second ip route add default via 198.51.100.1
	in_space outer ip route add 198.51.100.0/24 via 192.0.2.1
	in_space second ip address add 2001:db8:1::2/64 dev eth0 nodad
	in_space second ip route add default via 2001:db8:1::1
	host ip address add 2001:db8:1::1/64 dev second nodad
	in_space outer ip route add 2001:db8:1::/64 via 2001:db8::1
	ask <<-END
		second udp 192.0.2.2 80 => outer 198.51.100.2
		second udp 2001:db8::2 80 => outer 2001:db8:1::2
	END
	probe close wan0 4 close second 4 close second 4 close gocker0 4
	ask <<-END
		second udp 192.0.2.2 80 => nothing
		outer tcp 198.51.100.2 80 => nothing
		second udp 2001:db8::2 80 => outer 2001:db8:1::2
		one tcp 198.51.100.2 80 => second 198.51.100.1
		second tcp 198.51.100.1 8080 => one 198.51.100.2
	END
	probe close wan0 6 close second 6
	ask <<<"second udp 2001:db8::2 80 => nothing"
}

@test "a taken port is refused with its place, and nothing of the others is published" {
	probe target 10.0.0.2 fd00:1::2 publish '*' tcp 8080 80 3 publish 127.0.0.1 udp 53 53 1
	before=$(rules)
	probe_refused 98 "port 8080/tcp is published already" \
		target 10.0.0.3 - publish '*' tcp 8000 80 100
	probe_refused 98 "taken: 8082/tcp" target - fd00:1::3 publish '*' tcp 8082 80 1
	probe_refused 98 "port 8081/tcp is" target 10.0.0.3 - publish 192.0.2.1 tcp 8081 80 1
	probe_refused 98 "taken: 127.0.0.1:53/udp" target 10.0.0.3 - publish '*' udp 50 50 10
	[[ $(rules) == "$before" ]]
	# other protocols, other addresses
	probe target 10.0.0.3 - publish '*' udp 8080 80 3 publish 127.0.0.2 udp 53 53 1
	[[ $(probe find 127.0.0.1 udp 53 1 1) == "found: 10.0.0.2 -" ]]
	[[ $(probe find '*' tcp 8082 1 1) == "found: 10.0.0.2 fd00:1::2" ]]
	probe_refused 2 "" find '*' tcp 8083 1 1
}

@test "0.0.0.0 and :: are all addresses of a family" {
	probe target 10.0.0.2 fd00:1::2 publish 0.0.0.0 tcp 8080 80 1 publish :: tcp 8080 81 1 \
		publish 0.0.0.0 tcp 8081 81 1
	run probe list
	[[ $(sort <<<"$output") == "8080/tcp 10.0.0.2 80
8080/tcp fd00:1::2 81
8081/tcp 10.0.0.2 81" ]] || fail "$output"
	probe_refused 98 "port 8081/tcp is" target 10.0.0.3 - publish 127.0.0.1 tcp 8081 80 1
	probe_refused 98 "port 8081/tcp is" target 10.0.0.3 fd00::3 publish '*' tcp 8081 80 1
	probe target 10.0.0.2 fd00:1::2 withdraw 0.0.0.0 tcp 8080 80 2 withdraw :: tcp 8080 81 1
	[[ -z $(probe list) ]]
}

@test "ports without an address in the container, or for ::1 of the host, are refused" {
	probe_refused 97 "no address of that family" target 10.0.0.2 - publish ::2 tcp 80 80 1
	probe_refused 97 "no address of that family" target - fd00::2 publish 1.2.3.4 tcp 80 80 1
	probe_refused 97 "no address of that family" target - - publish '*' tcp 80 80 1
	probe_refused 97 "port [::1]:80/tcp: the host has no IPv6 address" \
		target - fd00::2 publish ::1 tcp 80 80 1
	[[ -z $(rules) ]]
}

@test "only what leads to a container is withdrawn, and with the last call nothing is left" {
	local other
	host nft add table inet other
	host nft add chain inet other forward '{ type filter hook forward priority 0; }'
	other=$(rules)
	probe link gocker0 10.0.0.0/24 fd00:1::/64 link gocker0 10.0.0.0/24 fd00:1::/64 \
		link pair0 10.0.1.0/30 - link whole 128.0.0.0/1 - link end ffff::/16 - \
		target 10.0.0.2 fd00:1::2 publish '*' tcp 8080 80 2 publish '*' udp 53 53 1
	probe target 10.0.0.3 fd00:1::2 withdraw '*' tcp 8080 80 2
	run probe list
	[[ ${#lines[@]} == 4 ]] || fail "$output"
	[[ $output == *"8080/tcp 10.0.0.2 80"* && $output == *"53/udp fd00:1::2 53"* ]]
	probe clear clear unlink end - ffff::/16 unlink whole 128.0.0.0/1 - \
		unlink pair0 10.0.1.0/30 - unlink gocker0 10.0.0.0/24 fd00:1::/64 \
		unlink gocker0 10.0.0.0/24 fd00:1::/64 list
	! rules | grep elements || fail "elements are left"
	probe remove remove list
	[[ $(rules) == "$other" ]] || fail "$(rules)"
}

@test "all rules may be flushed at any time" {
	probe link gocker0 10.0.0.0/24 - target 10.0.0.2 - publish '*' tcp 8080 80 1
	before=$(rules)
	host nft flush ruleset
	[[ -z $(probe list) ]]
	probe_refused 2 "" find '*' tcp 8080 1 1
	probe target 10.0.0.2 - withdraw '*' tcp 8080 80 1 unlink gocker0 10.0.0.0/24 - remove
	probe target 10.0.0.2 - publish '*' tcp 8080 80 1 link gocker0 10.0.0.0/24 -
	[[ $(rules) == "$before" ]] || fail "$(rules)"
}

@test "many begin at the same time, and the rules are there once" {
	local i pids=() pid
	probe link gocker0 10.0.0.0/24 -
	before=$(rules | grep -c "masquerade\|drop\|jump\|dnat")
	host nft flush ruleset
	for ((i = 0; i < 20; i++)); do
		probe link gocker0 10.0.0.0/24 - target "10.0.0.$((i + 2))" - \
			publish '*' tcp $((8000 + 10 * i)) 80 10 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	[[ $(rules | grep -c "masquerade\|drop\|jump\|dnat") == "$before" ]] || fail "$(rules)"
	[[ $(probe list | wc -l) == 200 ]]
}

@test "a thousand ports of both families are one transaction" {
	probe target 10.0.0.2 fd00:1::2 publish '*' tcp 10000 20000 1000
	run probe list
	[[ ${#lines[@]} == 2000 ]] || fail "${#lines[@]}"
	[[ $output == *"10999/tcp fd00:1::2 20999"* ]]
	probe_refused 98 "port 10000/tcp is" target 10.0.0.3 - publish '*' tcp 9501 1 1000
	probe target 10.0.0.2 fd00:1::2 withdraw '*' tcp 10000 20000 1000
	[[ -z $(probe list) ]]
}

@test "without the permission" {
	run probe link gocker0 10.0.0.0/24 -
	assert_status 0
	before=$(rules)
	run host setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all \
		--inh-caps -all "$PROBE" target 10.0.0.2 - publish '*' tcp 8080 80 1
	assert_status 1
	assert_output_has "errno 1: nftables: "
	[[ $(rules) == "$before" ]]
}

# docker_chains FAMILY CHAIN POLICY
docker_chains() {
	host nft -f - <<-END
		table $1 filter {
			chain DOCKER-USER { return; }
			chain $2 {
				type filter hook forward priority filter; policy $3;
				jump DOCKER-USER
			}
		}
	END
}

@test "docker's chains let our links through, and are then as they were" {
	lab_make
	docker_chains ip FORWARD drop
	docker_chains ip6 FORWARD drop
	before=$(host nft list table ip filter; host nft list table ip6 filter)
	ask <<<"one tcp 192.0.2.2 80 => nothing"
	probe link gocker0 10.0.0.0/24 - link gocker0 10.0.0.0/24 - link other - -
	[[ $(host nft list chain ip filter DOCKER-USER | grep -c gocker0) == 2 ]]
	ask <<-END
		one tcp 192.0.2.2 80 => outer 192.0.2.1
		one tcp 2001:db8::2 80 => outer 2001:db8::1
		outer tcp 192.0.2.1 8080 => one 192.0.2.2
	END
	host nft list chain ip filter DOCKER-USER | tee "$BATS_TEST_TMPDIR/rules"
	grep 'iifname "gocker0" counter.*accept comment "gocker: gocker0"' "$BATS_TEST_TMPDIR/rules"
	probe unlink gocker0 10.0.0.0/24 fd00:1::/64
	[[ $(host nft list chain ip filter DOCKER-USER | grep -c other) == 2 ]]
	probe remove
	after=$(host nft list table ip filter; host nft list table ip6 filter)
	[[ $before == "$after" ]] || fail "$(diff <(echo "$before") <(echo "$after"))"
}

@test "so does a chain FORWARD that drops, and only such a one" {
	host nft -f - <<-END
		table ip filter {
			chain FORWARD { type filter hook forward priority filter; policy drop; }
		}
		table ip6 filter {
			chain FORWARD { type filter hook forward priority filter; policy accept; }
		}
	END
	before=$(rules)
	probe link gocker0 10.0.0.0/24 -
	[[ $(host nft list table ip filter | grep -c accept) == 2 ]]
	[[ $(host nft list table ip6 filter | grep -c gocker0) == 0 ]]
	probe remove
	[[ $(rules) == "$before" ]]
}

# A process with sockets of all kinds, whose name is odd; it writes its number when they are there.
listeners_make() {
	cat >"$BATS_TEST_TMPDIR/listen.py" <<-'END'
		import os, socket, time
		a = socket.create_server(("127.0.0.1", 8080))
		b = socket.create_server(("::", 9000), family=socket.AF_INET6, dualstack_ipv6=True)
		c = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		c.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
		c.bind(("::", 53))
		d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		d.bind(("127.0.0.1", 5000))
		d.connect(("127.0.0.1", 1))
		open("/proc/self/comm", "w").write("a\n(b) c")
		print(os.getpid(), flush=True)
		time.sleep(1000)
	END
	host python3 "$BATS_TEST_TMPDIR/listen.py" >"$BATS_TEST_TMPDIR/ready" 3>&- &
	wait_until test -s "$BATS_TEST_TMPDIR/ready"
	SPACES[listener]=$(<"$BATS_TEST_TMPDIR/ready")
}

@test "a port that a process of the host has is refused with its name" {
	listeners_make
	probe_refused 98 "port 8080/tcp is in use by" listen '*' tcp 8000 80 100
	assert_output_has "(pid "
	probe_refused 98 "port 127.0.0.1:8080/tcp" listen 127.0.0.1 tcp 8080 80 1
	probe_refused 98 "port 192.0.2.1:9000/tcp" listen 192.0.2.1 tcp 9000 80 1
	probe_refused 98 "port [::1]:9000/tcp" listen ::1 tcp 9000 80 1
	probe_refused 98 "port 53/udp" listen '*' udp 53 80 1
	# another address, protocol, port, family; a socket that only talks to one peer
	probe listen 127.0.0.2 tcp 8080 80 1 listen ::1 tcp 8080 80 1 listen '*' udp 8080 80 1 \
		listen '*' tcp 8081 80 900 listen 127.0.0.1 udp 53 53 1 listen '*' udp 5000 1 1
}

# Datagrams from a port of one's own to a port of the other, again and again; what comes is written
# down by who gets it, a line for each with the address that it was sent from.
datagrams_make() {
	local name
	cat >"$BATS_TEST_TMPDIR/send.py" <<-'END'
		import socket, sys, time
		source, target = int(sys.argv[1]), (sys.argv[2], int(sys.argv[3]))
		sock = socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET,
		                     socket.SOCK_DGRAM)
		sock.bind(("", source))
		while True:
		    sock.sendto(b"again", target)
		    time.sleep(0.02)
	END
	cat >"$BATS_TEST_TMPDIR/hear.py" <<-'END'
		import socket, sys
		sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		sock.bind(("::", 80))
		print("ready", flush=True)
		while True:
		    peer = sock.recvfrom(10)[1]
		    sock.sendto(b"heard", peer)
		    print(peer[0], flush=True)
	END
	for name in one two; do
		nsenter -t "${SPACES[$name]}" -n python3 "$BATS_TEST_TMPDIR/hear.py" \
			>>"$BATS_TEST_TMPDIR/$name" 3>&- &
		SPACES[$name-hears]=$!
		wait_until test -s "$BATS_TEST_TMPDIR/$name"
	done
}

# send SPACE PORT ADDRESS PORT
send() {
	nsenter -t "${SPACES[$1]}" -n python3 "$BATS_TEST_TMPDIR/send.py" "${@:2}" 3>&- &
	SPACES[$1-sends-$2]=$!
}

# hears SPACE ADDRESS...: from now on it gets something from each of them.
hears() {
	local address
	: >"$BATS_TEST_TMPDIR/$1"
	for address in "${@:2}"; do
		wait_until grep -q "$address" "$BATS_TEST_TMPDIR/$1"
	done
}

# hears_nothing SPACE: for ten datagrams of each who sends.
hears_nothing() {
	: >"$BATS_TEST_TMPDIR/$1"
	sleep 0.2
	[[ ! -s $BATS_TEST_TMPDIR/$1 ]] || fail "$1 hears: $(<"$BATS_TEST_TMPDIR/$1")"
}

@test "who goes on sending datagrams to a port reaches who has it now" {
	local senders=(192.0.2.2 10.0.0.1 2001:db8::2)
	lab_make
	datagrams_make
	send outer 5000 192.0.2.1 8080
	send host 5001 127.0.0.1 8080
	send outer 5002 2001:db8::1 8080
	hears one "${senders[@]}"
	probe target 10.0.0.2 fd00:1::2 withdraw '*' udp 8080 80 1
	hears_nothing one
	# the host, where nobody takes them, is what they are sent to meanwhile
	probe target 10.0.0.3 fd00:1::3 publish '*' udp 8080 80 1
	hears two "${senders[@]}"
	# nor is anything else in the way: a port of an address, and the withdrawal of all
	probe clear
	hears_nothing two
	probe target 10.0.0.2 - publish 192.0.2.1 udp 8080 80 1
	hears one 192.0.2.2
	[[ $(<"$BATS_TEST_TMPDIR/one") != *10.0.0.1* ]]
}

@test "a port that comes and goes ends no flow to another place" {
	lab_make
	datagrams_make
	host nft -f - <<-END
		table inet count {
			chain begun {
				type filter hook postrouting priority 0
				udp sport 5000-5009 ct state new counter
			}
		}
	END
	send outer 5000 192.0.2.1 8080
	send host 5001 10.0.0.2 80
	hears one 192.0.2.2 10.0.0.1
	hears one 192.0.2.2 10.0.0.1
	before=$(host nft list table inet count)
	probe target 10.0.0.3 - publish '*' udp 80 80 1 withdraw '*' udp 80 80 1 \
		publish '*' udp 8000 80 80 withdraw '*' udp 8000 80 100
	hears one 192.0.2.2 10.0.0.1
	after=$(host nft list table inet count)
	[[ $after == "$before" && $after != *"packets 0"* ]] || fail "$before" "$after"
}
