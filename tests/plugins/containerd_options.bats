#!/usr/bin/env bats
# containerd_options.bats - what ctr run can be told about a container holds on gocker

bats_require_minimum_version 1.5.0

load containerd

setup_file() {
	containerd_start default || return 0
	on_host sh -c "printf 'FILE=from a file\n' >$DAEMON/env"
	launch -d --memory-limit 67108864 --cpus 0.5 --cpu-shares 500 --env A=b --cwd /tmp \
		--env-file "$DAEMON/env" "$REF" long sleep 1000
}

teardown_file() { containerd_stop; }

in_long() { ctr task exec --exec-id "e$BATS_TEST_NUMBER$RANDOM" "$@"; }

@test "run --env, --env-file, --cwd: the program has them, and those of exec" {
	[[ $(in_long long sh -c 'echo "$A,$FILE,$PWD"') == "b,from a file,/tmp" ]]
}

@test "run --memory-limit: the control group has it" {
	[[ $(limit_of "$(task_pid long)" memory memory.limit_in_bytes memory.max) == 67108864 ]]
}

@test "run --cpus, --cpu-shares: the control group has them" {
	local pid
	pid=$(task_pid long)
	[[ $(limit_of "$pid" cpu cpu.cfs_quota_us cpu.max) =~ ^50000($| 100000$) ]]
	# 500 of 2 to 262144 are 19 of 1 to 10000.
	[[ $(limit_of "$pid" cpu cpu.shares cpu.weight) =~ ^(500|19|20)$ ]]
}

@test "run --cpu-period, --cpu-quota: the control group has them" {
	local pid
	launch -d --cpu-period 50000 --cpu-quota 20000 "$REF" "$ID" sleep 1000
	pid=$(task_pid "$ID")
	[[ $(limit_of "$pid" cpu cpu.cfs_quota_us cpu.max) =~ ^20000($| 50000$) ]]
	[[ $(limit_of "$pid" cpu cpu.cfs_period_us cpu.max) =~ (^| )50000$ ]]
	ctr task rm -f "$ID"
}

@test "run --cgroup: that group" {
	run launch --rm --cgroup /own/group "$REF" "$ID" cat /proc/1/cgroup
	assert_status 0
	assert_output_has :/own/group
}

@test "run --read-only: the image cannot be written to, a tmpfs can" {
	run launch --rm --read-only --mount type=tmpfs,src=tmpfs,dst=/mnt,options=size=64k \
		"$REF" "$ID" sh -c 'echo x >/mnt/x && echo written; echo x >/x'
	assert_status 1
	assert_output_has written
	assert_output_has "Read-only file system"
}

@test "run --mount: a folder of the host, read-only" {
	on_host sh -c "mkdir -p $DAEMON/$ID && echo there >$DAEMON/$ID/file"
	run launch --rm --mount "type=bind,src=$DAEMON/$ID,dst=/data/in,options=rbind:ro" \
		"$REF" "$ID" sh -c 'cat /data/in/file; echo x >/data/in/new'
	assert_status 1
	assert_output_has there
	assert_output_has "Read-only file system"
}

@test "run --mount: a tmpfs where nothing was is open to all" {
	run launch --rm --mount type=tmpfs,src=tmpfs,dst=/fresh,options=size=64k "$REF" "$ID" \
		stat -c %a /fresh
	[[ $output == 1777 ]]
}

@test "run --rootfs-propagation: mounts of the host are shared, or not" {
	run launch --rm --rootfs-propagation shared "$REF" "$ID" \
		awk '$5 == "/" { print $7 }' /proc/self/mountinfo
	[[ $output == shared:* ]]
	run launch --rm --rootfs-propagation private "$REF" "$ID" \
		awk '$5 == "/" { print $7 }' /proc/self/mountinfo
	[[ $output == - ]]
}

@test "run --privileged: what the host's root may" {
	run launch --rm --privileged "$REF" "$ID" sh -c 'sed -n "s/^CapEff:[[:space:]]*//p" \
		/proc/self/status; touch /sys/x 2>&1; mount -t tmpfs none /mnt && echo mounted'
	assert_status 0
	[[ ${lines[0]} == "$(on_host sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)" ]]
	[[ $output != *"Read-only"* ]]
	assert_output_has mounted
}

