#!/usr/bin/env bats
# idmap.bats - mounts whose files show other owners

load helpers

# The volume has a file of root and one of user 7, and a mount "sub" with the same, seen by
# "volume_run" only.
setup_test() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir -p "$VOLUME/sub" "$BATS_TEST_TMPDIR/below"
	touch "$VOLUME"/{root,seven} "$BATS_TEST_TMPDIR"/below/{root,seven}
	chown 7:8 "$VOLUME/seven" "$BATS_TEST_TMPDIR/below/seven"
}

# volume_run: runs the container where there is a mount below the volume.
volume_run() {
	# shellcheck disable=SC2016 # expands in the inner shell
	unshare -m --propagation private sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh \
		"$BATS_TEST_TMPDIR/below" "$VOLUME/sub" \
		"$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
}

# add_volume DESTINATION MAPS OPTION...: MAPS is JSON, for users and groups alike.
# shellcheck disable=SC2016 # the dollars are jq's
add_volume() {
	config_edit --arg destination "$1" --argjson maps "$2" --arg source "$VOLUME" \
		'.mounts += [{$destination, $source, "options": $ARGS.positional,
			"uidMappings": $maps, "gidMappings": $maps}]' --args -- "${@:3}"
}

maps='[{"containerID": 0, "hostID": 1000, "size": 5},
	{"containerID": 7, "hostID": 2007, "size": 2}]'

@test "maps of the mount, in a container without a user namespace" {
	add_volume /data "$maps" bind idmap
	config_edit '.process.user = {"uid": 1000, "gid": 1000}'
	config_shell 'stat -c "%n %u:%g" /data/root /data/seven; umask 0; touch /data/sub/new'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'/data/root 1000:1000\n/data/seven 2007:2008' ]]
	[[ $(stat -c %u:%g "$VOLUME/sub/new") == 0:0 ]]
	[[ $(stat -c %u:%g "$VOLUME/seven") == 7:8 ]]
}

@test "an id without a map belongs to nobody" {
	add_volume /data '[{"containerID": 1, "hostID": 1, "size": 10}]' bind idmap
	config_shell 'stat -c %u:%g /data/root /data/seven; touch /data/new || echo refused'
	run gocker run -b "$BUNDLE" "$ID"
	[[ ${lines[0]} == 65534:65534 && ${lines[1]} == 7:8 && ${lines[-1]} == refused ]]
}

@test "maps alone are meant, too" {
	add_volume /data "$maps" bind
	config_shell 'stat -c %u /data/seven'
	[[ $(gocker run -b "$BUNDLE" "$ID") == 2007 ]]
}

@test "idmap is for one mount, ridmap for those below it" {
	add_volume /one "$maps" rbind idmap
	add_volume /all "$maps" rbind ridmap
	config_shell 'stat -c "%n %u" /one/seven /one/sub/seven /all/seven /all/sub/seven'
	[[ $(volume_run) == "/one/seven 2007
/one/sub/seven 7
/all/seven 2007
/all/sub/seven 2007" ]]
}

@test "without maps of its own a mount has those of the container" {
	with_user_namespace
	config_edit --arg source "$VOLUME" '.mounts += [
		{"destination": "/plain", $source, "options": ["bind"]},
		{"destination": "/mapped", $source, "options": ["bind", "idmap"]}]'
	config_shell 'stat -c "%n %u:%g" /plain/seven /mapped/seven; touch /mapped/new'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'/plain/seven 65534:65534\n/mapped/seven 7:8' ]]
	[[ $(stat -c %u:%g "$VOLUME/new") == 0:0 ]]
}

@test "maps of the mount, in a container with a user namespace" {
	with_user_namespace
	add_volume /data '[{"containerID": 7, "hostID": 100020, "size": 2}]' rbind ridmap
	config_shell 'stat -c %u:%g /data/seven /data/sub/seven'
	[[ $(volume_run) == $'20:21\n20:21' ]]
}

