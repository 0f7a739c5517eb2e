#!/usr/bin/env bats
# a02_fake_proc.bats - the image or a volume has a /proc of its own (CVE-2019-16884, CVE-2025-52881)
#
# Detects: runc 1.1.5 (sysctls are written to files of the image, or to whatever is exchanged with
# them; nothing is said).

load helpers

# All that a runtime writes to in the /proc of its container. The container runs what needs none.
setup_attack() {
	VOLUME=$BATS_TEST_TMPDIR/volume
	config_edit '.linux.maskedPaths = [] | .linux.readonlyPaths = [] |
		.process.oomScoreAdj = 500 |
		.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.domainname": "attack"}'
}

# fake_proc DIR: with files where the kernel's would be.
fake_proc() {
	local name
	for name in {self,thread-self,1}/{oom_score_adj,attr/{exec,keycreate,apparmor/exec}} \
		sys/kernel/{domainname,core_pattern} sys/net/ipv4/ip_forward; do
		mkdir -p "$1/${name%/*}"
		echo planted >"$1/$name"
	done
	echo planted >"$1/sysrq-trigger"
}

# fake_links DIR: with symlinks to a file of the host.
fake_links() {
	local name
	fake_proc "$1"
	find "$1" -type f -exec ln -sf "../../../../../../../../../..$CANARY/file" {} ';'
}

nothing_written() {
	local found
	found=$(grep -rLx planted "$1" || true)
	[[ -z $found ]] || fail "written:" "$found"
}

# What the kernel has of the container, or of the process.
kernel_has() {
	nsenter -t "$1" -n -u cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/domainname \
		"/proc/$1/oom_score_adj" | xargs
}

real=(1 attack 500)

# attack DIR: the container gets what is asked for, or is refused.
attack() {
	local pid=$BATS_TEST_TMPDIR/pid
	if create_container; then
		gocker start "$ID"
		[[ $(kernel_has "$(container_pid)") == "${real[*]}" ]] ||
			fail "not set: $(kernel_has "$(container_pid)")"
		jq '.process | .args = ["sleep", "1000"] | .oomScoreAdj = 600' \
			<"$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/process.json"
		gocker exec -d --pid-file "$pid" --process "$BATS_TEST_TMPDIR/process.json" "$ID"
		[[ $(<"/proc/$(<"$pid")/oom_score_adj") == 600 ]] || fail "not set by exec"
		gocker delete --force "$ID"
	fi
	nothing_written "$1"
	host_is_untouched
}

@test "nothing is mounted on /proc, the image has files there" {
	without_mount /proc
	fake_proc "$BUNDLE/rootfs/proc"
	attack "$BUNDLE/rootfs/proc"
}

@test "the image has symlinks to the host there" {
	without_mount /proc
	fake_links "$BUNDLE/rootfs/proc"
	attack "$BUNDLE/rootfs/proc"
}

# refused TEXT DESTINATION TYPE SOURCE OPTION...: a mount.
refused() {
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good.json"
	add_mount "${@:2}"
	run_once
	cp "$BATS_TEST_TMPDIR/good.json" "$BUNDLE/config.json"
	[[ $status != 0 ]] || fail "mounted on $2"
	assert_output_has "$1"
}

@test "another file system or a volume is mounted on /proc" {
	config_args true
	fake_proc "$VOLUME"
	fake_proc "$BUNDLE/rootfs/proc"
	without_mount /proc
	refused '"/proc" can only be a procfs' /proc bind "$VOLUME" bind
	refused '"/proc" can only be a procfs' /proc tmpfs tmpfs tmpcopyup
	nothing_written "$VOLUME"
	nothing_written "$BUNDLE/rootfs/proc"
	host_is_untouched
}

@test "volumes are mounted over parts of /proc" {
	local name
	config_args true
	fake_proc "$VOLUME"
	for name in sys sys/net/ipv4/ip_forward sys/kernel/domainname self/attr self/oom_score_adj \
		thread-self 1/oom_score_adj; do
		refused "nothing can be mounted inside /proc" "/proc/$name" bind \
			"$VOLUME/$name" bind
	done
	nothing_written "$VOLUME"
	host_is_untouched
}

@test "the /proc of the image is exchanged meanwhile with symlinks to the host" {
	without_mount /proc
	fake_proc "$BUNDLE/rootfs/proc"
	fake_links "$BUNDLE/rootfs/other"
	config_args true
	flip "$BUNDLE/rootfs/proc" "$BUNDLE/rootfs/other"
	once_more() { run_once && nothing_written "$BUNDLE/rootfs/proc"; }
	race once_more
	host_is_untouched
}

# A profile that no kernel has, which the files of the image would take.
@test "a profile or a label is not said to a file of the image" {
	local member
	without_mount /proc
	fake_proc "$BUNDLE/rootfs/proc"
	config_args true
	for member in apparmorProfile selinuxLabel; do
		config_edit "del(.process.apparmorProfile) | .process.$member = \"attack\""
		run_once
		assert_status 1
		assert_output_has '"attack"'
	done
	nothing_written "$BUNDLE/rootfs/proc"
	host_is_untouched
}
