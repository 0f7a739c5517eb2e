#!/usr/bin/env bats
# a08_rootless_cgroup.bats - a plain user's container writes to the host's cgroups (CVE-2023-25809)
#
# Detects: runc 1.1.5 (writes to the cgroup that the container is in, and to those of its user).

load helpers
load ../runtime/rootless

# The user has cgroups, as systemd gives them: what the container gets to there it may change.
setup_attack() {
	local dir own
	rootless_prepare
	without_namespace cgroup
	own=$(sed -n 's/^0:://p' /proc/self/cgroup)
	DELEGATED=("$(cgroup_dir pids $$)/$ID")
	[[ ! -d /sys/fs/cgroup/unified ]] || DELEGATED+=("/sys/fs/cgroup/unified${own%/}/$ID")
	for dir in "${DELEGATED[@]}"; do
		mkdir "$dir"
		chown "$USER_ID" "$dir" "$dir"/cgroup.procs
	done
	attempts=${attempts//NAME/$ID}
	config_edit '.process.capabilities[] += ["CAP_DAC_OVERRIDE"]'
	config_shell "$attempts"
	HOST_BEFORE=$(host_picture)
}

teardown_test() {
	[[ -z ${DELEGATED-} ]] || find "${DELEGATED[@]}" -depth -type d -exec rmdir {} +
}

gocker() {
	(
		for dir in "${DELEGATED[@]}"; do
			echo $BASHPID >"$dir/cgroup.procs"
		done
		as_user "$USER_GOCKER" "$@"
	)
}

# NAME is in the names of the cgroups that it could write to.
# shellcheck disable=SC2016 # expands in the container
attempts='{
		mount -o remount,rw,bind /sys/fs/cgroup && echo remounted >&3
		umount /sys/fs/cgroup && echo unmounted >&3
		mkdir /tmp/cgroup
		mount -t cgroup2 none /tmp/cgroup && echo mounted >&3
		mount -t cgroup -o pids none /tmp/cgroup && echo mounted >&3
		mount --rbind /sys/fs/cgroup /tmp/cgroup && mount -o remount,rw,bind /tmp/cgroup &&
			echo mounted >&3
		for dir in /sys/fs/cgroup /sys/fs/cgroup/* \
			$(find /sys/fs/cgroup -type d -path "*NAME*"); do
			mkdir $dir/attack && echo "made $dir/attack" >&3 && rmdir $dir/attack
			for file in cgroup.procs release_agent pids.max; do
				[ -e $dir/$file ] && echo 0 >$dir/$file &&
					echo "wrote $dir/$file" >&3
			done
		done
		echo tried >&3
	} 3>&1 >/dev/null 2>&1'

nothing_written() {
	run gocker run -b "$BUNDLE" "$ID" </dev/null 3>&-
	[[ $status == 0 && $output == tried ]] || fail "status $status: $output"
	config_args sleep 1000
	create_container
	gocker start "$ID"
	run gocker exec "$ID" sh -c "$attempts"
	[[ $status == 0 && $output == tried ]] || fail "exec: status $status: $output"
	gocker delete --force "$ID"
	host_is_untouched
}

@test "the cgroups of the host are mounted read-only" {
	nothing_written
}

@test "they come with /sys of the host" {
	without_mount /sys/fs/cgroup
	nothing_written
}

# Its own network namespace is what a sysfs is mounted for.
@test "they are mounted in a sysfs of the container's own" {
	config_edit '.linux.namespaces += [{"type": "network"}] |
		(.mounts[] | select(.destination == "/sys")) |= (.type = "sysfs" |
			.source = "sysfs" | .options = ["nosuid", "noexec", "nodev", "ro"])'
	nothing_written
}
