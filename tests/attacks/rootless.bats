#!/usr/bin/env bats
# rootless.bats - the attacks where a plain user runs gocker: A1, A2, A3, A4, A9, A10, A12, A15, A16
#
# The container's root is that user, who owns the program and the canary: what an attack reaches, it
# can change. Each is the decisive case of the file that has all of them.
#
# Detects, by test: a build without the seal; one that follows symlinks of the image (rootfs_walk.c,
# mount_attach.c), keeps descriptors (fd_sweep.c) and does not look where it is (process.c), binds a
# device on what a symlink leads to (dev.c).

load helpers
load ../runtime/rootless

setup_attack() {
	rootless_prepare
	USER_GOCKER=$USER_DIR/gocker
	mv "$GOCKER" "$USER_GOCKER"
	GOCKER=$USER_GOCKER
	chown -R "$USER_ID:$USER_ID" "$USER_GOCKER" "$CANARY"
	VOLUME=$USER_DIR/volume
	mkdir -p "$VOLUME/place"
	chown -R "$USER_ID:$USER_ID" "$VOLUME"
	ROUNDS=${ATTACK_ROUNDS-20}
	HOST_BEFORE=$(host_picture)
}

# user_loop SCRIPT WORD...: by the user, for each $word; "run" and "gocker" are what they say.
# shellcheck disable=SC2016 # expands in the inner shell
user_loop() {
	run as_user timeout -k 1 60 bash -c '
		program=$1 BUNDLE=$2 ID=$3 CANARY=$4 script=$5 && shift 5 || exit
		gocker() { timeout -k 1 20 "$program" "$@" </dev/null 2>&1; }
		run() { gocker run -b "$BUNDLE" "$ID"; echo "status $?"; }
		for word; do
			eval "$script"
		done' bash "$USER_GOCKER" "$BUNDLE" "$ID" "$CANARY" "$@" 3>&-
	assert_status 0
	[[ $output == *status* && $output != *"status 1"[23]* ]] || fail "$output"
	[[ -z $(ls "$TEST_ROOT") || -n ${MAY_RUN-} ]] || fail "left: $(ls "$TEST_ROOT")"
}

@test "A1: the program of the container, and that of exec, is /proc/self/exe" {
	local rootfs=$BUNDLE/rootfs
	plant_intruder
	start_container
	# shellcheck disable=SC2016 # expands in the inner shell
	MAY_RUN=1 user_loop 'gocker exec -d "$ID" /proc/self/exe; echo "status $?"' 1
	gocker delete --force "$ID"
	config_args /proc/self/exe --version
	# shellcheck disable=SC2016 # expands in the inner shell
	MAY_RUN=1 user_loop 'gocker run -d -b "$BUNDLE" "$ID" >/dev/null; echo "status $?"' 1
	[[ ! -e $rootfs/loaded ]] || wait_until test -e "$rootfs/tried" -o -e "$rootfs/written"
	[[ ! -e $rootfs/written ]] || fail "the program was written"
	host_is_untouched
}

@test "A2: the /proc of the image has files in the place of the kernel's" {
	local rootfs=$BUNDLE/rootfs
	config_edit '.mounts |= map(select(.destination != "/proc")) |
		.linux.maskedPaths = [] | .linux.readonlyPaths = [] |
		.linux.sysctl = {"kernel.shmmax": "4711"} | .process.oomScoreAdj = 500'
	mkdir -p "$rootfs/proc/sys/kernel" "$rootfs/proc/self"
	echo planted | tee "$rootfs/proc/self/oom_score_adj" >"$rootfs/proc/sys/kernel/shmmax"
	chown -R "$USER_ID:$USER_ID" "$rootfs/proc"
	config_args cat /proc/self/oom_score_adj /proc/sys/kernel/shmmax
	user_loop run 1
	[[ $output == $'planted\nplanted\nstatus 0' ]] || fail "$output"
	host_is_untouched
}

@test "A3: /proc is a symlink" {
	# shellcheck disable=SC2016 # expands in the inner shell
	user_loop 'rm -rf "$BUNDLE/rootfs/proc"; ln -s "$word" "$BUNDLE/rootfs/proc"; run' \
		tmp /tmp ../../../.. "$CANARY" proc none /
	[[ $output != *"status 0"* ]] || fail "$output"
	assert_output_has 'mount proc on "/proc"'
	assert_output_has 'is or leads through a symlink'
	host_is_untouched
}

