#!/usr/bin/env bats
# namespace_host.bats - namespaces that are the host's: those that config.json does not list

load helpers

# No mount namespace, nor what one must be there for. The host's mounts are those of a holder, where
# they are shared as they mostly are on hosts: whatever goes wrong goes with it.
without_mounts() {
	without_namespace mount
	config_edit 'del(.linux.maskedPaths, .linux.readonlyPaths)'
	unshare -m --propagation private sh -c 'mount --make-rshared / && exec sleep 60' 3>&- &
	HOLDER=$!
	wait_until grep -q sleep "/proc/$HOLDER/comm"
	GOCKER_WRAPPER="nsenter -m -t $HOLDER --"
}

mounts_of_bundle() { grep -c " $BUNDLE/rootfs" "/proc/$HOLDER/mountinfo"; }

@test "each type may be the host's" {
	local type file
	cp "$BUNDLE/config.json" "$BUNDLE/plain.json"
	for type in pid network ipc uts cgroup; do
		cp "$BUNDLE/plain.json" "$BUNDLE/config.json"
		config_edit 'del(.hostname)'
		without_namespace $type
		start_container
		file=${type/network/net}
		[[ $(ns_of "$(container_pid)" "$file") == "$(ns_of self "$file")" ]] || fail "$type"
		[[ $(gocker exec "$ID" readlink "/proc/self/ns/$file") == \
			"$(ns_of self "$file")" ]] || fail "exec: $type"
		gocker delete --force "$ID"
	done
}

@test "what would change the host is refused" {
	local before
	before=$(hostname; cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax)
	without_namespace uts network ipc
	config_edit '.hostname = "mine"'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '/hostname: needs a "uts" entry'
	config_edit 'del(.hostname) | .linux.sysctl = {"net.ipv4.ip_forward": "1"}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '"net.ipv4.ip_forward" would change the host'
	config_edit '.linux.sysctl = {"kernel.msgmax": "4321"}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '"kernel.msgmax" would change the host'
	config_edit '.linux.sysctl = {"kernel.domainname": "mine"}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '"kernel.domainname" would change the host'
	[[ $(hostname; cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax) == "$before" ]]
}

@test "with the host's pid namespace, kill --all and delete end what the container has left" {
	local pid
	without_namespace pid
	config_edit 'del(.hostname) | .mounts |= map(select(.type != "proc")) |
		.linux.maskedPaths = [] | .linux.readonlyPaths = []'
	config_shell 'sleep 1003 & sleep 1004'
	start_container
	wait_until pgrep -x -f 'sleep 1003' >/dev/null
	pid=$(pgrep -x -f 'sleep 1003')
	gocker kill --all "$ID" KILL
	wait_for_state stopped
	wait_until is_gone "$pid"
	gocker delete "$ID"
	start_container
	wait_until pgrep -x -f 'sleep 1003' >/dev/null
	pid=$(pgrep -x -f 'sleep 1003')
	gocker kill --all "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	is_gone "$pid"
}
@test "with the host's mounts, the container's are there until it is deleted" {
	without_mounts
	echo outside >"$BATS_TEST_TMPDIR/outside"
	touch "$BUNDLE/rootfs/ours"
	start_container
	[[ $(ns_of "$(container_pid)" mnt) == "$(ns_of "$HOLDER" mnt)" ]]
	(($(mounts_of_bundle) > 5))
	[[ $(gocker exec "$ID" ls -d /proc/1 /ours /dev/pts/ptmx) == \
		$'/dev/pts/ptmx\n/ours\n/proc/1' ]]
	gocker exec "$ID" test ! -e "$BATS_TEST_TMPDIR/outside"
	gocker exec "$ID" sh -c 'echo inside >/inside'
	[[ $(cat "$BUNDLE/rootfs/inside") == inside ]]
	gocker kill "$ID" KILL
	wait_for_state stopped
	gocker delete "$ID"
	[[ $(mounts_of_bundle) == 0 && -e $BUNDLE/rootfs/ours ]]
	[[ $(ls -A "$BUNDLE/rootfs/dev") == "" ]]
	kill "$HOLDER"
}

@test "with the host's mounts, a read-only root and a failing create leave the host as it is" {
	without_mounts
	config_edit '.root.readonly = true'
	config_shell 'touch /x || echo refused'
	[[ $(gocker run -b "$BUNDLE" "$ID" 2>/dev/null) == refused ]]
	touch "$BUNDLE/rootfs/y"
	config_args /no/such/program
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	[[ $(mounts_of_bundle) == 0 && ! -e $TEST_ROOT/$ID ]]
	kill "$HOLDER"
}

@test "a mount that covers the container's root is not taken away in its place" {
	without_mounts
	start_container
	gocker kill "$ID" KILL
	wait_for_state stopped
	nsenter -m -t "$HOLDER" mount -t tmpfs tmpfs "$BUNDLE/rootfs"
	run gocker delete "$ID"
	nsenter -m -t "$HOLDER" umount "$BUNDLE/rootfs"
	assert_status 1
	assert_output_has "another mount is on the root filesystem"
	gocker delete "$ID"
	[[ $(mounts_of_bundle) == 0 ]]
	kill "$HOLDER"
}

@test "a user namespace with the host's mounts is refused" {
	without_mounts
	map_ids
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "needs a mount namespace of its own"
	[[ $(mounts_of_bundle) == 0 && ! -e $TEST_ROOT/$ID ]]
	kill "$HOLDER"
}
