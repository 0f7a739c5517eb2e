#!/usr/bin/env bats
# net_devices.bats - network devices of the host become the container's, or stay what they were

load helpers

# The "host" of these tests is a network namespace of their own: gocker and the devices are in it.
setup_test() {
	need_command ip
	unshare -n sleep 1000 3>&- &
	HOLDER=$!
	GOCKER_WRAPPER="nsenter -t $HOLDER -n"
	wait_until has_own_network "$HOLDER"
	host ip link set lo up
	host ip link add left type veth peer name right
	host ip link set left mtu 1400
	host ip address add 192.0.2.1/24 dev left
}

teardown_test() {
	[[ -z ${HOLDER-} ]] || kill "$HOLDER"
	[[ -z ${OTHER-} ]] || kill "$OTHER"
}

has_own_network() { [[ $(readlink "/proc/$1/ns/net") != "$(readlink /proc/self/ns/net)" ]]; }
host() { nsenter -t "$HOLDER" -n "$@"; }
devices() { config_edit --argjson devices "$1" '.linux.netDevices = $devices'; }

# What the container, or the host, has: without indexes, carrier and counters of seconds.
addresses() {
	"${@:2}" ip -o address show dev "$1" | awk '$4 !~ /^fe80/ { print $4 }' | sort | tr '\n' ' '
}
is_up() { [[ $("${@:2}" ip -o link show dev "$1") == *[\<,]UP[,\>]* ]]; }
has_device() { [[ -n $("${@:2}" ip -o link show dev "$1" 2>/dev/null) ]]; }
lacks_device() { ! has_device "$@"; }
in_container() { gocker exec "$ID" "$@"; }

# The names, states, masters and addresses of its devices; a carrier and fe80:: come a bit later.
host_picture() {
	host ip -o link | sed -E 's/(NO-CARRIER,|,LOWER_UP|,M-DOWN)//g; s/ state .*//; s/^[^ ]* //'
	host ip -o address | awk '$4 !~ /^fe80/ { print $2, $4 }' | sort
}

# refused DEVICES TEXT: create says TEXT, and leaves neither a container nor another host.
refused() {
	local before after
	before=$(host_picture)
	devices "$1"
	assert_refused "$2"
	after=$(host_picture)
	[[ $before == "$after" ]] || fail "before: $before" "after: $after"
}

@test "a device is moved, renamed and brought up, with its addresses" {
	local mac
	mac=$(host ip -o link show dev left | grep -o 'ether [^ ]*')
	host ip address add 2001:db8::1/64 dev left
	host ip address add 192.0.2.7 peer 192.0.2.8/32 dev left
	devices '{"left": {"name": "eth0"}}'
	start_container
	[[ $(addresses eth0 in_container) == "192.0.2.1/24 192.0.2.7 2001:db8::1/64 " ]]
	is_up eth0 in_container
	in_container ip link show eth0 | grep -q 'mtu 1400'
	[[ $(in_container ip -o link show dev eth0) == *"$mac"* ]]
	lacks_device left host
	gocker delete --force "$ID"
	# the kernel ends virtual devices with their namespace
	wait_until lacks_device right host
}

@test "addresses that are not permanent, or not of global scope, are left behind" {
	host ip address add 192.0.2.2/24 dev left valid_lft 1000 preferred_lft 1000
	host ip address add 198.51.100.1/24 scope link dev left
	host ip address add 203.0.113.1/24 scope host dev left
	devices '{"left": {}}'
	start_container
	[[ $(addresses left in_container) == "192.0.2.1/24 " ]]
}

@test "several devices, with numbers for %d" {
	devices '{"left": {"name": "net%d"}, "right": {"name": "net%d"}}'
	start_container
	is_up net0 in_container
	is_up net1 in_container
	[[ $(in_container ls /sys/class/net | tr '\n' ' ') == "lo net0 net1 " ]]
}