# A mount of a user's is nowhere but in the container: there it must be in the volume.
@test "A4: a mount point is now a directory, now a symlink" {
	ln -s "$CANARY" "$VOLUME/link"
	add_mount /volume bind "$VOLUME" bind
	add_mount /volume/place tmpfs attack
	config_args grep -o " /[^ ]* .* attack " /proc/self/mountinfo
	flip "$VOLUME/place" "$VOLUME/link"
	user_loop run $(seq "$ROUNDS")
	[[ $'\n'$output != *$'\nstatus '?$'\nstatus 1'* ]] || fail "not in the container: $output"
	host_is_untouched
}

@test "A9: the cwd of create and of exec is /proc/self/fd/N" {
	config_shell "cat ../../../../../../../../../..$CANARY/file"
	config_edit '.process.cwd = "@CWD@"'
	cp "$BUNDLE/config.json" "$BUNDLE/template"
	# shellcheck disable=SC2016 # expands in the inner shell
	user_loop 'sed "s|@CWD@|/proc/self/fd/$word|" "$BUNDLE/template" >"$BUNDLE/config.json"
		run' {3..20}
	[[ $output != *"status 0"* && $output != *canary* ]] || fail "$output"
	config_edit '.process.cwd = "/"'
	config_args sleep 1000
	start_container
	# shellcheck disable=SC2016 # expands in the inner shell
	MAY_RUN=1 user_loop 'gocker exec --cwd "/proc/self/fd/$word" "$ID" \
			cat "../../../../../../../../../..$CANARY/file"; echo "status $?"' {3..20}
	[[ $output != *"status 0"* && $output != *canary* ]] || fail "$output"
	# the fourth is that of the folder itself, opened by ls
	[[ $(gocker exec "$ID" ls /proc/self/fd) == $'0\n1\n2\n3' ]]
	host_is_untouched
}

@test "A10: the directory is exchanged in which something is made" {
	ln -s "$CANARY" "$VOLUME/link"
	add_mount /volume bind "$VOLUME" bind
	add_mount /volume/place/some/where tmpfs tmpfs
	config_args true
	flip "$VOLUME/place" "$VOLUME/link"
	# shellcheck disable=SC2016 # expands in the inner shell
	user_loop 'run
		rm -rf "$BUNDLE/../volume/"{place,link}/some
		[ "$(ls "$CANARY")" = "$(printf "directory\\nfile")" ] || break' $(seq "$ROUNDS")
	host_is_untouched
}

# The host's null device is bound on what is there, if it can be: "file" is what it was.
@test "A12, A16: /dev/null is something else, for a mask and for the program" {
	local kind null=$BUNDLE/rootfs/dev/null
	echo secret >"$BUNDLE/rootfs/secret"
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not)) |
		.linux.maskedPaths = ["/secret"]'
	config_shell 'cat /secret; echo attack >/dev/null; stat -c "is %t:%T" /dev/null'
	for kind in proc self file fifo zero directory host; do
		plant_null "$kind" "$null"
		user_loop run 1
		case $kind in
		file | fifo | zero) [[ $output == $'is 1:3\nstatus 0' ]] || fail "$kind: $output" ;;
		*) [[ $output == "gocker: "*"/dev/null"*"status 1" ]] || fail "$kind: $output" ;;
		esac
		[[ $kind != file || $(<"$null") == planted ]]
	done
	host_is_untouched
}

@test "A15: /dev is a symlink, with and without a mount on it" {
	local i
	config_args stat -c "is %t:%T" /dev/null
	for i in 1 2; do
		# shellcheck disable=SC2016 # expands in the inner shell
		user_loop 'rm -rf "$BUNDLE/rootfs/dev"; ln -s "$word" "$BUNDLE/rootfs/dev"; run' \
			"$CANARY" "../../../../../../../../../..$CANARY" dev / .. . none \
				/proc/self/root /proc/1/root"$CANARY" tmp
		host_is_untouched
		config_edit '.mounts |= map(select(.destination | startswith("/dev") | not))'
	done
}
