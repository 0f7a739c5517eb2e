#!/usr/bin/env bats
# bad_input.bats - one line that names the place, status 1, and nothing left behind

load helpers

# refused TEXT ARGUMENT...: gocker fails with one line that has the text, and leaves nothing.
refused() {
	local text=$1
	shift
	run gocker "$@"
	assert_status 1
	assert_output_has "$text"
	[[ $output == gocker:* && ${#lines[@]} == 1 ]] || fail "not one line: $output"
	[[ ! -d $TEST_ROOT || $(ls -A "$TEST_ROOT") == "" ]] || fail "left: $(ls -A "$TEST_ROOT")"
	[[ $(find /sys/fs/cgroup -type d -name "*$ID*") == "" ]] || fail "a cgroup is left"
}

@test "commands and options" {
	refused 'unknown command "frobnicate"' frobnicate
	refused 'unknown command "checkpoint"' checkpoint --help
	refused 'unknown option "--frob"' create --frob "$ID"
	refused 'arguments are missing' create
	refused 'one argument too many' start "$ID" more
	refused 'option --bundle needs' create "$ID" --bundle
	refused '--log-format' --log-format xml state "$ID"
	refused '--rootless' --rootless maybe state "$ID"
}

@test "ids" {
	local id
	for id in ../x . .. a/b '' 'a b' $'a\nb' 'a;b' "$(printf 'x%.0s' {1..300})" \
		"$(printf 'x%.0s' {1..4096})" ä; do
		refused "" create -b "$BUNDLE" -- "$id"
		assert_output_has " container"
	done
	refused "" create -b "$BUNDLE" -- -x
	assert_output_has "invalid container ID format"
	refused "invalid container ID format: invalid character \`/\` in the ID" \
		create -b "$BUNDLE" -- a/b
}

@test "bundles and configs that are not there or broken" {
	refused 'bundle "/no/such/bundle"' create -b /no/such/bundle "$ID"
	rm "$BUNDLE/config.json"
	refused 'JSON specification file config.json not found' create -b "$BUNDLE" "$ID"
	echo '{"ociVersion": "1.3.0", "root": ' >"$BUNDLE/config.json"
	refused 'config.json' create -b "$BUNDLE" "$ID"
	: >"$BUNDLE/config.json"
	refused 'config.json' create -b "$BUNDLE" "$ID"
	mkdir "$BUNDLE/directory.json"
	refused 'directory.json' create -b "$BUNDLE" -f directory.json "$ID"
}

# of_config FILTER TEXT: a config that is changed so is refused with the text.
of_config() {
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good.json"
	config_edit "$1"
	refused "$2" create -b "$BUNDLE" "$ID"
	cp "$BATS_TEST_TMPDIR/good.json" "$BUNDLE/config.json"
}

@test "members of config.json" {
	of_config 'del(.ociVersion)' '/ociVersion'
	of_config '.ociVersion = "2.0.0"' '/ociVersion'
	of_config 'del(.root)' '/root'
	of_config '.root.path = "nowhere"' '/root/path'
	of_config '.root.path = "config.json"' 'not a directory'
	of_config '.process.cwd = "relative"' 'Cwd must be an absolute path'
	of_config '.process.args = []' '/process: args must not be empty'
	of_config '.process.user.uid = -1' '/process/user/uid'
	of_config '.process.user.uid = 4294967295' '/process/user/uid'
	of_config '.process.user.gid = 4294967296' '/process/user/gid'
	of_config '.process.rlimits = [{"type": "RLIMIT_X", "soft": 1, "hard": 1}]' \
		'/process/rlimits/0/type'
	of_config '.mounts += [{"type": "tmpfs"}]' '/destination: is required'
	of_config '.linux.namespaces += [{"type": "pid"}]' '/linux/namespaces'
	of_config '.linux.namespaces |= map(select(.type != "uts"))' '/hostname'
	of_config '.linux.namespaces |= map(select(.type != "mount"))' 'mount'
	of_config '.linux.sysctl = {"kernel.core_pattern": "x"}' 'kernel.core_pattern'
	of_config '.linux.sysctl = {"net.../../kernel.core_pattern": "x"}' '/linux/sysctl'
	of_config '.linux.resources.memory = {"limit": "64M"}' '/linux/resources/memory/limit'
}

@test "the log file gets exactly one error, as JSON" {
	local log=$BATS_TEST_TMPDIR/log.json
	run gocker --log "$log" --log-format json create -b /no/such/bundle "$ID"
	assert_status 1
	[[ $(wc -l <"$log") == 1 ]]
	jq -e '.level == "error" and (.msg | contains("/no/such/bundle")) and
		(.time | test("^20[0-9-]+T"))' "$log"
	assert_output_has "/no/such/bundle"
}

@test "a pid file that cannot be written leaves nothing" {
	refused '/no/such/dir/pid' create -b "$BUNDLE" --pid-file /no/such/dir/pid "$ID"
}
