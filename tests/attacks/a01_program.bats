#!/usr/bin/env bats
# a01_program.bats - gocker's own program is overwritten from inside (CVE-2019-5736)
#
# Detects: a build without the seal (self_exe.c).

load helpers

setup_attack() {
	plant_intruder
	config_edit '.process.capabilities[] =
		["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN"]'
}

# It has had a second to write, in which no gocker ran.
assert_program_is_whole() {
	[[ ! -e $BUNDLE/rootfs/written ]] || fail "the program was written"
	host_is_untouched
}

wait_for_attack() {
	[[ ! -e $BUNDLE/rootfs/loaded ]] || wait_until test -e "$BUNDLE/rootfs/tried" -o \
		-e "$BUNDLE/rootfs/written"
}

run_detached() {
	gocker run -d -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&- || true
	wait_for_attack
}

@test "the container's program is /proc/self/exe" {
	config_args /proc/self/exe --version
	run_detached
	assert_program_is_whole
}

@test "it is a script whose interpreter is /proc/self/exe" {
	printf '#!/proc/self/exe\n' >"$BUNDLE/rootfs/script"
	chmod +x "$BUNDLE/rootfs/script"
	config_args /script
	run_detached
	assert_program_is_whole
}

@test "it is a symlink to /proc/self/exe" {
	ln -s /proc/self/exe "$BUNDLE/rootfs/program"
	config_args /program
	run_detached
	assert_program_is_whole
}

@test "exec of /proc/self/exe" {
	start_container
	gocker exec -d "$ID" /proc/self/exe </dev/null >"$OUT" 2>&1 3>&- || true
	wait_for_attack
	assert_program_is_whole
}

# It looks at all processes that come, and keeps what they are executed from.
@test "a process of the container waits for exec" {
	# shellcheck disable=SC2016 # expands in the container
	config_shell 'echo $$ >/ready; while :; do for p in /proc/[0-9]*; do
			case $(readlink $p/exe) in
			"" | /bin/busybox) ;;
			*) (exec 9<$p/exe && readlink /proc/self/fd/9 >>/opened
				for i in $(seq 50); do
					echo attack >/proc/self/fd/9 && echo >/written
					sleep 0.01
				done) 2>>/refused ;;
			esac
		done; done'
	start_container
	wait_until test -s "$BUNDLE/rootfs/ready"
	race gocker exec "$ID" true
	sleep 1
	assert_program_is_whole
}

is_reading() { [[ $(cut -d " " -f 1-2 "/proc/$1/syscall") == "0 0x0" ]]; }

# Whoever has the mount's descriptor could make it writable again.
@test "mounts has given up the sealed place before it does anything" {
	local document=$BATS_TEST_TMPDIR/document links pid
	start_container
	mkfifo "$document"
	"$GOCKER" --root "$TEST_ROOT" mounts add "$ID" - <>"$document" >"$OUT" 2>&1 3>&- &
	pid=$!
	wait_until is_reading "$pid"
	links=$(readlink "/proc/$pid/exe" "/proc/$pid/fd/"*)
	kill "$pid"
	wait "$pid" || true
	[[ $(grep -nx / <<<"$links") == 1:/ && $links == *document* ]] || fail "$links"
}
