# helpers.bash - what the tests of the runtime share: a bundle, ids, a root of their own, cleanup
#
# A file of tests says "load helpers". Then each test finds
#
#	$ID      an id that no other test has; further containers are "$ID-x"
#	$OUT     a file: what create_container and the container wrote
#	$BUNDLE  Alpine with a config.json from "gocker spec", no terminal, running "sleep 1000"
#	gocker   the program under test, with a --root that goes when the test ends
#
# and whatever containers are there at its end are deleted by force.

# The Alpine minirootfs is no part of the sources: $TEST_ALPINE, or shared/alpine beside them.
alpine_archive() {
	local dir=${TEST_SOURCES-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)} archive
	if [[ -n ${TEST_ALPINE-} ]]; then
		echo "$TEST_ALPINE"
		return
	fi
	while [[ $dir != / ]]; do
		dir=$(dirname "$dir")
		for archive in "$dir"/shared/alpine/alpine-minirootfs-*-"$(uname -m)".tar.gz; do
			[[ -e $archive ]] && echo "$archive" && return
		done
	done
	return 1
}

# Alpine's rootfs is made of what is needed where the archive is not there: busybox and the files
# that the tests look at.
busybox_rootfs() {
	local name busybox
	busybox=$(command -v busybox) || return 1
	mkdir -p "$1"/{bin,sbin,usr/bin,usr/sbin,etc,dev,proc,sys,root,tmp,var,run,home,mnt}
	chmod 1777 "$1/tmp"
	cp "$busybox" "$1/bin/busybox"
	for name in $("$busybox" --list); do
		[[ $name == busybox ]] || ln -sf busybox "$1/bin/$name"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
	echo 'root:x:0:' >"$1/etc/group"
	printf 'NAME="busybox"\nID=busybox\n' >"$1/etc/os-release"
}

# Unpacks the rootfs once for a file of tests.
rootfs_prepare() {
	ROOTFS_TEMPLATE=$BATS_FILE_TMPDIR/rootfs
	if [[ ! -d $ROOTFS_TEMPLATE ]]; then
		local archive
		mkdir "$ROOTFS_TEMPLATE"
		if archive=$(alpine_archive); then
			tar -xzf "$archive" -C "$ROOTFS_TEMPLATE"
		else
			busybox_rootfs "$ROOTFS_TEMPLATE"
		fi
	fi
}

need_alpine() { alpine_archive >/dev/null || skip "no Alpine minirootfs beside the sources"; }
need_root() { [[ $EUID == 0 ]] || skip "needs root"; }
need_command() { command -v "$1" >/dev/null || skip "$1 is not installed"; }

# need_cgroup CONTROLLER: v1 hierarchy or v2 controller, whichever this machine has.
need_cgroup() {
	grep -q "^$1[[:space:]].*1\$" /proc/cgroups || skip "this kernel has no $1 controller"
}

# GOCKER_WRAPPER: a command that gocker is run by, as "valgrind -q".
# shellcheck disable=SC2086 # the wrapper is several words
gocker() { ${GOCKER_WRAPPER-} "$GOCKER" --root "$TEST_ROOT" "$@"; }

# copy_gocker FILE: the program, and beside it the one that goes on where it needs libraries.
copy_gocker() {
	install -m 755 "$GOCKER" "$1"
	[[ ! -e $GOCKER-dynamic ]] || install -m 755 "$GOCKER-dynamic" "${1%/*}/gocker-dynamic"
}

# config_make DIR NAME COMMAND...: what "gocker spec" with some options writes, with a program
# that waits. It is made once for a file of tests, under the name.
config_make() {
	local made=$BATS_FILE_TMPDIR/config-$2.json
	if [[ ! -e $made ]]; then
		"${@:3}" -b "$1"
		BUNDLE=$1 config_edit '.process.terminal = false | .root.readonly = false |
			.process.args = ["sleep", "1000"]'
		cp "$1/config.json" "$made"
	else
		cp "$made" "$1/config.json"
	fi
}

# bundle_make DIR: a bundle of its own.
bundle_make() {
	mkdir -p "$1"
	cp -a "$ROOTFS_TEMPLATE" "$1/rootfs"
	config_make "$1" default "$GOCKER" spec
}

# config_edit [JQ-OPTION...] FILTER: changes the bundle's config.json.
config_edit() {
	jq "$@" <"$BUNDLE/config.json" >"$BUNDLE/config.json.new" || return
	mv "$BUNDLE/config.json.new" "$BUNDLE/config.json"
}

# config_args WORD...: what the container runs.
# shellcheck disable=SC2016 # $ARGS is jq's
config_args() { config_edit '.process.args = $ARGS.positional' --args -- "$@"; }

# The container's command is a line for its shell.
config_shell() { config_args /bin/sh -c "$1"; }

# add_mount DESTINATION TYPE SOURCE OPTION...
# shellcheck disable=SC2016 # the dollars are jq's
add_mount() {
	config_edit --arg destination "$1" --arg type "$2" --arg source "$3" \
		'.mounts += [{$destination, $type, $source, "options": $ARGS.positional}]' \
		--args -- "${@:4}"
}

# without_namespace TYPE...
# shellcheck disable=SC2016 # the dollars are jq's
without_namespace() {
	config_edit '.linux.namespaces |= map(select(.type | IN($ARGS.positional[]) | not))' \
		--args -- "$@"
}

# map_ids [SIZE]: its root is user 100000 of the host.
# shellcheck disable=SC2016 # the dollar is jq's
map_ids() {
	config_edit --argjson size "${1-65536}" '.linux.namespaces += [{"type": "user"}] |
		.linux.uidMappings = [{"containerID": 0, "hostID": 100000, $size}] |
		.linux.gidMappings = .linux.uidMappings'
}

