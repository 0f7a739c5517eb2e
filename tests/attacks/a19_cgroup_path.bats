#!/usr/bin/env bats
# a19_cgroup_path.bats - a cgroup leads out of where containers are, or out of the container's
#
# Detects: crun 1.8.1 (exec gets into the neighbour's cgroup), both it and runc 1.1.5 (a cgroupsPath
# with ".." is taken for another one), a build without the looks for ".." of cgroup_plan.c.

load helpers

# The container is in "box" and has a cgroup "inside"; "victim" is its neighbour's.
# shellcheck disable=SC2016 # the dollars are jq's
setup_attack() {
	TOP=/gocker-attack-$$
	config_edit --arg path "$TOP/box" '.linux.cgroupsPath = $path'
	start_container
	BOX=$(cgroup_dir pids "$(container_pid)")
	VICTIM=${BOX%/*}/victim
	mkdir "$VICTIM" "$BOX/inside"
	CGROUPS=$(cgroups)
}

teardown_test() {
	[[ -z ${TOP-} ]] ||
		find_cgroups -depth -path "*$TOP*" -exec rmdir {} +
}

# Those of other tests come and go.
find_cgroups() { find /sys/fs/cgroup -type d "$@" 2>/dev/null || true; }
cgroups() { find_cgroups \( -path "*$TOP*" -o -name 'escape*' \) | sort; }

nothing_outside() {
	[[ $(cgroups) == "$CGROUPS" ]] || fail "$(diff <(echo "$CGROUPS") <(cgroups))"
	[[ -z $(<"$VICTIM/cgroup.procs") ]] || fail "a process is in another's cgroup"
	host_is_untouched
}

# shellcheck disable=SC2016
@test "cgroupsPath of create and run" {
	local path
	config_args true
	for path in ../escape "$TOP/../escape" "${TOP#/}/../../../escape" .. /.. "$TOP/box/.." \
		"$TOP/new/../victim" "/..$TOP/victim" / /. . ../../../../../../tmp/escape; do
		config_edit --arg path "$path" '.linux.cgroupsPath = $path'
		run gocker run -b "$BUNDLE" "$ID-b"
		assert_status 1
		assert_output_has "/linux/cgroupsPath: "
		assert_output_has "\"$path\""
		[[ ! -e $TEST_ROOT/$ID-b ]] || fail "the state directory is left"
	done
	nothing_outside
}

# shellcheck disable=SC2016 # the backticks are words that engines match
@test "exec --cgroup" {
	local path
	for path in ../victim .. /../victim inside/../../victim "../..$TOP/victim" pids:../victim \
		pids:/../victim "$TOP/victim" victim / ""; do
		run gocker exec --cgroup "$path" "$ID" sh -c 'cat /proc/self/cgroup; echo in'
		[[ $status != 0 || $output != *victim* ]] || fail "\"$path\": $output"
		case $path in
		pids:* | *victim) assert_output_has "cgroup \"$path\"" ;;
		*..*) assert_output_has '`..` components are not allowed' ;;
		esac
	done
	gocker exec -d --cgroup inside --pid-file "$BATS_TEST_TMPDIR/pid" "$ID" sleep 100
	[[ $(cgroup_dir pids "$(<"$BATS_TEST_TMPDIR/pid")") == "$BOX/inside" ]]
	nothing_outside
}

# shellcheck disable=SC2016
@test "the cgroup below its own that an annotation names" {
	local name
	for name in ../victim .. /../victim a/../../victim; do
		config_edit --arg name "$name" '.annotations = {"run.oci.delegate-cgroup": $name} |
			.linux.cgroupsPath = "'"$TOP"'/other"'
		run gocker run -b "$BUNDLE" "$ID-b"
		assert_status 1
		assert_output_has '/annotations/run.oci.delegate-cgroup: invalid `..` component'
		[[ ! -e $TEST_ROOT/$ID-b ]] || fail "the state directory is left"
	done
	nothing_outside
}
