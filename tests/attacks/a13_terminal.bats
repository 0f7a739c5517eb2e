#!/usr/bin/env bats
# a13_terminal.bats - the terminal's files are exchanged while they are used (CVE-2025-52565)
#
# Detects: a build whose console_open() follows symlinks (the terminal is mounted on another file of
# the container), and one whose tty_open() opens the slave by its name in /dev/pts.

load helpers

setup_attack() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir -p "$VOLUME"/{pts,fake}
	echo planted | tee "$VOLUME"/fake/{0..9} >"$BUNDLE/rootfs/victim"
	mknod -m 666 "$VOLUME/null" c 1 3
	mknod -m 666 "$VOLUME/tty" c 5 0
	config_edit '.process.terminal = true | .process.user = {uid: 1000, gid: 1000} |
		.mounts |= map(select(.destination | IN("/dev", "/dev/shm", "/dev/mqueue") | not)) |
		.linux.maskedPaths = []'
	config_edit --arg source "$VOLUME" '.mounts = [{"destination": "/dev", "type": "bind",
		$source, "options": ["bind"]}] + .mounts'
	config_shell 'stat -L -c "%F %t" /proc/self/fd/0; stat -c "%F" /victim
		echo attack >/dev/console'
}

# Major number 136 is a terminal of devpts.
genuine='character special file 88'

# The terminal is given to the user, and nothing that has taken its name.
gave_nothing_away() {
	[[ $(stat -c %u "$VOLUME"/fake/* | sort -u) == 0 ]] || fail "another file was given away"
}

# What /dev/console is when the program comes to it, the neighbour decides.
genuine_or_refused() {
	run_once || return
	gave_nothing_away || return
	[[ $status != 0 || ${output//$'\r'/} == "$genuine"$'\nregular file'* ]] || fail "$output"
}

@test "without an attack the terminal is the one that was made, and /dev/console too" {
	config_shell 'stat -L -c "%F %t" /proc/self/fd/0; stat -c "%F %t" /dev/console'
	run_once
	[[ ${output//$'\r'/} == "$genuine"$'\n'"$genuine" ]]
	host_is_untouched
}

@test "/dev/console is now a file, now a symlink" {
	local target
	for target in ../victim ../../../../../../../../../.."$CANARY/file"; do
		echo >"$VOLUME/console"
		ln -s "$target" "$VOLUME/other"
		flip "$VOLUME/console" "$VOLUME/other"
		race genuine_or_refused
		stop_flips
		rm "$VOLUME"/{console,other}
	done
	host_is_untouched
}

# The other has files of the names that terminals have.
@test "/dev/pts is now a directory, now a symlink" {
	ln -s fake "$VOLUME/other"
	flip "$VOLUME/pts" "$VOLUME/other"
	race genuine_or_refused
	host_is_untouched
}

@test "exec -t while /dev/pts, /dev/console, /dev/tty and /dev/ptmx are exchanged" {
	local name
	config_edit '.process.terminal = false'
	config_args sleep 1000
	for name in console tty ptmx; do
		rm -f "$VOLUME/$name"
		echo planted >"$VOLUME/$name"
		ln -s "$CANARY/file" "$VOLUME/$name-other"
	done
	start_container
	ln -s fake "$VOLUME/pts-other"
	for name in pts console tty ptmx; do
		flip "$VOLUME/$name" "$VOLUME/$name-other"
	done
	exec_is_genuine() {
		run timeout 20 "$GOCKER" --root "$TEST_ROOT" exec -t --user 1000 "$ID" \
			stat -L -c "%F %t" /proc/self/fd/0 </dev/null 3>&-
		gave_nothing_away || return
		[[ $status != 0 || ${output//$'\r'/} == "$genuine" ]] || fail "$output"
	}
	race exec_is_genuine
	host_is_untouched
}
