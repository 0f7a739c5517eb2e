#!/usr/bin/env bats
# cli.bats - version, help, spec, features: what needs no container

load helpers

@test "--version has the lines that engines read" {
	run gocker --version
	assert_status 0
	[[ ${lines[0]} =~ ^gocker\ version\ [0-9]+\.[0-9]+\.[0-9]+ ]]
	[[ $output == *$'\nspec: 1.3.0'* ]]
	grep -q '^libseccomp: 2\.' <<<"$output"
}

@test "every command has its help" {
	local command
	run gocker --help
	assert_status 0
	for command in create start run exec state list ps kill delete spec features; do
		grep -q "^  $command " <<<"$output" || fail "$command is not in --help"
		"$GOCKER" "$command" --help | grep -q "^Usage: gocker $command"
	done
}

@test "spec writes a config that runs, once" {
	mkdir "$BATS_TEST_TMPDIR/new"
	cd "$BATS_TEST_TMPDIR/new"
	gocker spec
	jq -e '.ociVersion == "1.3.0" and .process.args == ["sh"] and .root.path == "rootfs"' \
		config.json
	run gocker spec
	assert_status 1
	assert_output_has "File config.json exists"
}

@test "spec --rootless maps the user to root" {
	mkdir "$BATS_TEST_TMPDIR/new"
	gocker spec --rootless -b "$BATS_TEST_TMPDIR/new"
	jq -e '.linux.uidMappings[0].containerID == 0 and
		(.linux.namespaces | map(.type) |
			index("user") != null and index("network") == null)' \
		"$BATS_TEST_TMPDIR/new/config.json"
}

@test "features is JSON, and needs neither root nor a state directory" {
	local features
	features=$(setpriv --reuid 65534 --clear-groups "$GOCKER" features 2>/dev/null) ||
		features=$(gocker features)
	jq -e '.ociVersionMax == "1.3.0" and (.mountOptions | index("rbind") != null) and
		(.linux.namespaces | length == 8) and .linux.cgroup.v2 and
		(.linux.capabilities | index("CAP_SYS_ADMIN") != null) and
		.annotations["io.github.seccomp.libseccomp.version"]' <<<"$features"
	jq -e '.linux.seccomp | .enabled and (.actions | length == 9) and
		(.operators | length == 7) and (.archs | index("SCMP_ARCH_X86_64") != null) and
		(.supportedFlags - .knownFlags == []) and
		(.supportedFlags | index("SECCOMP_FILTER_FLAG_LOG") != null)' <<<"$features"
	[[ ! -e $TEST_ROOT ]]
}
