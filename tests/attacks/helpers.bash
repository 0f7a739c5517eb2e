# helpers.bash - what the attacks share: a copy of the program, a host that has to stay as it is
#
# A file of attacks says "load helpers". Each test tries one thing and ends with host_is_untouched.
# $GOCKER may be another runtime with runc's options, or a broken build of ours: that is how each
# attack was shown to find something; what it found is in the line "Detects" of its file.
#
# Beside what the tests of the runtime have, each finds
#
#	$CANARY  a directory of the host with a file and a directory, which nobody may change
#
# Races stop after 100 rounds or 2 seconds; ATTACK_ROUNDS=500 asks for just so many.

load ../runtime/helpers

setup_test() {
	CANARY=$BATS_TEST_TMPDIR/canary
	mkdir -p "$CANARY/directory"
	echo canary >"$CANARY/file"
	# An attack that succeeds may destroy it.
	PROGRAM=$GOCKER
	copy_gocker "$BATS_TEST_TMPDIR/gocker"
	GOCKER=$BATS_TEST_TMPDIR/gocker
	FLIPS=()
	HOST_BEFORE=$(host_picture)
	if declare -F setup_attack >/dev/null; then
		setup_attack
	fi
}

stop_flips() {
	[[ -z ${FLIPS[*]-} ]] || kill "${FLIPS[@]}" 2>/dev/null || true
	FLIPS=()
}

# Whatever was done to the program: what runs is still deleted.
eval "runtime_$(declare -f teardown)"
teardown() {
	stop_flips
	[[ -z ${PROGRAM-} ]] || cp --remove-destination "$PROGRAM" "$GOCKER"
	runtime_teardown
}

# The program; the canary; what is mounted; what of the kernel and of /dev an attack would reach.
host_picture() {
	sha256sum <"$GOCKER"
	find "$CANARY" -printf '%p %y %m %U:%G %l\n' | sort
	sha256sum "$CANARY/file"
	cut -d' ' -f3- /proc/self/mountinfo
	cat /proc/sys/kernel/{core_pattern,hostname,domainname,shmmax,threads-max}
	stat -c '%n %F %a %u:%g %t:%T' /dev/{null,zero,full,random,urandom,tty,console,ptmx}
}

# shellcheck disable=SC2154 # HOST_BEFORE is set by setup_test
host_is_untouched() {
	local now
	now=$(host_picture)
	[[ $now == "$HOST_BEFORE" ]] || fail "the host was changed:" \
		"$(diff <(echo "$HOST_BEFORE") <(echo "$now"))"
}

# flip FIRST SECOND: from now on, to stop_flips or the end of the test.
flip() {
	[[ -x $TEST_BUILD/tests/attacks/flip ]] || fail "flip is not built"
	"$TEST_BUILD/tests/attacks/flip" "$1" "$2" 3>&- &
	FLIPS+=($!)
}

# watch_mounts: mounts named "attack", and those on the canary, made on the host's part of what the
# container's init sees, make nothing_mounted_outside fail. The container's root is still below the
# host's when createRuntime hooks run.
# shellcheck disable=SC2016 # the dollar is jq's
watch_mounts() {
	SEEN=$BATS_TEST_TMPDIR/seen
	cat >"$BATS_TEST_TMPDIR/watch" <<-END
		#!/bin/sh
		pid=\$(sed 's/.*"pid": *\\([0-9]*\\).*/\\1/')
		grep -e ' $CANARY' -e ' / / .* tmpfs attack ' /proc/\$pid/mountinfo >>$SEEN
		exit 0
	END
	chmod +x "$BATS_TEST_TMPDIR/watch"
	config_edit --arg hook "$BATS_TEST_TMPDIR/watch" '.hooks.createRuntime = [{path: $hook}]'
	: >"$SEEN"
}

nothing_mounted_outside() {
	[[ ! -s $SEEN ]] || fail "mounted outside:" "$(sort "$SEEN" | uniq -c)"
}

# race COMMAND...
race() {
	local end=$((SECONDS + 2)) round
	for ((round = 0; round < ${ATTACK_ROUNDS-100}; round++)); do
		[[ -n ${ATTACK_ROUNDS-} ]] || ((SECONDS < end)) || break
		"$@" || fail "round $round" || return
	done
	((round > 0))
}

# The program may run, or be refused: but it must not hang, and nothing may be left.
run_once() {
	run timeout -k 1 20 "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID" </dev/null 3>&-
	# shellcheck disable=SC2154 # status is set by bats' run
	((status < 124)) || fail "status $status: $output" || return
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
}

# without_mount DESTINATION: of the default config.
# shellcheck disable=SC2016 # the dollar is jq's
without_mount() {
	config_edit --arg destination "$1" '.mounts |= map(select(.destination != $destination))'
}

# plant_null KIND PATH: what is no null device.
plant_null() {
	rm -rf "$2"
	case $1 in
	proc) ln -s /proc/sys/kernel/ostype "$2" ;;
	self) ln -s null "$2" ;;
	file) echo planted >"$2" ;;
	fifo) mkfifo "$2" ;;
	zero) mknod -m 666 "$2" c 1 5 ;;
	block) mknod "$2" b 1 3 ;;
	directory) mkdir "$2" ;;
	host) ln -s "../../../../../../../../..$CANARY/file" "$2" ;;
	esac
}

# plant_intruder: the image has the libraries that the program loads, and one that comes before.
plant_intruder() {
	local path rootfs=$BUNDLE/rootfs
	[[ -e $TEST_BUILD/tests/attacks/intruder.so ]] || skip "intruder.so is not built"
	for path in $(ldd "$GOCKER" 2>/dev/null | grep -o '/[^ ]*'); do
		mkdir -p "$rootfs${path%/*}"
		cp -L "$path" "$rootfs$path"
	done
	cp "$TEST_BUILD/tests/attacks/intruder.so" "$rootfs/intruder.so"
	echo /intruder.so >"$rootfs/etc/ld.so.preload"
}
