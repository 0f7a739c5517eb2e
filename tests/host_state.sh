#!/bin/bash
# host_state.sh - is the host after the tests as it was before?
#
#	host_state.sh snapshot   writes down what gocker could leave behind, below $TEST_BUILD or in
#	                         the folder $HOST_STATE
#	host_state.sh            compares with that, as TAP
#
# What else happens on a machine meanwhile is not ours to complain about, so cgroups count where
# "gocker" is in their path (each id that the tests use has it) or their name begins as the bench's
# do, processes where they are in such a cgroup, are gocker themselves or carry the tests'
# environment.
set -u
export LC_ALL=C

list_mounts() { cut -d' ' -f3- /proc/self/mountinfo; }
list_cgroups() {
	find /sys/fs/cgroup -mindepth 1 -type d \
		\( -path '*gocker*' -o -name 'bench-*' \)
}
list_links() { ls /sys/class/net; }
list_nft_tables() { if command -v nft >/dev/null; then nft list tables; fi; }
list_state() { find /run/gocker -mindepth 1; }
# LeakSanitizer says so of a process that is killed while it looks; that is no finding.
list_sanitizer_reports() {
	find "$TEST_BUILD/tests" -name 'sanitizer.*' \
		-exec grep -lvE '^==[0-9]+==Unable to get registers from thread' {} +
}
list_processes() { ps -eo pid=,ppid=,comm=; }

kinds=(mounts cgroups links nft_tables state sanitizer_reports)

# Those of list_processes that were not there before, are no kernel threads, and do not descend
# from the newest of our ancestors that was not there either, the run of this very script; nor from
# one that was there and did not start the tests: something else that runs beside them. What a test
# leaves behind has become a child of the first process.
new_processes() {
	list_processes | awk -v self=$$ -v before="$1" '
		BEGIN { while ((getline line < before) > 0) { split(line, f, " "); old[f[1]] = 1 } }
		{ parent[$1] = $2; name[$1] = $3 }
		END {
			for (pid = self; pid in parent; pid = parent[pid])
				if (pid in old)
					starter[pid] = 1
				else
					excused[pid] = 1
			for (pid in old)
				if (pid != 1 && !(pid in starter))
					excused[pid] = 1
			for (pid in parent) {
				for (p = pid; p in parent && !(p in excused); p = parent[p])
					;
				if (!(p in parent) && !(pid in old))
					print pid, name[pid]
			}
		}'
}

is_of_tests() {
	grep -qs gocker "/proc/$1/comm" "/proc/$1/cgroup" && return 0
	tr '\0' '\n' <"/proc/$1/environ" | grep -qxF "TEST_BUILD=$TEST_BUILD"
} 2>/dev/null

snapshot() {
	local kind
	mkdir -p "$1"
	find "$(dirname "$1")" -name 'sanitizer.*' -delete
	for kind in "${kinds[@]}"; do
		"list_$kind" 2>/dev/null | sort >"$1/$kind"
	done
	list_processes >"$1/processes"
}

new_of_kind() {
	local pid name
	if [[ $1 != processes ]]; then
		comm -13 "$before/$1" <("list_$1" 2>/dev/null | sort)
		return
	fi
	new_processes "$before/processes" | while read -r pid name; do
		if is_of_tests "$pid" && [[ -d /proc/$pid ]]; then
			echo "$pid $name: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
		fi
	done
}

compare() {
	local kind number=0 new try
	echo "1..$((${#kinds[@]} + 1))"
	for kind in "${kinds[@]}" processes; do
		number=$((number + 1))
		# what has been killed may need a moment to be gone
		for ((try = 0; try < 20; try++)); do
			new=$(new_of_kind "$kind")
			[[ -z $new ]] && break
			sleep 0.1
		done
		if [[ -z $new ]]; then
			echo "ok $number - no new ${kind//_/ }"
		else
			echo "not ok $number - left behind: ${kind//_/ }"
			echo "${new//$'\n'/$'\n'# }" | sed '1s/^/# /'
		fi
	done
}

TEST_BUILD=${TEST_BUILD-$PWD}
before=${HOST_STATE-$TEST_BUILD/tests/host_state}
case ${1-compare} in
snapshot) snapshot "$before" ;;
compare) compare ;;
*) echo "usage: host_state.sh [snapshot]" >&2 && exit 1 ;;
esac
