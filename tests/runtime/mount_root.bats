#!/usr/bin/env bats
# mount_root.bats - a mount on "/" itself takes the place of the root

load helpers

setup_test() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	cp -a "$BUNDLE/rootfs" "$VOLUME"
	echo volume >"$VOLUME/which"
	echo image >"$BUNDLE/rootfs/which"
}

# mount_root TYPE SOURCE OPTION...: before all other mounts.
mount_root() {
	add_mount / "$@"
	config_edit '.mounts |= .[-1:] + .[:-1]'
}

@test "a tmpfs with tmpcopyup: the image stays as it is" {
	mount_root tmpfs tmpfs tmpcopyup
	config_shell 'cat /which; echo new >/which; mkdir /new; cat /which
		stat -c %a /; stat -f -c %T /; grep -c " / / " /proc/self/mountinfo; echo $$'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $output == "image
new
$(stat -c %a "$BUNDLE/rootfs")
tmpfs
1
1" ]] || fail "$output"
	[[ $(<"$BUNDLE/rootfs/which") == image && ! -e $BUNDLE/rootfs/new ]]
}

@test "a bind: other mounts are in it, and exec finds it" {
	mount_root bind "$VOLUME" bind rprivate
	start_container
	[[ $(gocker exec "$ID" cat /which) == volume ]]
	[[ $(gocker exec "$ID" readlink /proc/self/exe) == */busybox ]]
	gocker exec "$ID" touch /made
	[[ -e $VOLUME/made && ! -e $BUNDLE/rootfs/made ]]
	# Nothing of what it covers can be reached.
	[[ $(gocker exec "$ID" awk '$5 == "/"' /proc/1/mountinfo | wc -l) == 1 ]]
	[[ $(gocker exec "$ID" grep -c "$BUNDLE" /proc/1/mountinfo) == 0 ]]
}

@test "read-only, by its own option and by root.readonly" {
	mount_root tmpfs tmpfs tmpcopyup ro
	config_shell 'cat /which; touch /x 2>/dev/null || echo no; touch /dev/shm/x && echo yes'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'image\nno\nyes' ]]
	config_edit '.mounts[0].options = ["tmpcopyup"] | .root.readonly = true'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'image\nno\nyes' ]]
	config_edit '.root.readonly = false'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'image\nyes' ]]
}

@test "what was mounted before it is covered, the last one holds" {
	add_mount /early tmpfs tmpfs
	add_mount / bind "$VOLUME" bind
	config_edit '.mounts |= [.[-2]] + [.[-1]] + .[:-2]'
	config_shell 'cat /which; ls -d /early 2>/dev/null || echo none'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'volume\nnone' ]]
	mount_root tmpfs tmpfs
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'volume\nnone' ]]
}

@test "in a user namespace" {
	with_user_namespace
	mount_root tmpfs tmpfs tmpcopyup
	config_shell 'cat /which; echo new >/which; cat /which'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'image\nnew' ]]
	[[ $(<"$BUNDLE/rootfs/which") == image ]]
}

# Only config.json may say it: a link of the image's must not turn a volume into the root.
@test "where it cannot be, and nothing is left" {
	ln -s / "$BUNDLE/rootfs/link"
	add_mount /link bind "$VOLUME" bind
	assert_mount_refused "nothing can be mounted on the root itself"
	mount_root bind "$VOLUME/which" bind
	assert_refused 'mount '"$VOLUME/which"' on "/": the root has to be a directory'
	config_edit '.mounts[0].source = "'"$VOLUME"'" | .mounts[0].options = ["bind", "shared"]'
	assert_refused 'the root itself cannot be "shared"'
	config_edit '.mounts[0].options = ["bind"]'
	run gocker create --no-pivot -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "--no-pivot cannot be used with it"
	[[ ! -e $TEST_ROOT/$ID ]]
}
