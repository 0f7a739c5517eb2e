# common.bash - what the scripts of the bench share: options, programs, bundles, measurements
# shellcheck shell=bash

set -u
export LC_ALL=C
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# What is made has a name that begins with this, the floor's control group too.
export BENCH_TAG=${BENCH_TAG-bench-$$}
tag=$BENCH_TAG

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# read_options NAME... -- WORD...: "--NAME VALUE" sets the variable of that name.
read_options() {
	local names=' '
	while [[ $1 != -- ]]; do
		names+="--$1 "
		shift
	done
	shift
	while [[ $# -gt 0 ]]; do
		[[ $names == *" $1 "* ]] || die "unknown option \"$1\""
		[[ $# -gt 1 ]] || die "$1 needs a value (see the head of this script)"
		printf -v "${1#--}" %s "$2"
		shift 2
	done
}

# find_program VARIABLE NAME: its path, or nothing; the variable may be empty to leave it out.
find_program() {
	local path
	path=$(command -v "${!1-$2}") && realpath "$path"
}

# find_programs BUILD: gocker and its tools from there, where no variable names others.
find_programs() {
	GOCKER=$(find_program GOCKER "$1/../../gocker")
	GOCKER_BUNDLE=$(find_program GOCKER_BUNDLE "$1/../../gocker-bundle")
	CRUN=$(find_program CRUN crun)
	RUNC=$(find_program RUNC runc)
	export GOCKER GOCKER_BUNDLE CRUN RUNC
	floor=$1/floor
	timer=$1/timer
	[[ $(id -u) == 0 ]] || die "wants root"
	[[ -x $floor && -x $timer ]] ||
		die "floor and timer are not in \"$1\": make bench builds them"
	[[ -n $GOCKER ]] || die "gocker is not there (GOCKER=...)"
}

# with_tmpfs WORD...: goes on as that command with a tmpfs at /run, as hosts with systemd have it.
with_tmpfs() {
	exec unshare --mount --propagation private \
		bash -c 'mount -t tmpfs tmpfs /run && exec "$@"' bash "$@"
}

is_hybrid() { [[ $(stat -f -c %T /sys/fs/cgroup) != cgroup2fs ]]; }

# The archive of Alpine that the tests take.
find_archive() (
	BATS_TEST_DIRNAME=$here
	# shellcheck source=tests/runtime/helpers.bash
	. "$here/../runtime/helpers.bash"
	alpine_archive
)

# init_bundle DIR: Alpine, with INIT_FLAGS or from the tests' archive or a mirror; else busybox.
init_bundle() {
	local archive flags=()
	[[ -n $GOCKER_BUNDLE ]] || die "no gocker-bundle (GOCKER_BUNDLE=...)"
	if [[ -n ${INIT_FLAGS-} ]]; then
		read -r -a flags <<<"$INIT_FLAGS"
	elif archive=$(find_archive); then
		flags=(--rootfs-archive "$archive")
	fi
	"$GOCKER_BUNDLE" init alpine "$1" --network none "${flags[@]}" >&2 && return
	echo "$(basename "$0"): falling back to busybox, whose start is not Alpine's" >&2
	"$GOCKER_BUNDLE" init busybox "$1" --network none >&2 || die "no bundle"
}

# Without them no limit can be set, as in what only looks like v2 (v2_view).
has_controllers() { grep -qsw pids /sys/fs/cgroup/cgroup.controllers; }

# make_bundle NAME FILTER: $work/NAME with the rootfs of $bundle. crun 1.8 refuses newer
# ociVersions.
make_bundle() {
	local filter=".ociVersion = \"1.0.2\" | .process.terminal = false |
		.root.path = \"$bundle/rootfs\" | $2"
	[[ $view == v2 ]] && ! has_controllers && filter+=' | del(.linux.resources)'
	mkdir "$work/$1"
	ln -s "$bundle/rootfs" "$work/$1/rootfs"
	jq "$filter" "$bundle/config.json" >"$work/$1/config.json" || die "no bundle: \"$bundle\""
}
run_true='.process.args = ["/bin/true"]'
run_sleep='.process.args = ["/bin/sleep", "100000"]'

# add_profile NAME: NAME-seccomp is the same bundle with seccomp.json as its filter.
add_profile() {
	mkdir "$work/$1-seccomp"
	ln -s "$bundle/rootfs" "$work/$1-seccomp/rootfs"
	jq --slurpfile profile "$here/seccomp.json" '.linux.seccomp = $profile[0]' \
		"$work/$1/config.json" >"$work/$1-seccomp/config.json" || die "no profile"
}

# remove_containers PROGRAM...: theirs of our name, and our control groups. Several at a time, as
# runc sleeps until it looks whether what it killed is dead.
remove_containers() {
	local program
	for program; do
		[[ -n $program ]] && "$program" list -q 2>/dev/null | grep "^$tag" |
			xargs -r -n 1 -P 8 "$program" delete --force >/dev/null 2>&1
	done
	find /sys/fs/cgroup -depth -type d -name "*$tag*" -exec rmdir {} + 2>/dev/null || :
}

print_circumstances() {
	echo "$(date -u '+%F %R UTC'), Linux $(uname -r), $(nproc) processors, $rounds rounds," \
		"load $(cut -d' ' -f1 /proc/loadavg) at the $1"
}

# find_runtimes: fills names and programs with those that run $work/true, prints about each which
# version it is and whether its container is the floor's.
find_runtimes() {
	local name program message status facts count i
	names=(gocker) programs=("$GOCKER")
	for name in crun runc; do
		program=${name^^}
		program=${!program}
		if [[ -z $program ]]; then
			echo "- $name: not installed"
		elif ! message=$("$program" run --bundle "$work/true" "$tag-try" 2>&1 \
			</dev/null); then
			echo "- $name: left out: $(head -n 1 <<<"$message")"
		else
			names+=("$name") programs+=("$program")
		fi
	done
	for i in "${!names[@]}"; do
		"$here/compare.sh" "$work/true" "$floor" "${programs[i]}" >"$work/differences"
		status=$?
		[[ $status -lt 2 ]] || die "compare.sh could not ask ${names[i]}"
		facts="the same container as the floor's"
		count=$(grep -c '^[-+][^-+]' "$work/differences")
		[[ $status == 0 ]] ||
			facts="$count facts differ from the floor's container (compare.sh)"
		echo "- ${names[i]}: $("${programs[i]}" --version | head -n 1), $facts"
		[[ ${names[i]} != gocker || $status == 0 ]] && continue
		cat "$work/differences" >&2
		die "gocker's container is not the floor's: their times would mean nothing"
	done
}

# value_of NAME VALUE...: that of this runtime, of one for each; "-" where it is left out.
value_of() {
	local i value=- name=$1
	shift
	for i in "${!names[@]}"; do
		[[ ${names[i]} == "$name" ]] && value=${*:i+1:1}
	done
	echo "$value"
}

# ratio A B: or "-" where one of them is.
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN {
		if (a != "-" && b > 0) printf "%.2f", a / b; else printf "-" }'
}

# Words of the timer that are put between the measurements of several runtimes.
groups=()
add_group() {
	[[ ${#groups[@]} -gt 0 ]] && groups+=(--)
	groups+=("$@")
}

# measure ROUNDS: the groups; fills medians, minima and peaks, one value each.
measure() {
	"$timer" "$1" "${groups[@]}" >"$work/out" || die "the timer failed"
	mapfile -t medians < <(cut -f1 "$work/out")
	mapfile -t minima < <(cut -f2 "$work/out")
	mapfile -t peaks < <(cut -f4 "$work/out")
	groups=()
}

until_stopped=(@ bash -c 'until "$0" state "$1" | grep -q stopped; do sleep 0.005; done')

# add_run BUNDLE: of each runtime.
add_run() {
	local i
	for i in "${!names[@]}"; do
		add_group "${programs[i]}" run --bundle "$work/$1" "$tag-${names[i]}-run%"
	done
}

# add_life [VERB]: a container's life with each runtime, of which all or this command is timed.
add_life() {
	local i id program step group
	for i in "${!names[@]}"; do
		id="$tag-${names[i]}-${1-life}%" program=${programs[i]} group=()
		for step in create start state kill delete; do
			[[ $step == delete ]] && group+=(+ "${until_stopped[@]}" "$program" "$id")
			[[ $step == create ]] || group+=(+)
			[[ ${1-$step} == "$step" ]] || group+=(@)
			group+=("$program" "$step")
			[[ $step == create ]] && group+=(--bundle "$work/sleep")
			group+=("$id")
			[[ $step == kill ]] && group+=(KILL)
		done
		add_group "${group[@]}"
	done
}

# start_container PROGRAM BUNDLE ID
start_container() {
	"$1" create --bundle "$work/$2" "$3" </dev/null >/dev/null || die "$1 create failed"
	"$1" start "$3" || die "$1 start failed"
}

# add_exec BUNDLE: into a container of each runtime, which stays.
add_exec() {
	local i id
	for i in "${!names[@]}"; do
		id="$tag-${names[i]}-exec-$1"
		start_container "${programs[i]}" "$1" "$id"
		add_group "${programs[i]}" exec "$id" /bin/true
	done
}

# make_network_host: what a host has, in a network namespace and a mount namespace of our own.
make_network_host() {
	mount -t tmpfs run /run
	mkdir /run/netns
	ip link set lo up
	ip link add uplink type veth peer name peer
	ip link set uplink up
	ip link set peer up
	ip addr add 192.0.2.1/24 dev uplink
	ip route add default via 192.0.2.2
}

# annotate_bridge [PORTS]: the end of a filter for make_bundle.
annotate_bridge() {
	printf '| .annotations = {"org.gocker.net.0.type": "bridge"%s}' \
		"${1+, \"org.gocker.net.0.ports\": \"$1\"}"
}
