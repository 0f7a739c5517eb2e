#!/usr/bin/env bats
# propagation.bats - which mounts the host and a container give to each other
#
# "The host" is a mount namespace of the test's own, in which a process sleeps: nothing that is
# mounted there is seen outside of it.

load helpers

setup_test() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir -p "$VOLUME"/{host,container} "$BUNDLE/rootfs"/{host,container,volume}
	unshare -m --propagation private sleep 1000 3>&- &
	HOST=$!
	wait_until grep -qx sleep "/proc/$HOST/comm"
	GOCKER_WRAPPER="nsenter -t $HOST -m --"
	host mount --bind "$VOLUME" "$VOLUME"
	host mount --make-shared "$VOLUME"
	host mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs"
	host mount --make-shared "$BUNDLE/rootfs"
	config_edit '.process.capabilities[] += ["CAP_SYS_ADMIN"]'
}

teardown_test() { kill "$HOST"; }

host() { nsenter -t "$HOST" -m -- "$@"; }

# add_volume OPTION...: the volume is at /volume.
# shellcheck disable=SC2016 # the dollars are jq's
add_volume() {
	config_edit --arg source "$VOLUME" '.mounts += [{"destination": "/volume",
		"type": "bind", $source, "options": $ARGS.positional}]' --args -- "$@"
}

root_propagation() { config_edit --arg propagation "$1" '.linux.rootfsPropagation = $propagation'; }

inside() { gocker exec "$ID" "$@"; }

# exchange HOST-DIR CONTAINER-DIR: mounts on the host's folder "host" and in the container's folder
# "container"; prints who sees what the other has mounted.
exchange() {
	host mount -t tmpfs tmpfs "$1/host"
	host touch "$1/host/mounted"
	inside mount -t tmpfs tmpfs "$2/container"
	inside touch "$2/container/mounted"
	inside test -e "$2/host/mounted" && echo "container sees"
	host test -e "$1/container/mounted" && echo "host sees"
	host umount "$1/host"
	[[ ! -e $1/host/mounted && ! -e $1/container/mounted ]]
}

# volume_exchange ROOT-PROPAGATION OPTION...
volume_exchange() {
	[[ -z $1 ]] || root_propagation "$1"
	add_volume "${@:2}"
	start_container
	exchange "$VOLUME" /volume
}

# root_exchange ROOT-PROPAGATION
root_exchange() {
	[[ -z $1 ]] || root_propagation "$1"
	start_container
	exchange "$BUNDLE/rootfs" ""
}

# tags DESTINATION: how its mount stands to others: "shared", "master", "unbindable".
tags() {
	inside awk -v d="$1" '$5 == d {
		for (i = 7; $i != "-"; i++) { sub(":.*", "", $i); print $i }
	}' /proc/1/mountinfo | paste -sd " "
}

@test "by default a volume receives from the host and does not give" {
	[[ $(volume_exchange "" rbind) == "container sees" ]]
}

@test "rslave is the same" {
	[[ $(volume_exchange "rslave" rbind rslave) == "container sees" ]]
	[[ $(tags /volume) == master ]]
}

@test "rprivate does neither" {
	[[ $(volume_exchange "" rbind rprivate) == "" ]]
	[[ $(tags /volume) == "" ]]
}

@test "rshared gives to the host where the root's propagation is shared" {
	[[ $(volume_exchange shared rbind rshared) == $'container sees\nhost sees' ]]
	[[ $(tags /volume) == shared ]]
}

@test "rshared is shared in the container only where it is not" {
	[[ $(volume_exchange "" rbind rshared) == "container sees" ]]
	[[ $(tags /volume) == "shared master" ]]
}

@test "with a private root rshared does not even receive" {
	[[ $(volume_exchange rprivate rbind rshared) == "" ]]
	[[ $(tags /volume) == shared ]]
}

@test "unbindable" {
	volume_exchange "" rbind runbindable
	[[ $(tags /volume) == unbindable ]]
	run inside mount --bind /volume /tmp
	[[ $status != 0 ]]
}

@test "shared, but never to the host without that option" {
	[[ $(volume_exchange rshared rbind) == "container sees" ]]
}

@test "the root is private by default" {
	[[ $(root_exchange "") == "" ]]
	[[ $(tags /) == "" ]]
}

@test "rootfsPropagation private" {
	[[ $(root_exchange private) == "" ]]
	[[ $(tags /) == "" ]]
}

@test "rootfsPropagation rprivate" {
	[[ $(root_exchange rprivate) == "" ]]
	[[ $(tags /) == "" ]]
}

@test "rootfsPropagation slave: the root receives" {
	[[ $(root_exchange slave) == "container sees" ]]
	[[ $(tags /) == master ]]
}

@test "rootfsPropagation rslave" {
	[[ $(root_exchange rslave) == "container sees" ]]
	[[ $(tags /) == master ]]
}

@test "rootfsPropagation shared: a peer group of its own, not the host's" {
	[[ $(root_exchange shared) == "" ]]
	[[ $(tags /) == shared ]]
	[[ $(tags /proc) == "" ]]
}

@test "rootfsPropagation rshared: with what is mounted below" {
	[[ $(root_exchange rshared) == "" ]]
	[[ $(tags /) == shared && $(tags /proc) == shared ]]
}

@test "rootfsPropagation unbindable: the root cannot be bound" {
	[[ $(root_exchange unbindable) == "" ]]
	[[ $(tags /) == unbindable && $(tags /proc) == "" ]]
	run inside mount --bind /etc /tmp
	[[ $status != 0 ]]
	inside mount --bind /proc /tmp
}

@test "rootfsPropagation runbindable" {
	[[ $(root_exchange runbindable) == "" ]]
	[[ $(tags /) == unbindable && $(tags /proc) == unbindable ]]
}

@test "the host's mounts are as before, whatever the propagation" {
	local before propagation
	before=$(host cat /proc/self/mountinfo)
	for propagation in shared rshared slave private unbindable; do
		root_propagation "$propagation"
		config_args true
		gocker run -b "$BUNDLE" "$ID"
		gocker run --no-pivot -b "$BUNDLE" "$ID"
		[[ $(host cat /proc/self/mountinfo) == "$before" ]] || fail "$propagation"
	done
}
