#!/bin/bash
# compare.sh - is a container of one runtime, seen from inside, the same as one of another?
#
#	compare.sh [-q] BUNDLE RUNTIME RUNTIME
#
# A RUNTIME is the floor program or an OCI runtime. In a container of each, made from the bundle
# with another command, probe.sh prints what can be observed: mounts, namespaces, devices, masks,
# limits, capabilities, the place in the cgroups, the network. The difference is printed (-q: not).
# Exit status 0 when they are the same, 1 when they differ, 2 when one could not be asked.
set -u
export LC_ALL=C

quiet=
if [[ ${1-} == -q ]]; then
	quiet=yes
	shift
fi
if [[ $# -ne 3 ]]; then
	echo "usage: compare.sh [-q] BUNDLE RUNTIME RUNTIME" >&2
	exit 2
fi
bundle=$(realpath "$1")
rootfs=$(realpath "$1/rootfs")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Namespaces are told by whether they are the host's, and a bundle's folder is not interesting.
normalize() {
	local ns host sed=()
	for ns in cgroup ipc mnt net pid user uts; do
		host=$(readlink "/proc/self/ns/$ns" | sed 's/[][]/\\&/g')
		sed+=(-e "s/^namespace $host\$/namespace $ns: the host's/")
		sed+=(-e "s/^namespace $ns:\\[.*/namespace $ns: its own/")
	done
	sed "${sed[@]}" -e "s/^hostname $(hostname)\$/hostname: the host's/" \
		-e 's/^hostname .*/hostname: its own/' \
		-e "s|^mount $rootfs / |mount ROOTFS / |" | sort
}

ask() {
	local runtime=$1 probe
	probe=$(cat "$here/probe.sh")
	if [[ $(basename "$runtime") == floor* ]]; then
		"$runtime" "$bundle" /bin/sh -c "$probe" </dev/null
		return
	fi
	jq --arg probe "$probe" --arg rootfs "$rootfs" \
		'.process.args = ["/bin/sh", "-c", $probe] | .root.path = $rootfs' \
		"$bundle/config.json" >"$work/config.json" || return
	"$runtime" run --bundle "$work" "${BENCH_TAG-compare}-$$" </dev/null
}

for number in 2 3; do
	runtime=${!number}
	if ! ask "$runtime" >"$work/raw"; then
		echo "compare.sh: $runtime does not run the probe" >&2
		exit 2
	fi
	normalize <"$work/raw" >"$work/$number"
done
diff --unified=0 --label "$2" --label "$3" "$work/2" "$work/3" >"$work/diff"
status=$?
[[ -n $quiet ]] || grep -v '^@@' "$work/diff"
exit "$status"
