#!/usr/bin/env bats
# cli.bats - version, help, spec, features: what needs no container

load helpers

bats_require_minimum_version 1.5.0

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
	for command in create start run exec state list ps top events pause resume update kill \
		delete spec features; do
		grep -q "^  $command " <<<"$output" || fail "$command is not in --help"
		"$GOCKER" "$command" --help | grep -q "^Usage: gocker $command"
	done
}

@test "a command that is not there fails, with --help as well" {
	run gocker checkpoint --help
	assert_status 1
	assert_output_has 'unknown command "checkpoint"'
	run gocker restore --help
	assert_status 1
	run "$GOCKER" --unknown list
	assert_status 1
	[[ $output == 'gocker: unknown option "--unknown"' ]]
	run gocker --rootless perhaps list
	assert_status 1
	gocker --rootless true list
	gocker --rootless=auto --rootless false list
	gocker --rootless=True --rootless= --rootless 0 list
	run "$GOCKER"
	assert_status 1
	assert_output_has "Usage: gocker"
}

# one_error COMMAND...: fails, with one line in the log file, which is one JSON object.
one_error() {
	rm -f "$OUT"
	run --separate-stderr "$GOCKER" --root "$TEST_ROOT" --log "$OUT" --log-format json "$@"
	[[ $status != 0 && -z $output ]] || fail "$*: $status $output"
	[[ $(wc -l <"$OUT") == 1 ]] || fail "$*: $(<"$OUT")"
	jq -e '(keys == ["level", "msg", "time"]) and .level == "error" and
		(.time | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"))' "$OUT" ||
		fail "$(<"$OUT")"
	# shellcheck disable=SC2154 # run sets it
	[[ $stderr == "gocker: $(jq -r .msg "$OUT")" ]] || fail "$*: $stderr"
}

@test "a failure is one JSON line in the log, and one on standard error" {
	one_error state nobody
	one_error start nobody
	one_error kill nobody
	one_error delete nobody
	one_error pause nobody
	one_error update nobody
	one_error exec nobody true
	one_error events --stats nobody
	one_error top --once nobody
	one_error create
	one_error create -b /nowhere "$ID"
	one_error nonsense
	one_error --nonsense list
	one_error create --nonsense "$ID"
	one_error --cgroup-manager none create -b "$BUNDLE" "$ID"
	config_args /nowhere
	one_error create -b "$BUNDLE" "$ID"
	one_error run -b "$BUNDLE" "$ID"
	config_edit '.mounts += [{destination: "/x", type: "nofs", source: "x"}]'
	one_error create -b "$BUNDLE" "$ID"
	[[ -z $(gocker list -q) ]]
}

@test "the log is appended to, also by its descriptor" {
	exec 7>"$OUT"
	run gocker --log /dev/fd/7 --log-format json state nobody
	run gocker --log /dev/fd/7 state nobody
	exec 7>&-
	[[ $(wc -l <"$OUT") == 2 ]]
	[[ $(tail -n1 "$OUT") == 'gocker: state "nobody": container does not exist'* ]]
	run gocker --log /nowhere/log list
	assert_status 1
	assert_output_has '"/nowhere/log"'
	run gocker --log-format xml list
	assert_status 1
}

@test "--debug tells the steps, to the log only" {
	config_args true
	run --separate-stderr gocker --debug --log "$OUT" run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ -z $stderr && -z $output ]]
	grep -q "debug: .*make the state directory" "$OUT"
	grep -q "debug: .*change the root" "$OUT"
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