@test "a macvlan device" {
	host ip link add link right name mac0 type macvlan mode bridge
	devices '{"mac0": {"name": "eth0"}}'
	start_container
	is_up eth0 in_container
	gocker delete --force "$ID"
}

@test "devices are there before sysctls are set by their names" {
	devices '{"left": {"name": "eth0"}}'
	config_edit '.linux.sysctl = {"net.ipv4.conf.eth0.forwarding": "1"}'
	start_container
	[[ $(in_container cat /proc/sys/net/ipv4/conf/eth0/forwarding) == 1 ]]
}

@test "in a user namespace" {
	with_user_namespace
	devices '{"left": {"name": "eth0"}}'
	start_container
	[[ $(addresses eth0 in_container) == "192.0.2.1/24 " ]]
}

@test "a network namespace that is joined gets them, and keeps them" {
	unshare -n sleep 1000 3>&- &
	OTHER=$!
	wait_until has_own_network "$OTHER"
	config_edit --arg path "/proc/$OTHER/ns/net" '.linux.namespaces |=
		map(if .type == "network" then .path = $path else . end)'
	devices '{"left": {"name": "eth0"}}'
	start_container
	[[ $(addresses eth0 in_container) == "192.0.2.1/24 " ]]
	gocker delete --force "$ID"
	has_device eth0 nsenter -t "$OTHER" -n
	host ip link add left type veth peer name left2
	refused '{"left": {"name": "eth0"}}' "network namespace already has a device \"eth0\""
}

@test "what cannot be moved is refused" {
	host ip link add bridge type bridge
	refused '{"none": {}}' '/netDevices/none: there is no network device "none" to be moved'
	refused '{"left": {"name": "lo"}}' 'already has a device "lo"'
	refused '{"left": {"name": "x"}, "right": {"name": "x"}}' 'already has a device "x"'
	refused '{"bridge": {}}' '/linux/netDevices/bridge: it cannot leave its network namespace'
	refused '{"left": {"name": "x"}, "none": {}}' '/linux/netDevices/none: there is no'
	refused '{"left": {"name": "a%d%d"}}' 'can have one "%d"'
	refused '{"left": {"name": "a%s"}}' 'can have one "%d"'
}

@test "without a network namespace of its own nothing is moved" {
	config_edit '.linux.namespaces |= map(select(.type != "network"))'
	refused '{"left": {}}' '/linux/netDevices: needs a network namespace of its own'
	config_edit --arg path "/proc/$HOLDER/ns/net" \
		'.linux.namespaces += [{"type": "network", "path": $path}]'
	refused '{"left": {}}' '/linux/netDevices: needs a network namespace of its own'
}

@test "a create that fails later gives them back as they were" {
	host ip link add bridge type bridge
	host ip link set left master bridge
	host ip link set left up
	host ip link set right up
	host ip address add 2001:db8::1/64 dev left nodad
	config_args no-such-program
	refused '{"left": {"name": "eth0"}, "right": {"name": "eth1"}}' 'executable file not found'
	[[ $(addresses left host) == "192.0.2.1/24 2001:db8::1/64 " ]]
	is_up left host
	[[ $(host ip -o link show dev left) == *"master bridge"* ]]
}

@test "hooks find the devices in their place" {
	devices '{"left": {"name": "eth0"}}'
	config_edit --arg out "$BATS_TEST_TMPDIR/hook" '.hooks.createRuntime = [{
		"path": "/bin/sh", "args": ["sh", "-c",
		"nsenter -t $(jq .pid) -n ip -o address show dev eth0 >\($out)"],
		"env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]}]'
	start_container
	grep -q 192.0.2.1/24 "$BATS_TEST_TMPDIR/hook"
}

@test "a hook that fails gives them back" {
	config_edit '.hooks.createRuntime = [{"path": "/bin/false"}]'
	refused '{"left": {"name": "eth0"}}' 'hook'
	has_device left host
}
