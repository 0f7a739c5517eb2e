#!/usr/bin/env bats
# mounts_change.bats - gocker mounts: what is added to a container that exists, and taken away

load helpers

setup_test() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	LIST=$BATS_TEST_TMPDIR/mounts.json
	mkdir -m 755 "$VOLUME"
	echo content >"$VOLUME/file"
	config_args sleep 1000
}

# list MOUNT...: writes the document; a mount is DESTINATION TYPE SOURCE OPTION..., one word.
list() {
	local mount words documents=()
	for mount; do
		read -ra words <<<"$mount"
		documents+=("$(jq -n '$ARGS.positional | {destination: .[0], type: .[1],
			source: .[2], options: .[3:]}' --args -- "${words[@]}")")
	done
	printf '%s\n' "${documents[@]}" | jq -s . >"$LIST"
}

# has_mount PATH: whether something is mounted there in the container.
has_mount() { gocker exec "$ID" awk -v path="$1" '$5 == path { n = 1 } END { exit !n }' \
	/proc/self/mountinfo; }

refused() {
	run gocker mounts "${@:2}"
	assert_status 1
	assert_output_has "$1"
	[[ ${#lines[@]} == 1 ]] || fail "not one line: $output"
}

@test "a bind, a tmpfs in it, a file: added, used, taken away" {
	start_container
	list "/data/deep bind $VOLUME bind ro" "/work tmpfs tmpfs size=1m" \
		"/work/in tmpfs tmpfs ro" "/etc/made bind $VOLUME/file bind"
	gocker mounts add "$ID" "$LIST"
	[[ $(gocker exec "$ID" cat /data/deep/file /etc/made) == $'content\ncontent' ]]
	run gocker exec "$ID" touch /data/deep/x
	assert_output_has "Read-only file system"
	run gocker exec "$ID" touch /work/in/x
	assert_output_has "Read-only file system"
	gocker exec "$ID" touch /work/x
	gocker mounts remove "$ID" - <"$LIST"
	local mount
	for mount in /data/deep /work /work/in /etc/made; do
		has_mount "$mount" && fail "$mount is still there"
	done
	[[ $(gocker exec "$ID" cat /etc/made; gocker exec "$ID" ls -d /data/deep) == /data/deep ]]
	[[ $(<"$VOLUME/file") == content && $(stat -c %a "$VOLUME") == 755 ]]
}

@test "the container's program sees it, and what it uses stays until it is done" {
	config_shell 'until [ -e /data/file ]; do sleep 0.1; done; exec 3</data/file
		echo seen; until [ ! -e /data/file ]; do sleep 0.1; done; cat <&3; exec sleep 1000'
	start_container
	list "/data bind $VOLUME bind"
	gocker mounts add "$ID" "$LIST"
	wait_until grep -q seen "$OUT"
	gocker mounts remove "$ID" "$LIST"
	wait_until grep -q content "$OUT"
}

@test "created and paused containers, and no others" {
	list "/data bind $VOLUME bind"
	refused "container does not exist" add "$ID" "$LIST"
	create_container
	gocker mounts add "$ID" "$LIST"
	gocker mounts remove "$ID" "$LIST"
	gocker start "$ID"
	if gocker pause "$ID"; then
		gocker mounts add "$ID" "$LIST"
		gocker resume "$ID"
		has_mount /data
	fi
	gocker kill "$ID" KILL
	wait_until is_in_state "$ID" stopped
	refused "container not running" remove "$ID" "$LIST"
}

@test "a procfs shows the container's processes, a sysfs its network" {
	start_container
	list "/second proc proc" "/third sysfs sysfs ro"
	gocker mounts add "$ID" "$LIST"
	[[ $(gocker exec "$ID" cat /second/1/comm) == sleep ]]
	[[ $(gocker exec "$ID" ls /third/class/net) == lo ]]
}

@test "in a user namespace, for its users" {
	with_user_namespace
	start_container
	list "/data bind $VOLUME bind" "/work tmpfs tmpfs mode=700"
	gocker mounts add "$ID" "$LIST"
	[[ $(gocker exec "$ID" cat /data/file) == content ]]
	[[ $(gocker exec "$ID" stat -c %u:%a /work) == 0:700 ]]
	run gocker exec "$ID" touch /data/x
	assert_output_has "Permission denied"
	gocker mounts remove "$ID" "$LIST"
	! has_mount /data || fail "still there"
}

# It may mount in its namespace, but not take off what the host has put on its own mount.
@test "the host's read-only mount stays so for root of a user namespace" {
	with_user_namespace
	config_edit '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"])'
	chmod 777 "$VOLUME"
	start_container
	list "/data bind $VOLUME bind"
	unshare -m --propagation private sh -c 'mount --bind "$1" "$1" &&
		mount -o remount,bind,ro "$1" && "$2" --root "$3" mounts add "$4" "$5"' sh \
		"$VOLUME" "$GOCKER" "$TEST_ROOT" "$ID" "$LIST"
	gocker exec "$ID" mount -t tmpfs tmpfs /mnt
	run gocker exec "$ID" mount -o remount,bind,rw /data
	[[ $status != 0 ]] || fail "it could be remounted"
	run gocker exec "$ID" touch /data/x
	assert_output_has "Read-only file system"
}

@test "all or nothing" {
	start_container
	list "/data bind $VOLUME bind" "/work tmpfs tmpfs" "/bad tmpfs tmpfs nosuchoption"
	refused 'mount on "/bad": mount option "nosuchoption"' add "$ID" "$LIST"
	! has_mount /data || fail "/data is left"
	! has_mount /work || fail "/work is left"
	list "/data bind $VOLUME bind"
	refused 'unmount "/data"' remove "$ID" "$LIST"
}

# The image is not trusted: what its links lead to is below its root, and never a place that counts.
@test "what an image would like" {
	ln -s ../../../../../.. "$BUNDLE/rootfs/up"
	ln -s /proc "$BUNDLE/rootfs/alias"
	start_container
	list "/up/data bind $VOLUME bind"
	gocker mounts add "$ID" "$LIST"
	has_mount /data
	[[ ! -e /data/file ]]
	gocker mounts remove "$ID" "$LIST"
	list "/alias/version bind $VOLUME/file bind"
	refused "nothing can be mounted inside /proc" add "$ID" "$LIST"
	list "/up bind $VOLUME bind"
	refused "nothing can be mounted on the root itself" add "$ID" "$LIST"
	refused "nothing can be mounted on the root itself" remove "$ID" "$LIST"
	list "/etc bind $VOLUME bind"
	refused "nothing is mounted there" remove "$ID" "$LIST"
}

@test "documents and commands that are wrong" {
	start_container
	list "relative/data bind $VOLUME bind"
	refused "usage: gocker mounts" change "$ID" "$LIST"
	refused "no such file" add "$ID" "$LIST.missing"
	list "/data bind $VOLUME/missing bind"
	refused "$LIST: /mounts/0 (\"/data\"): open mount source \"$VOLUME/missing\"" \
		add "$ID" "$LIST"
	list "/cgroup cgroup cgroup"
	refused 'a mount of type "cgroup" is made with the container only' add "$ID" "$LIST"
	echo '{"destination": "/x"}' >"$LIST"
	refused "must be a list of mounts" add "$ID" "$LIST"
	echo '[{"source": "/x"}]' >"$LIST"
	refused "/mounts/0/destination: is required" add "$ID" "$LIST"
	echo '[' >"$LIST"
	refused "$LIST" add "$ID" "$LIST"
	gocker delete --force "$ID"
	without_namespace mount
	config_edit 'del(.mounts, .linux.maskedPaths, .linux.readonlyPaths)'
	start_container
	echo '[]' >"$LIST"
	refused "the container has no mount namespace of its own" add "$ID" "$LIST"
}
