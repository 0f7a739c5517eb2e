# host.bash - what the tests of container engines share: a host of their own with the engines in it
#
# A file of tests says "load host", calls engines_start in setup_file and engines_stop in
# teardown_file, and finds
#
#	on_host COMMAND...   runs it there as root, with nothing of this machine's environment
#	as_plain COMMAND...  the same as the user "plain", who has subordinate ids
#	RUNTIME              the OCI runtime to be used: gocker, or crun or runc to compare with
#	$IMAGE               a tar archive of a root filesystem: Alpine's, else one of busybox
#
# In a virtual machine of tests/vm, which has the engines already (see its "run --engines"), there
# is no other host: the commands run in the machine itself.

load ../runtime/helpers

RUNTIME=${RUNTIME-gocker}
PLUGINS=${TEST_SOURCES-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}/tests/plugins
ENGINES=${TEST_ENGINES-${TEST_BUILD-$PWD}/engines}

# The tests of engines make no bundle, and clean up by ending the host.
setup() { need_engines; }
teardown() { :; }

need_engines() {
	need_root
	[[ -z ${ENGINES_MISSING-} ]] || skip "no engines: $ENGINES_MISSING"
}

image_make() {
	local folder=$BATS_FILE_TMPDIR/rootfs
	export IMAGE=$BATS_FILE_TMPDIR/rootfs.tar
	rootfs_prepare
	tar -cf "$IMAGE" -C "$folder" .
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/file" "$BATS_FILE_TMPDIR"
}

engines_start() {
	local ready=$BATS_FILE_TMPDIR/ready
	[[ $EUID == 0 ]] || return 0
	image_make
	[[ -z ${VM_INSIDE-} ]] || return 0
	if ! ENGINES_MISSING=$("$PLUGINS/unpack_engines" "$ENGINES" 2>&1); then
		export ENGINES_MISSING
		return 0
	fi
	mkfifo "$ready"
	bash "$PLUGINS/start_host" "$ENGINES" "$ready" </dev/null \
		>"$BATS_FILE_TMPDIR/host.log" 2>&1 3>&- &
	export HOST_STARTER=$!
	read -r -t 30 <>"$ready" || fail "no host: $(<"$BATS_FILE_TMPDIR/host.log")"
	HOST=$(pgrep -P "$HOST_STARTER")
	export HOST
}

engines_stop() {
	[[ -n ${HOST_STARTER-} ]] || return 0
	thaw_groups
	kill -9 "$HOST" "$HOST_STARTER" 2>/dev/null || :
	wait_until remove_groups
}

# Who is frozen does not hear the signal that ends it.
thaw_groups() {
	find /sys/fs/cgroup/*/"gocker-engines-$HOST_STARTER" -name freezer.state \
		-exec sh -c 'for state; do echo THAWED >"$state"; done' sh {} + 2>/dev/null || :
}

# Those of v1 in which the host was, and what engines left in them.
remove_groups() {
	local group
	for group in /sys/fs/cgroup/*/"gocker-engines-$HOST_STARTER"; do
		[[ -d $group ]] || continue
		find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || return
	done
}

# enter_host COMMAND...: its processes are in the host's control groups. Descriptor 3 is closed for
# the command only: bats needs it where the command fails. Nothing is done where there is no host:
# every test is skipped then, and this machine itself is not to be touched.
enter_host() {
	local group
	[[ -n ${HOST-}${VM_INSIDE-} ]] || return 0
	if [[ -z ${HOST-} ]]; then
		cd /root && env -i "${HOST_ENVIRONMENT[@]}" "$@" 3>&-
		return
	fi
	(
		for group in /sys/fs/cgroup/*/"gocker-engines-$HOST_STARTER"; do
			echo "$BASHPID" >"$group/cgroup.procs"
		done
		exec nsenter -t "$HOST" -a env -i "${HOST_ENVIRONMENT[@]}" "$@" 3>&-
	)
}

on_host() {
	local HOST_ENVIRONMENT=(PATH=/usr/sbin:/usr/bin HOME=/root TERM=xterm LANG=C.UTF-8)
	enter_host "$@"
}

as_plain() {
	local HOST_ENVIRONMENT=(PATH=/usr/sbin:/usr/bin HOME=/home/plain USER=plain TERM=xterm
		LANG=C.UTF-8 XDG_RUNTIME_DIR=/run/user/1000)
	enter_host setpriv --reuid 1000 --regid 1000 --clear-groups "$@"
}

# As engines' configuration has them: not above what this machine lets root have.
default_ulimits() {
	local nofile nproc
	nofile=$(ulimit -Hn) nproc=$(ulimit -Hu)
	nofile=${nofile/unlimited/-1} nproc=${nproc/unlimited/-1}
	echo "\"nofile=$nofile:$nofile\", \"nproc=$nproc:$nproc\""
}
