#!/usr/bin/env bats
# cgroup_nested.bats - gocker in a container of gocker, on each kind of host

load helpers

DEPTH=2

# The bundle has the program with its libraries, and is seen at /bundle at each level.
setup_test() {
	local file
	cp "$GOCKER" "$BUNDLE/gocker"
	for file in $(ldd "$GOCKER" | grep -o '/[^ ]*'); do
		mkdir -p "$BUNDLE/rootfs$(dirname "$file")"
		cp -L "$file" "$BUNDLE/rootfs$file"
	done
	cp "$BATS_TEST_DIRNAME/cgroup_nested.sh" "$BUNDLE"
	config_edit --arg source "$BUNDLE" '.mounts += [
			{"destination": "/bundle", "source": $source, "options": ["bind"]},
			{"destination": "/run", "type": "tmpfs", "source": "tmpfs"},
			{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"}] |
		.mounts |= map(if .type == "cgroup" then .options -= ["ro"] else . end) |
		.process.capabilities[] = $caps |
		.linux.resources.devices = [{"allow": true, "access": "rwm"}] |
		del(.linux.maskedPaths, .linux.readonlyPaths)' --argjson caps "$(all_capabilities)"
}

all_capabilities() {
	"$GOCKER" features | jq '.linux.capabilities'
}

# run_nested [WORD...]: the outermost container, with these in its environment and those inside.
run_nested() {
	local level
	config_edit '.process.args = ["sleep", "1000"]'
	cp "$BUNDLE/config.json" "$BUNDLE/plain.json"
	config_edit '(.mounts[] | select(.destination == "/bundle")).source = "/bundle"'
	[[ $* != *LIMIT* ]] || config_edit '.linux.resources.pids = {"limit": 33}'
	cp "$BUNDLE/config.json" "$BUNDLE/sleep.json"
	for ((level = DEPTH; level > 0; level--)); do
		((level > 1)) || cp "$BUNDLE/plain.json" "$BUNDLE/config.json"
		config_edit '.process.args = ["sh", "/bundle/cgroup_nested.sh", $level] |
			.process.env += $ARGS.positional' \
			--arg level "$level" --args "DEPTH=$DEPTH" "$@"
		cp "$BUNDLE/config.json" "$BUNDLE/level-$level.json"
		cp "$BUNDLE/sleep.json" "$BUNDLE/config.json"
	done
	cp "$BUNDLE/level-1.json" "$BUNDLE/config.json"
	run gocker run -b "$BUNDLE" "$ID"
	cp "$BUNDLE/plain.json" "$BUNDLE/config.json"
	assert_output_has "all well at level $DEPTH"
	assert_status 0
	[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID*" -o -name "gocker-inner-*" \
		-o -name "gocker-level-*") ]]
}

@test "with a cgroup namespace" {
	each_view run_nested
}

@test "without a cgroup namespace" {
	config_edit '.linux.namespaces |= map(select(.type != "cgroup"))'
	each_view run_nested
}

@test "limits: on v1 anywhere, on v2 where the processes that are there are in a leaf" {
	need_cgroup pids
	run_nested LEAF=1 LIMIT=1
	if [[ $(stat -fc %T /sys/fs/cgroup) != cgroup2fs ]]; then
		GOCKER_WRAPPER=on_pure_v1
		run_nested LIMIT=1
	fi
}

@test "v2: a limit is refused where processes are in the cgroup that has to give the controller" {
	[[ $(stat -fc %T /sys/fs/cgroup) == cgroup2fs ]] || skip "no controllers in v2 here"
	run run_nested LIMIT=1
	assert_output_has "/linux/resources/pids/limit: "
	assert_output_has "while processes are in it"
}
