#!/usr/bin/env bats
# mount_options.bats - what each option does to a mount, and with an "r" in front to those below

load helpers

setup_test() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir -p "$VOLUME/sub" "$BATS_TEST_TMPDIR/below"
}

# add_bind DESTINATION OPTION...: of the volume.
# shellcheck disable=SC2016 # the dollars are jq's
add_bind() {
	config_edit --arg destination "$1" --arg source "$VOLUME" \
		'.mounts += [{$destination, $source, "options": $ARGS.positional}]' \
		--args -- "${@:2}"
}

# run_over FLAGS: runs the container where there is a mount with these flags below the volume,
# which has them itself, too; prints the destinations and options of all mounts.
run_over() {
	config_args awk '{ print $5, $6 }' /proc/self/mountinfo
	# shellcheck disable=SC2016 # expands in the inner shell
	unshare -m --propagation private sh -ec '
		mount --bind "$2" "$2"
		mount -o "remount,bind,$1" "$2"
		mount --bind "$3" "$2/sub"
		mount -o "remount,bind,$1" "$2/sub"
		shift 3
		exec "$@"' sh "$1" "$VOLUME" "$BATS_TEST_TMPDIR/below" \
		"$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
}

# assert_options MOUNT OPTIONS: in the output.
assert_options() {
	grep -qxF "$1 $2" <<<"$output" ||
		fail "expected $2, got $(grep "^$1 " <<<"$output" || echo no mount)"
}

@test "options that set something: for the mount alone" {
	local option
	for option in ro nosuid nodev noexec nosymfollow noatime nodiratime; do
		add_bind "/$option" rbind "$option"
	done
	add_bind /strictatime rbind strictatime
	run run_over rw
	assert_status 0
	assert_options /ro ro,relatime
	for option in nosuid nodev noexec; do
		assert_options "/$option" "rw,$option,relatime"
	done
	assert_options /nosymfollow rw,relatime,nosymfollow
	assert_options /noatime rw,noatime
	assert_options /nodiratime rw,nodiratime,relatime
	assert_options /strictatime rw
	for option in ro nosuid nodev noexec nosymfollow noatime nodiratime strictatime; do
		assert_options "/$option/sub" rw,relatime
	done
}

@test "options that set something, with an r: for what is below as well" {
	local option place
	for option in rro rnosuid rnodev rnoexec rnosymfollow rnoatime rnodiratime rstrictatime; do
		add_bind "/$option" rbind "$option"
	done
	run run_over rw
	assert_status 0
	for place in "" /sub; do
		assert_options "/rro$place" ro,relatime
		for option in nosuid nodev noexec; do
			assert_options "/r$option$place" "rw,$option,relatime"
		done
		assert_options "/rnosymfollow$place" rw,relatime,nosymfollow
		assert_options "/rnoatime$place" rw,noatime
		assert_options "/rnodiratime$place" rw,nodiratime,relatime
		assert_options "/rstrictatime$place" rw
	done
}

all=ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow

@test "options that clear something: for the mount alone" {
	local option
	for option in rw suid dev exec symfollow diratime atime relatime; do
		add_bind "/to-$option" rbind "$option"
	done
	run run_over "$all"
	assert_status 0
	assert_options /to-rw rw,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow
	assert_options /to-suid ro,nodev,noexec,noatime,nodiratime,nosymfollow
	assert_options /to-dev ro,nosuid,noexec,noatime,nodiratime,nosymfollow
	assert_options /to-exec ro,nosuid,nodev,noatime,nodiratime,nosymfollow
	assert_options /to-symfollow ro,nosuid,nodev,noexec,noatime,nodiratime
	assert_options /to-diratime ro,nosuid,nodev,noexec,noatime,nosymfollow
	assert_options /to-atime ro,nosuid,nodev,noexec,nodiratime,relatime,nosymfollow
	assert_options /to-relatime ro,nosuid,nodev,noexec,nodiratime,relatime,nosymfollow
	for option in rw suid dev exec symfollow diratime atime relatime; do
		assert_options "/to-$option/sub" "$all"
	done
}

