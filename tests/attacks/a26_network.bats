#!/usr/bin/env bats
# a26_network.bats - names of network devices that are none, and a device that vanishes
#
# Detects: a build without check_interface_name() (check.c), and one that goes on without a device
# that could not be moved (devices.c)
# Devices that are moved, and refusals: tests/runtime/net_devices.bats.

load helpers

# The "host" is a network namespace of the test's own.
setup_attack() {
	need_command ip
	unshare -n sleep 1000 3>&- &
	HOLDER=$!
	wait_until has_own_network
	GOCKER_WRAPPER="nsenter -t $HOLDER -n"
	host ip link add left type veth peer name right
	LINKS=$(links)
	config_args true
}

teardown_test() {
	[[ -z ${HOLDER-} ]] || kill "$HOLDER"
	[[ -z ${NEIGHBOUR-} ]] || kill "$NEIGHBOUR" 2>/dev/null || true
}

has_own_network() { [[ $(readlink "/proc/$HOLDER/ns/net") != "$(readlink /proc/self/ns/net)" ]]; }
host() { nsenter -t "$HOLDER" -n "$@"; }
links() { host ip -o link | cut -d: -f2,3 | sed 's/ qdisc .*//' | sort; }

# devices HOST-NAME CONTAINER-NAME
# shellcheck disable=SC2016 # the dollars are jq's
devices() { config_edit --arg a "$1" --arg b "$2" '.linux.netDevices = {($a): {name: $b}}'; }

names=(sixteen_bytes_ab "$(printf 'x%.0s' {1..4096})" ../left ../../../etc . .. a/b 'a b' a:b
	$'a\nb' %s %n%n%n 'a%d%d' %1000000d 'left;id' $'\x1b[2J')

# documents FILTER: config.json for each $name, made at once.
# shellcheck disable=SC2016 # the dollars are jq's
documents() {
	jq -c '. as $config | $ARGS.positional[] as $name | $config |
		.linux.netDevices = '"$1" "$BUNDLE/config.json" --args -- "${names[@]}"
}

# all_refused FILTER: with one line, which may have the name, but not its control characters.
all_refused() {
	local document
	while read -r document; do
		echo "$document" >"$BUNDLE/config.json"
		run timeout 10 nsenter -t "$HOLDER" -n "$GOCKER" --root "$TEST_ROOT" run \
			-b "$BUNDLE" "$ID" </dev/null
		assert_status 1
		assert_output_has "config.json: /linux/netDevices/"
		[[ ${#lines[@]} == 1 && ${#output} -lt 1000 && $output != *[$'\x01'-$'\x1f']* ]] ||
			fail "not one plain line: $output"
		[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
	done < <(documents "$1")
	[[ $document == "" && $(links) == "$LINKS" ]] || fail "the host's links changed: $(links)"
	host_is_untouched
}

# shellcheck disable=SC2016 # the dollars are jq's
@test "names of devices of the host that are none" {
	all_refused '{($name): {name: "eth0"}}'
}

# shellcheck disable=SC2016 # the dollars are jq's
@test "names of devices of the container that are none" {
	local skip
	for skip in "${!names[@]}"; do
		[[ ${names[skip]} != 'left;id' && ${names[skip]} != $'\x1b[2J' ]] ||
			unset "names[$skip]"
	done
	all_refused '{left: {name: $name}}'
}

links_are_back() { [[ $(links) == "$LINKS" ]]; }

# moved_or_refused: neither is anything left.
moved_or_refused() {
	run timeout -k 1 20 nsenter -t "$HOLDER" -n "$GOCKER" --root "$TEST_ROOT" run \
		-b "$BUNDLE" "$ID" </dev/null 3>&-
	((status < 124)) || fail "status $status: $output" || return
	[[ $status == 0 || $output == *netDevices* ]] || fail "$output" || return
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
}

@test "a device comes, goes and changes its name meanwhile" {
	devices fickle eth0
	# What runs has it: it is no more the neighbour's.
	config_args ip link show eth0
	# not by host(): that would be a shell of its own, which alone could be killed
	# shellcheck disable=SC2016 # expands in the neighbour
	nsenter -t "$HOLDER" -n bash -c 'while :; do
			ip link add fickle type veth peer name other
			ip link set fickle name renamed
			ip link set renamed name fickle
			ip link del fickle
		done' </dev/null >/dev/null 2>&1 3>&- &
	NEIGHBOUR=$!
	race moved_or_refused
	kill "$NEIGHBOUR"
	wait "$NEIGHBOUR" || true
	host ip link del other 2>/dev/null || true
	wait_until links_are_back || fail "the host has other links:" \
		"$(diff <(echo "$LINKS") <(links))"
	host_is_untouched
}
