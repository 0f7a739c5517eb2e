#!/usr/bin/env bats
# a16_devices.bats - a device is there already, and is none or another (CVE-2026-88264, -88265)
#
# Detects: runc 1.1.5 (whatever is there is taken for the device), a build whose open_node() takes
# what is there, whose open_point() follows symlinks (in a user namespace), or whose console_open()
# does. See also conformance.bats, "a file in the place of a device is an error".

load helpers

setup_attack() {
	config_edit '.mounts |= map(select(.destination | startswith("/dev") | not)) |
		.linux.maskedPaths = []'
	config_shell 'echo attack >/dev/null; stat -c %t:%T /dev/null'
}

# plant KIND PATH
plant() {
	rm -rf "$2"
	case $1 in
	file) echo planted >"$2" ;;
	fifo) mkfifo "$2" ;;
	socket) python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("'"$2"'")' ;;
	link) ln -s "../../../../../../../../../..$CANARY/file" "$2" ;;
	inside) ln -s ../etc/os-release "$2" ;;
	loop) ln -s "${2##*/}" "$2" ;;
	zero) mknod -m 666 "$2" c 1 5 ;;
	block) mknod -m 666 "$2" b 1 3 ;;
	directory) mkdir "$2" ;;
	esac
}

look() { stat -c '%F %t:%T %s' "$BUNDLE/rootfs/dev/null"; }

kinds=(file fifo socket link inside loop zero block directory)

@test "/dev/null, a default device" {
	need_command python3
	local kind before
	for kind in "${kinds[@]}"; do
		plant "$kind" "$BUNDLE/rootfs/dev/null"
		before=$(look)
		run_once
		assert_status 1
		assert_output_has /dev/null
		[[ $(look) == "$before" ]] || fail "$kind"
	done
	host_is_untouched
}

@test "a listed device" {
	need_command python3
	local kind
	config_edit '.linux.devices = [{path: "/nodes/full", type: "c", major: 1, minor: 7}]'
	config_shell 'stat -c %t:%T /nodes/full'
	mkdir "$BUNDLE/rootfs/nodes"
	for kind in "${kinds[@]}"; do
		plant "$kind" "$BUNDLE/rootfs/nodes/full"
		run_once
		assert_status 1
		assert_output_has /nodes/full
	done
	rm -rf "$BUNDLE/rootfs/nodes/full"
	run_once
	[[ $output == 1:7 ]]
	host_is_untouched
}

# A file or a device may be there: the terminal is mounted on it.
@test "/dev/console" {
	need_command python3
	local kind
	mkdir -p "$BUNDLE/rootfs/dev/pts"
	config_edit '.process.terminal = true'
	add_mount /dev/pts devpts devpts newinstance ptmxmode=0666
	config_shell 'echo attack >/dev/console; stat -c %t /dev/console'
	for kind in "${kinds[@]}"; do
		plant "$kind" "$BUNDLE/rootfs/dev/console"
		run_once
		case $kind in
		file | zero) [[ ${output//$'\r'/} == $'attack\n88' ]] || fail "$kind: $output" ;;
		*) [[ $status == 1 && $output == */dev/console* ]] || fail "$kind: $output" ;;
		esac
		[[ $kind != file || $(<"$BUNDLE/rootfs/dev/console") == planted ]]
	done
	host_is_untouched
}

# A user namespace has the host's nodes bound: on what is there.
@test "/dev/null in a user namespace" {
	need_command python3
	local kind
	with_user_namespace
	for kind in "${kinds[@]}"; do
		plant "$kind" "$BUNDLE/rootfs/dev/null"
		run_once
		case $kind in
		file | fifo | socket | zero | block)
			[[ $output == 1:3 ]] || fail "$kind: $output"
			;;
		*) [[ $status == 1 && $output == */dev/null* ]] || fail "$kind: $output" ;;
		esac
		[[ $kind != file || $(<"$BUNDLE/rootfs/dev/null") == planted ]]
	done
	host_is_untouched
}
