#!/usr/bin/env bats
# a11_made_files.bats - what gocker makes in the root filesystem is a symlink to the host there
#
# Detects: crun 1.8.1 (makes /dev/console on the host; /dev/null of the host is given away), a build
# whose rootfs_walk() follows symlinks, or that looks up without RESOLVE_IN_ROOT.

load helpers

# The container's root may write there, whoever it is.
setup_attack() {
	chmod -R a+rwX "$CANARY"
	echo source >"$BATS_TEST_TMPDIR/source"
	ln -s elsewhere "$BATS_TEST_TMPDIR/symlink"
	mkdir "$BATS_TEST_TMPDIR/volume"
	config_args true
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/plain.json"
	HOST_BEFORE=$(host_picture)
}

# make KIND PATH: lets gocker make it.
# shellcheck disable=SC2016 # the dollars are jq's
make() {
	case $1 in
	file) add_mount "$2" bind "$BATS_TEST_TMPDIR/source" bind ;;
	directory) add_mount "$2" bind "$BATS_TEST_TMPDIR/volume" bind ;;
	tmpfs) add_mount "$2" tmpfs tmpfs tmpcopyup ;;
	symlink) add_mount "$2" bind "$BATS_TEST_TMPDIR/symlink" bind copy-symlink ;;
	cwd) config_edit --arg path "$2" '.process.cwd = $path' ;;
	device) config_edit --arg path "$2" \
		'.linux.devices = [{$path, type: "c", major: 1, minor: 7}]' ;;
	fifo) config_edit --arg path "$2" '.linux.devices = [{$path, type: "p"}]' ;;
	mask) config_edit --arg path "$2" '.linux.maskedPaths = [$path]' ;;
	esac
}

kinds=(file directory tmpfs symlink cwd device fifo mask)

# planted NAME TARGET: the image has a symlink in the place of what is made.
planted() {
	rm -rf "$BUNDLE/rootfs/${1:?}"
	ln -s "$2" "$BUNDLE/rootfs/$1"
}

# attack PATH TARGET...: made in each way, with each symlink as /made.
attack() {
	local kind target
	for kind in "${kinds[@]}"; do
		for target in "${@:2}"; do
			planted made "$target"
			cp "$BATS_TEST_TMPDIR/plain.json" "$BUNDLE/config.json"
			make "$kind" "$1"
			run_once
			is_untouched "$kind -> $target"
			rm -rf "$BUNDLE/rootfs${CANARY:?}"
		done
	done
	host_is_untouched
}

is_untouched() {
	[[ $(find "$CANARY" | wc -l) == 3 && $(<"$CANARY/file") == canary &&
		$(<"$BATS_TEST_TMPDIR/source") == source ]] || fail "$1: $(ls -lR "$CANARY")"
}

@test "its name is a symlink" {
	attack /made "$CANARY/file" "../../../../../../../../..$CANARY/new"
}

@test "it is below a symlink" {
	kinds=(file tmpfs cwd device)
	attack /made/below "$CANARY/directory" "../../../../../../../../..$CANARY/new"
}

@test "its name is a symlink, in a user namespace" {
	with_user_namespace
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/plain.json"
	kinds=(file directory tmpfs cwd device)
	attack /made "$CANARY/file"
}

@test "what /dev has by default" {
	local name
	config_edit '.process.terminal = true |
		.mounts |= map(select(.destination | startswith("/dev") | not))'
	for name in fd stdin stdout stderr core ptmx console null tty; do
		rm -rf "$BUNDLE/rootfs/dev"
		mkdir -p "$BUNDLE/rootfs/dev/pts"
		planted "dev/$name" "../../../../../../../../..$CANARY/new"
		run_once
		is_untouched "$name"
	done
	host_is_untouched
}

# It is bound to /run/notify in the container.
@test "the directory of NOTIFY_SOCKET" {
	local target
	need_command python3
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(
		sys.argv[1])' "$BATS_TEST_TMPDIR/notify"
	export NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify
	for target in "$CANARY" "../../../../../../../../..$CANARY/directory" "$CANARY/new"; do
		planted run "$target"
		gocker run -d -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&- || true
		gocker delete --force "$ID"
		is_untouched "/run -> $target"
	done
	host_is_untouched
}

@test "the directory above is exchanged with a symlink meanwhile" {
	local shared=$BUNDLE/rootfs/shared
	mkdir -p "$shared/made"
	ln -s "$CANARY" "$shared/link"
	make tmpfs /shared/made/tmpfs
	make cwd /shared/made/work
	make device /shared/made/device
	flip "$shared/made" "$shared/link"
	once_more() {
		run_once && is_untouched race || return
		# It follows no symlinks, whichever of the two is one.
		find "$shared" -mindepth 2 -delete 2>/dev/null || true
	}
	race once_more
	host_is_untouched
}