@test "run --cap-add, --cap-drop, --allow-new-privs" {
	run launch --rm --cap-add CAP_SYS_ADMIN --cap-drop CAP_CHOWN --allow-new-privs \
		"$REF" "$ID" sed -nE 's/^(CapEff|NoNewPrivs):[[:space:]]*//p' /proc/self/status
	[[ $output == $'00000000a82425fa\n0' ]]
	run launch --rm "$REF" "$ID-x" sed -n 's/^NoNewPrivs:[[:space:]]*//p' /proc/self/status
	[[ $output == 1 ]]
}

@test "run --seccomp: the default profile forbids" {
	run launch --rm --seccomp "$REF" "$ID" sh -c \
		'grep ^Seccomp: /proc/self/status; unshare -m true'
	assert_status 1
	assert_output_has $'Seccomp:\t2'
	assert_output_has "not permitted"
}

@test "run --seccomp-profile: one's own" {
	jq -n '{defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"],
		action: "SCMP_ACT_ERRNO", errnoRet: 28}]}' | on_host sh -c "cat >$DAEMON/profile"
	run launch --rm --seccomp --seccomp-profile "$DAEMON/profile" "$REF" "$ID" mkdir /x
	assert_status 1
	assert_output_has "No space left"
}

@test "run --device: a node of the host, and the right to it" {
	run launch --rm --device /dev/fuse "$REF" "$ID" sh -c \
		'stat -c "%t %T" /dev/fuse; true <>/dev/fuse && echo opened'
	[[ $output == $'a e5\nopened' ]]
}

@test "run --net-host, --with-ns: the namespace of others" {
	local pid
	run launch --rm --net-host "$REF" "$ID" readlink /proc/self/ns/net
	[[ $output == "$(on_host readlink /proc/1/ns/net)" ]]
	pid=$(task_pid long)
	run launch --rm --with-ns "network:/proc/$pid/ns/net" --with-ns "ipc:/proc/$pid/ns/ipc" \
		"$REF" "$ID" sh -c 'readlink /proc/self/ns/net; readlink /proc/self/ns/ipc'
	[[ $output == "$(on_host readlink "/proc/$pid/ns/net" "/proc/$pid/ns/ipc")" ]]
}

@test "run --rootfs: a folder instead of an image" {
	on_host sh -c "mkdir $DAEMON/$ID; tar -xf $IMAGE -C $DAEMON/$ID"
	run launch --rm --rootfs --env PATH=/bin "$DAEMON/$ID" "$ID" sh -c 'echo in >/made'
	assert_status 0
	[[ $(on_host cat "$DAEMON/$ID/made") == in ]]
}

@test "run --config: a document of one's own" {
	on_host sh -c "mkdir -p $DAEMON/$ID; tar -xf $IMAGE -C $DAEMON/$ID"
	on_host sh -c "cd $DAEMON/$ID && $RUNTIME spec && cat config.json" |
		jq --arg root "$DAEMON/$ID" '.root.path = $root | .process.terminal = false |
			.hostname = "own" | .process.args = ["hostname"]' |
		on_host sh -c "cat >$DAEMON/own.json"
	run launch --rm --config "$DAEMON/own.json" "$ID"
	assert_status 0
	[[ $output == own ]]
}

@test "run --runc-root: the state is there" {
	launch -d --runc-root "$DAEMON/elsewhere" "$REF" "$ID" sleep 1000
	[[ $(on_host "$RUNTIME" --root "$DAEMON/elsewhere/default" state "$ID" | jq -r .status) == \
		running ]]
	ctr task rm -f "$ID"
	on_host test ! -e "$DAEMON/elsewhere/default/$ID"
}

@test "run --no-pivot: another way to the new root" {
	run launch --rm --no-pivot "$REF" "$ID" sh -c 'ls /proc/1/root/bin/sh && echo out'
	assert_status 0
	assert_output_has out
}

# ctr forgets --runc-binary here, as with --no-pivot, and calls runc.
@test "run --uidmap, --gidmap: root of the container is another user" {
	run launch -d --uidmap 0:100000:1000 --gidmap 0:200000:1000 "$REF" "$ID" sleep 1000
	assert_status 0
	[[ $(on_host stat -c '%u %g' "/proc/$(task_pid "$ID")") == "100000 200000" ]]
	[[ $(ctr task exec --exec-id x "$ID" sh -c 'id -u; touch /x && stat -c %u /x') == $'0\n0' ]]
	ctr task rm -f "$ID"
}
