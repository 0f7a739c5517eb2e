#!/usr/bin/env bats
# a05_sizes.bats - lists and texts longer than a length field or a buffer has (CVE-2021-43784)
#
# Detects: runc 1.1.5 and crun 1.8.1 (an error is as long as the text, 1 MiB; of an id map that is
# too long nobody says so).

load helpers

setup_attack() { config_args true; }

# refused TEXT FILTER: a config that is changed so; one line, which has not all of the long text.
refused() {
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good.json"
	config_edit "def long: \"x\" * 1048576; $2"
	run_once
	cp "$BATS_TEST_TMPDIR/good.json" "$BUNDLE/config.json"
	[[ $status != 0 ]] || fail "ran: $2"
	assert_status 1
	[[ $output != *$'\n'* ]] || fail "$output"
	((${#output} < 4096)) || fail "$2: ${#output} bytes: ${output:0:200}"
	assert_output_has "$1"
}

@test "70,000 lines of id maps" {
	map_ids
	refused '/mounts/0/uidMappings: has 70000 entries' \
		'.mounts[0].gidMappings = .linux.gidMappings | .linux.uidMappings[0].size = 300 |
		.mounts[0].uidMappings = [range(70000) | {containerID: ., hostID: ., size: 1}]'
	refused '/linux/uidMappings: has 70000 entries' '.linux.uidMappings =
		[range(70000) | {containerID: ., hostID: (100000 + .), size: 1}]'
	host_is_untouched
}

# The kernel takes 340, and a page of text.
@test "a long id map is exact, one that is too long by little is refused" {
	local map='[range(N) | {containerID: ., hostID: (100000 + .), size: 1}]'
	with_user_namespace
	refused "/linux/uidMappings: has 341 entries" ".linux.uidMappings = ${map/N/341}"
	refused "340 mappings are more than a page" ".linux.uidMappings = ${map/N/340}"
	config_edit ".linux.uidMappings = ${map/N/300} | .linux.gidMappings = .linux.uidMappings"
	config_args cat /proc/self/uid_map
	run_once
	# shellcheck disable=SC2154 # lines is set by run
	((${#lines[@]} == 300)) || fail "$output"
	[[ $(xargs <<<"${lines[299]}") == "299 100299 1" ]]
	host_is_untouched
}

@test "paths of 1 MiB" {
	local limit="a path may have 4095"
	refused "/root/path: has 1048576 bytes, $limit" '.root.path = long'
	refused "/process/cwd: has 1048577 bytes, $limit" '.process.cwd = "/" + long'
	refused "/mounts/0/destination: has 1048576 bytes, $limit" \
		'.mounts[0].destination = "/x" * 524288'
	refused "/linux/namespaces/0/path: has" '.linux.namespaces[0].path = "/" + long'
	refused "/linux/maskedPaths/0: has" '.linux.maskedPaths = ["/" + long]'
	refused "/linux/readonlyPaths/1: has" '.linux.readonlyPaths = ["/x", "/" + long]'
	refused "/linux/devices/0/path: has" \
		'.linux.devices = [{path: ("/" + long), type: "c", major: 1, minor: 3}]'
	refused "/hooks/createRuntime/0/path: has" '.hooks.createRuntime = [{path: ("/" + long)}]'
	refused 'mount tmpfs on "/dev": set the source: invalid' '.mounts[1].source = long'
	refused "/linux/cgroupsPath: has 1048577 bytes, $limit" '.linux.cgroupsPath = "/" + long'
	host_is_untouched
}

# shellcheck disable=SC2016 # the dollar is in the message
@test "other texts of 1 MiB" {
	refused "/hostname: has 1048576 bytes, the kernel takes 64 at most" '.hostname = long'
	refused 'xxx..." is too long' '.mounts[1].options += [long]'
	refused 'xxx..." is not the name of' '.linux.sysctl = {("net." + long): "1"}'
	refused '/process/rlimits/0/type: "xxx' '.process.rlimits[0].type = long'
	refused '/linux/resources: unified' '.linux.resources.unified = {(long): "1"}'
	refused '"true": argument list too long' '.process.args += [long]'
	refused '"true": argument list too long' '.process.env += ["X=" + long]'
	refused 'executable file not found in $PATH' '.process.env = ["PATH=/" + long]'
	refused "argument list too long" \
		'.hooks.createRuntime = [{path: "/bin/true", args: ["true", long]}]'
	refused "there are too many" '.process.user.additionalGids = [range(70000)]'
	host_is_untouched
}

@test "an annotation of 1 MiB, 100,000 variables in run and exec" {
	config_edit '.annotations = {("x" * 1048576): "x"} |
		.process.args = ["env"] | .process.env += [range(100000) | "V\(.)=\(.)"]'
	jq .process <"$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/process.json"
	gocker run -b "$BUNDLE" "$ID" >"$OUT"
	all_are_there
	config_edit '.process.args = ["sleep", "1000"]'
	start_container
	gocker exec --process "$BATS_TEST_TMPDIR/process.json" "$ID" >"$OUT"
	all_are_there
	host_is_untouched
}

# Beside them are PATH, TERM and HOME.
all_are_there() {
	[[ $(wc -l <"$OUT") == 100003 ]] || fail "$(wc -l <"$OUT") variables"
	[[ $(grep -cx -e V0=0 -e V65536=65536 -e V99999=99999 "$OUT") == 3 ]]
}

@test "what gocker-bundle is given is too long" {
	local long option
	need_command busybox
	long=$(printf '%0100000d' 0 | tr 0 9)
	for option in "--volume=/$long:/mnt" "--hostname=$long" "--user=$long" "--memory=$long" \
		"--cwd=/$long"; do
		run "$GOCKER_BUNDLE" init busybox "$option" "$BATS_TEST_TMPDIR/new"
		assert_status 1
		assert_output_has "option ${option%%=*}: "
		((${#output} < 4096)) || fail "${#output} bytes"
		[[ ! -e $BATS_TEST_TMPDIR/new ]] || fail "a bundle was made"
	done
	host_is_untouched
}