@test "one volume, several maps; and other options hold as well" {
	add_volume /a "$maps" bind idmap
	add_volume /b '[{"containerID": 7, "hostID": 3007, "size": 2}]' bind idmap ro
	add_volume /c "$maps" bind ro ridmap
	config_edit '.process.user = {"uid": 1000, "gid": 1000}'
	config_shell 'stat -c %u /a/seven /b/seven /c/seven; touch /a/root && echo writable
		for d in /b /c; do touch $d/seven 2>&1 | grep -o "Read-only.*"; done'
	[[ $(gocker run -b "$BUNDLE" "$ID") == "2007
3007
2007
writable
Read-only file system
Read-only file system" ]]
}

@test "mounts with the same maps share a user namespace" {
	add_volume /a "$maps" bind idmap
	add_volume /b "$maps" bind idmap
	add_volume /c "$maps" bind ridmap
	config_args true
	run gocker --debug run -b "$BUNDLE" "$ID"
	[[ $(grep -c "user namespace for the maps" <<<"$output") == 1 ]]
}

@test "idmap without maps and without a user namespace is refused" {
	config_edit --arg source "$VOLUME" \
		'.mounts += [{"destination": "/data", $source, "options": ["bind", "ridmap"]}]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'needs uidMappings and gidMappings, or a user namespace'
	[[ ! -e $TEST_ROOT/$ID ]]
}

# add_option_volume DESTINATION OPTION...
# shellcheck disable=SC2016 # the dollars are jq's
add_option_volume() {
	config_edit --arg destination "$1" --arg source "$VOLUME" \
		'.mounts += [{$destination, $source, "options": $ARGS.positional}]' \
		--args -- "${@:2}"
}

@test "maps in the option itself, as podman hands them over" {
	add_option_volume /one rbind 'idmap=uids=0-1000-5#7-2007-2;gids=8-2008-1#0-1000-5'
	add_option_volume /all rbind ridmap=uids=7-3007-1\;gids=8-3008-1
	config_shell 'stat -c %u:%g /one/root /one/seven /one/sub/seven /all/seven /all/sub/seven'
	[[ $(volume_run) == $'1000:1000\n2007:2008\n7:8\n3007:3008\n3007:3008' ]]
}

@test "maps in the option, relative to those of the container" {
	with_user_namespace
	add_option_volume /a bind idmap='uids=@7-20-2;gids=@8-30-1'
	add_option_volume /b bind idmap='uids=7-100020-2;gids=8-100030-1'
	# Without a list for the groups, they are mapped as the container's.
	add_option_volume /c bind idmap='uids=@7-20-2'
	config_shell 'stat -c %u:%g /a/seven /b/seven /c/seven'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'20:30\n20:30\n20:8' ]]
}

@test "maps of the mount go before those in the option" {
	add_volume /data "$maps" bind 'idmap=uids=7-5-1;gids=8-5-1'
	config_shell 'stat -c %u:%g /data/seven'
	[[ $(gocker run -b "$BUNDLE" "$ID") == 2007:2008 ]]
}

@test "maps in the option that are none" {
	local maps
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good.json"
	for maps in "" uids= uids=0-1-1 'uids=0-1-1;gids=' 'uids=0-1;gids=0-1-1' 'users=0-1-1' \
		'uids=0-1-0;gids=0-1-1' 'uids=-1-1-1;gids=0-1-1' 'uids=0-1-1-1;gids=0-1-1' \
		'uids=0-4294967295-1;gids=0-1-1' 'uids=@0-1-1;gids=@0-1-1' \
		'uids=0-1-1#;gids=0-1-1'; do
		cp "$BATS_TEST_TMPDIR/good.json" "$BUNDLE/config.json"
		add_option_volume /data bind "idmap=$maps"
		run gocker create -b "$BUNDLE" "$ID"
		assert_status 1
		assert_output_has "(\"/data\"): option \"idmap=$maps\": "
	done
	cp "$BATS_TEST_TMPDIR/good.json" "$BUNDLE/config.json"
	with_user_namespace
	add_option_volume /data bind 'idmap=uids=@0-65000-1000;gids=@0-0-1'
	run gocker create -b "$BUNDLE" "$ID"
	assert_output_has 'range "@0-65000-1000": no range of the container'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "what is no bind mount is refused" {
	config_edit --argjson maps "$maps" '.mounts += [{
		"destination": "/data", "type": "tmpfs", "source": "tmpfs",
		"options": ["idmap"], "uidMappings": $maps, "gidMappings": $maps}]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '("/data"): only bind mounts can be id-mapped'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a file system that cannot map ids is an error with a hint" {
	VOLUME=/proc/sys add_volume /data "$maps" bind idmap
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '("/data"): map the ids of the mount (can its file system do that?'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "without maps of its own a mount has those of the user namespace that is joined" {
	with_user_namespace
	start_container "$ID-owner"
	config_edit --arg path "/proc/$(container_pid "$ID-owner")/ns/user" --arg source "$VOLUME" '
		.linux.namespaces |= map(if .type == "user" then .path = $path else . end) |
		del(.linux.uidMappings, .linux.gidMappings) |
		.mounts += [{"destination": "/data", $source, "options": ["bind", "idmap"]}]'
	config_shell 'stat -c %u:%g /data/seven; touch /data/new'
	[[ $(gocker run -b "$BUNDLE" "$ID") == 7:8 ]]
	[[ $(stat -c %u:%g "$VOLUME/new") == 0:0 ]]
}

@test "in a user namespace an id-mapped mount keeps the flags that the host has given it" {
	with_user_namespace
	add_volume /data '[{"containerID": 0, "hostID": 100000, "size": 9}]' bind idmap
	config_edit '.process.capabilities[] += ["CAP_SYS_ADMIN"]'
	config_shell 'mount -o remount,bind,rw,suid /data 2>/dev/null
		touch /data/root 2>/dev/null || echo refused
		grep " /data " /proc/self/mountinfo'
	# shellcheck disable=SC2016 # expands in the inner shell
	run unshare -m --propagation private sh -c '
		mount --bind "$1" "$1" && mount -o remount,bind,ro,nosuid "$1" &&
		shift && exec "$@"' sh "$VOLUME" \
		"$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	[[ ${lines[0]} == refused ]]
	assert_output_has " /data ro,nosuid"
}
