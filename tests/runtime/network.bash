# network.bash - a host of the test's own, with a neighbour, for containers with a network
#
# make_host makes two network namespaces. $HOST is a process in that of the "host", which has a /run
# of its own as well; $OUTER one in that of the neighbour. Between them is the network 192.0.2.0/24
# and 2001:db8::/64: the host is .1 (::1), its default route leads to the neighbour, .2 (::2), who
# has no route to anything else. All that gocker does is done there.

# shellcheck disable=SC2016 # expands in the inner shell
make_host() {
	local ready=$BATS_TEST_TMPDIR/host.ready
	mkfifo "$ready"
	unshare -n sleep 1000 3>&- &
	OUTER=$!
	wait_until has_own_network "$OUTER"
	unshare -n -m --propagation private bash -c '
		mount -t tmpfs run /run && mount -t sysfs sysfs /sys/class 2>/dev/null
		set -e
		ip link set lo up
		ip link add uplink type veth peer name uplink netns "$2"
		ip link set uplink up
		ip addr add 192.0.2.1/24 dev uplink
		ip addr add 2001:db8::1/64 dev uplink nodad
		nsenter -t "$2" -n sh -e -c "ip link set lo up; ip link set uplink up
			ip addr add 192.0.2.2/24 dev uplink
			ip addr add 2001:db8::2/64 dev uplink nodad"
		ip route add default via 192.0.2.2
		ip route add default via 2001:db8::2
		echo ready >"$1"
		exec sleep 1000' bash "$ready" "$OUTER" 3>&- &
	HOST=$!
	read -r -t 10 <"$ready" || fail "no host"
	GOCKER_WRAPPER="nsenter -t $HOST -n -m ${GOCKER_WRAPPER-}"
}

has_own_network() { [[ $(ns_of "$1" net) != "$(ns_of $$ net)" ]]; }

remove_host() {
	local process
	for process in "${PEERS[@]}" ${HOST-} ${OUTER-}; do
		kill "$process" 2>/dev/null || :
	done
}

on_host() { nsenter -t "$HOST" -n -m "$@"; }
on_outer() { nsenter -t "$OUTER" -n "$@"; }
# inside ID COMMAND...: in the container's network, with the programs of this machine.
inside() { nsenter -t "$(container_pid "$1")" -n "${@:2}"; }

PEER=${TEST_SOURCES-$BATS_TEST_DIRNAME/../..}/tests/runtime/net_peer.py

# serve WHERE... -- PROTOCOL:PORT...: answers there: "serve on_outer -- tcp:80".
serve() {
	local where=() ready
	while [[ $1 != -- ]]; do
		where+=("$1")
		shift
	done
	ready=$BATS_TEST_TMPDIR/peer.${#PEERS[@]}
	"${where[@]}" python3 "$PEER" serve "$ready" "${@:2}" 3>&- &
	wait_until test -s "$ready"
	PEERS+=("$(<"$ready")")
}

# asked WHERE... -- PROTOCOL ADDRESS PORT: the answer, "ADDRESS-OF-WHO-ASKED PORT".
asked() {
	local where=()
	while [[ $1 != -- ]]; do
		where+=("$1")
		shift
	done
	"${where[@]}" python3 "$PEER" ask "${@:2}"
}

# reaches WHERE... -- ADDRESS...: there is somebody at each of them.
reaches() {
	local where=()
	while [[ $1 != -- ]]; do
		where+=("$1")
		shift
	done
	"${where[@]}" python3 "$PEER" reach "${@:2}"
}

# net KEY=VALUE...: the annotations org.gocker.net.0.KEY of the bundle; a network namespace.
net() {
	local pair
	config_edit '.linux.namespaces |= (map(select(.type != "network")) + [{"type": "network"}])'
	for pair; do
		[[ $pair == [0-9]* ]] || pair=0.$pair
		config_edit --arg key "org.gocker.net.${pair%%=*}" --arg value "${pair#*=}" \
			'.annotations[$key] = $value'
	done
}

# address_of ID [FAMILY]: the container's, as the lease has it.
address_of() {
	inside "$1" ip -j addr show dev eth0 |
		jq -r --arg family "${2-inet}" 'first(.[0].addr_info[] |
			select(.family == $family and .scope == "global")).local'
}

# what_is_left: links, rules and files on the host that are gocker's.
what_is_left() {
	on_host ip -o link | grep -v 'lo:\|uplink@' || :
	on_host nft list tables | grep gocker || :
	on_host find /run/gocker/.net -mindepth 1 2>/dev/null || :
}

# lose_container: as if nobody had ever deleted it: its state is gone, and its process.
lose_container() {
	kill -KILL "$(container_pid)"
	rm -r "${TEST_ROOT:?}/$ID"
	wait_until no_cgroup_is_left
}

no_cgroup_is_left() {
	find /sys/fs/cgroup -depth -type d -name "gocker-$ID" -exec rmdir {} + 2>/dev/null
	[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID" 2>/dev/null) ]]
}