# with_user_namespace [SIZE]: and the root filesystem is that user's.
with_user_namespace() {
	map_ids "$@"
	chown -R 100000:100000 "$BUNDLE/rootfs"
}

# start_container [ID]: created and started in $BUNDLE.
start_container() { create_container "$@" && gocker start "${1-$ID}"; }

# Its output goes to $OUT, as bats would wait for a container that holds the test's own.
create_container() {
	gocker create -b "$BUNDLE" "${1-$ID}" </dev/null >"$OUT" 2>&1 3>&- || {
		cat "$OUT" >&2
		return 1
	}
}

container_state() { gocker state "${1-$ID}" | jq -r "${2-.status}"; }
container_pid() { container_state "${1-$ID}" .pid; }

ns_of() { readlink "/proc/$1/ns/$2"; }
processes_are() { [[ $(gocker ps -f json "$ID" | jq length) == "$1" ]]; }

# is_gone PID: it has ended, whether or not somebody has waited for it.
is_gone() { [[ ! -e /proc/$1 || $(awk '{ print $3 }' "/proc/$1/stat") == Z ]]; }

# fail LINE...: ends the test and says why.
fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# wait_until COMMAND...: fails where the command has not succeeded after a minute, as a busy machine
# may take long for anything.
wait_until() {
	local end=$((SECONDS + 60))
	until "$@"; do
		((SECONDS < end)) || fail "gave up waiting for: $*" || return
		sleep 0.05
	done
}

is_in_state() { [[ $(container_state "$1") == "$2" ]]; }
wait_for_state() { wait_until is_in_state "${2-$ID}" "$1"; }

# cgroup_dir CONTROLLER PID: where the process is in this hierarchy, on v1, hybrid or v2.
cgroup_dir() {
	local path
	path=$(awk -F: -v c="$1" '$2 ~ "(^|,)" c "(,|$)" { print $3 }' "/proc/$2/cgroup")
	if [[ -n $path ]]; then
		echo "/sys/fs/cgroup/$1$path"
	elif [[ -d /sys/fs/cgroup/unified ]]; then
		echo "/sys/fs/cgroup/unified$(sed -n 's/^0:://p' "/proc/$2/cgroup")"
	else
		echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$2/cgroup")"
	fi
}

# on_pure_v2 COMMAND...: in a mount namespace of its own that looks like a host with cgroup v2 only;
# elsewhere that is the unified hierarchy with whatever controllers it has.
on_pure_v2() {
	if [[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]]; then
		"$@"
	else
		# shellcheck disable=SC2016 # expands in the inner shell
		unshare -m --propagation private sh -c '
			if [ -d /sys/fs/cgroup/unified ]; then
				mount --rbind /sys/fs/cgroup/unified /mnt
			else
				mount -t cgroup2 cgroup2 /mnt
			fi && umount -l /sys/fs/cgroup &&
			mount --move /mnt /sys/fs/cgroup && exec "$@"' sh "$@"
	fi
}

# The same for a host with the v1 hierarchies only.
on_pure_v1() {
	# shellcheck disable=SC2016 # expands in the inner shell
	unshare -m --propagation private sh -c '
		! mountpoint -q /sys/fs/cgroup/unified || umount -l /sys/fs/cgroup/unified
		exec "$@"' sh "$@"
}

# each_view COMMAND...: once for each kind of host that this one can look like, with $VIEW set to
# its name and gocker (see GOCKER_WRAPPER) seeing that only.
each_view() {
	local VIEW views=("as it is" on_pure_v1 on_pure_v2) GOCKER_WRAPPER
	[[ $(stat -fc %T /sys/fs/cgroup) != cgroup2fs ]] || views=("as it is")
	for VIEW in "${views[@]}"; do
		GOCKER_WRAPPER=${VIEW#as it is}
		echo "view: $VIEW"
		"$@"
	done
}

# assert_output_has TEXT: of the last "run".
# shellcheck disable=SC2154 # output and status are set by bats' run
assert_output_has() {
	[[ $output == *"$1"* ]] || fail "expected: $1" "got: $output"
}

# shellcheck disable=SC2154
assert_status() {
	[[ $status == "$1" ]] || fail "expected status $1, got $status: $output"
}

# assert_refused TEXT...: create fails, says all of it, and leaves nothing.
assert_refused() {
	local text
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	for text; do
		assert_output_has "$text"
	done
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
}

# assert_mount_refused TEXT: because of the last mount, which is then taken out.
assert_mount_refused() {
	assert_refused "$1"
	config_edit 'del(.mounts[-1])'
}

# The directories are passable by all: containers with id maps are not root to them.
setup() {
	need_root
	chmod 711 "$BATS_RUN_TMPDIR"{,/file,/test} "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	ID=gocker-$$-$BATS_TEST_NUMBER
	TEST_ROOT=$BATS_TEST_TMPDIR/state
	BUNDLE=$BATS_TEST_TMPDIR/bundle
	OUT=$BATS_TEST_TMPDIR/out
	rootfs_prepare
	bundle_make "$BUNDLE"
	if declare -F setup_test >/dev/null; then
		setup_test
	fi
}

teardown() {
	local id
	if [[ -d ${TEST_ROOT-} ]]; then
		for id in $(gocker list -q); do
			gocker delete --force "$id"
		done
	fi
	if declare -F teardown_test >/dev/null; then
		teardown_test
	fi
}