@test "options that clear something, with an r: for what is below as well" {
	local option place
	for option in rrw rsuid rdev rexec rsymfollow rdiratime ratime rrelatime rnostrictatime; do
		add_bind "/$option" rbind "$option"
	done
	add_bind /rnorelatime rbind rnorelatime
	run run_over "$all"
	assert_status 0
	for place in "" /sub; do
		assert_options "/rrw$place" rw,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow
		assert_options "/rsuid$place" ro,nodev,noexec,noatime,nodiratime,nosymfollow
		assert_options "/rdev$place" ro,nosuid,noexec,noatime,nodiratime,nosymfollow
		assert_options "/rexec$place" ro,nosuid,nodev,noatime,nodiratime,nosymfollow
		assert_options "/rsymfollow$place" ro,nosuid,nodev,noexec,noatime,nodiratime
		assert_options "/rdiratime$place" ro,nosuid,nodev,noexec,noatime,nosymfollow
		for option in ratime rrelatime rnostrictatime; do
			assert_options "/$option$place" \
				ro,nosuid,nodev,noexec,nodiratime,relatime,nosymfollow
		done
		assert_options "/rnorelatime$place" "$all"
	done
}

@test "what nobody names stays as on the host; the last of a pair holds; what is recursive wins" {
	add_bind /kept rbind
	add_bind /last rbind rw ro suid nosuid suid
	add_bind /recursive rbind rw rro
	add_bind /empty rbind "" rw ""
	run run_over "$all"
	assert_status 0
	assert_options /kept "$all"
	assert_options /kept/sub "$all"
	assert_options /last ro,nodev,noexec,noatime,nodiratime,nosymfollow
	assert_options /last/sub "$all"
	assert_options /recursive "$all"
	assert_options /empty rw,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow
}

@test "options of the file system: all are taken, and those that it has work" {
	config_edit '.mounts += [{"destination": "/x", "type": "tmpfs", "source": "here",
		"options": ["async", "defaults", "iversion", "noiversion", "loud", "silent",
			"nolazytime", "sync", "dirsync", "lazytime", "size=1m,nr_inodes=50",
			"mode=0711"]}]'
	config_shell 'grep " /x " /proc/self/mountinfo; stat -c %a /x'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has " - tmpfs here rw,sync,dirsync,lazytime,size=1024k,nr_inodes=50,mode=711"
	[[ ${lines[-1]} == 711 ]]
}

@test "remount changes the options of what is mounted there" {
	config_edit --arg source "$VOLUME" '.mounts += [
		{"destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m"]},
		{"destination": "/a", "options": ["remount", "nosuid", "size=2m"], "type": "tmpfs"},
		{"destination": "/b", $source, "options": ["bind", "nodev"]},
		{"destination": "/b", "options": ["remount", "bind", "ro", "noexec"]}]'
	config_shell 'grep -E " /(a|b) " /proc/self/mountinfo | cut -d" " -f5,6 | sort
		df -k /a | tail -1'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ ${lines[0]} == "/a rw,nosuid,relatime" ]]
	[[ ${lines[1]} == "/b ro,nodev,noexec,relatime" ]]
	[[ ${lines[2]} == *" 2048 "* && ${#lines[@]} == 3 ]]
}

# add_tmpfs OPTION: at /x.
# shellcheck disable=SC2016 # the dollar is jq's
add_tmpfs() {
	config_edit --arg option "$1" \
		'.mounts += [{"destination": "/x", "type": "tmpfs", "options": [$option]}]'
}

@test "a value for a file system on a bind mount is passed over with a warning" {
	add_bind /x bind size=1m
	config_args true
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has 'warning: mount "/x": a bind mount has no use for "size=1m"'
}

# refused MESSAGE: the last mount of config.json.
@test "options that cannot hold are refused" {
	add_bind /x bind size=1m nosiud
	assert_mount_refused 'bind mounts cannot have options of a file system: "nosiud"'
	add_tmpfs nosuchoption
	assert_refused 'mount tmpfs on "/x": mount option "nosuchoption"' "(Invalid argument)"
	assert_mount_refused "Unknown parameter 'nosuchoption'"
	add_tmpfs size=x
	assert_mount_refused "Bad value for 'size'"
	mkdir -p "$BUNDLE/rootfs/x"
	add_tmpfs remount
	assert_mount_refused 'mount tmpfs on "/x": remount: nothing is mounted there'
	config_edit '.mounts += [{"destination": "/x", "options": ["ro"]}]'
	assert_mount_refused "needs a type"
	config_edit '.mounts += [{"destination": "/x", "type": "proc", "options": ["tmpcopyup"]}]'
	assert_mount_refused "tmpcopyup needs type tmpfs"
}
