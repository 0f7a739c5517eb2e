#!/usr/bin/env bats
# a06_capabilities.bats - capabilities that nobody asked for (CVE-2022-29162, CVE-2022-27650)
#
# Detects: crun 1.8.1 (exec --cap takes away the others), both it and runc 1.1.5 (--cap of any text,
# a config that asks for ambient ones), a build whose caps_apply() sets what is inheritable, whose
# caps_add() adds to it, or that does not limit the bounding set.

load helpers

# The default config asks for CAP_KILL, CAP_NET_BIND_SERVICE and CAP_AUDIT_WRITE.
default=20000420

setup_attack() {
	config_edit '.process.noNewPrivileges = false'
	config_args "${show[@]}"
}

# proc(5) has them in this order: inheritable, permitted, effective, bounding, ambient.
show=(awk '/^Cap/ { sub(/^0+/, "", $2); printf "%s ", $2 ? $2 : "-" }' /proc/self/status)

# sets_are INHERITABLE PERMITTED EFFECTIVE BOUNDING AMBIENT: of the last program.
sets_are() { [[ $status == 0 && ${output% } == "$*" ]] || fail "expected: $*" "got: $output"; }

@test "create gives those of config.json, none is inheritable or ambient" {
	run_once
	sets_are - $default $default $default -
	host_is_untouched
}

@test "another user has none but those that are ambient" {
	config_edit '.process.user = {uid: 1000, gid: 1000}'
	run_once
	sets_are - - - $default -
	config_edit '.process.capabilities += {inheritable: ["CAP_KILL"], ambient: []}'
	run_once
	sets_are 20 - - $default -
	config_edit '.process.capabilities.ambient = ["CAP_KILL"]'
	run_once
	sets_are 20 20 20 $default 20
	host_is_untouched
}

# What is in its file is inheritable only: with an empty set it comes to nothing.
@test "a program of the image inherits nothing" {
	need_command setcap
	config_edit '.process.user = {uid: 1000, gid: 1000}'
	cp --remove-destination "$BUNDLE/rootfs/bin/busybox" "$BUNDLE/rootfs/bin/awk"
	setcap cap_kill,cap_net_bind_service,cap_audit_write,cap_net_raw+ei \
		"$BUNDLE/rootfs/bin/awk"
	run_once
	sets_are - - - $default -
	config_args sleep 1000
	start_container
	run gocker exec --cap CAP_NET_RAW "$ID" "${show[@]}"
	sets_are - - - 20002420 -
	host_is_untouched
}

@test "exec has the container's, and --cap adds none that is inheritable or ambient" {
	local user
	config_args sleep 1000
	start_container
	run gocker exec "$ID" "${show[@]}"
	sets_are - $default $default $default -
	run gocker exec --cap CAP_NET_RAW "$ID" "${show[@]}"
	sets_are - 20002420 20002420 20002420 -
	run gocker exec --user 1000 --cap CAP_NET_RAW "$ID" "${show[@]}"
	sets_are - - - 20002420 -
	run gocker exec --user 1000 --cap CAP_SYS_ADMIN --cap CAP_KILL "$ID" "${show[@]}"
	sets_are - - - 20200420 -
	host_is_untouched
}

@test "exec --cap takes names only" {
	local name
	config_args sleep 1000
	start_container
	for name in all 21 cap_sys_admin SYS_ADMIN CAP_ CAP_21 CAP_KILL,CAP_SYS_ADMIN =ep ""; do
		run gocker exec --cap "$name" "$ID" "${show[@]}"
		assert_status 255
		assert_output_has "unknown capability \"$name\""
	done
	host_is_untouched
}

# A capability of a kernel to come is one that cannot be granted; config.json has them, too.
@test "exec --cap of a name that this kernel does not know gives nothing" {
	config_args sleep 1000
	start_container
	run gocker exec --cap CAP_TO_COME --cap CAP_NET_RAW "$ID" "${show[@]}"
	assert_output_has 'warning: capabilities that are unknown or cannot be granted are left out'
	output=$(tail -n 1 <<<"$output")
	sets_are - 20002420 20002420 20002420 -
	host_is_untouched
}

# It is called by a program that has capabilities to pass on.
@test "those of the caller are not passed on" {
	run setpriv --inh-caps +net_raw,+sys_admin --ambient-caps +net_raw,+sys_admin \
		"$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID"
	sets_are - $default $default $default -
	config_args sleep 1000
	start_container
	run setpriv --inh-caps +net_raw,+sys_admin --ambient-caps +net_raw,+sys_admin \
		"$GOCKER" --root "$TEST_ROOT" exec --user 1000 "$ID" "${show[@]}"
	sets_are - - - $default -
	host_is_untouched
}

@test "no config that is made asks for inheritable ones" {
	local dir=$BATS_TEST_TMPDIR/new
	need_command busybox
	mkdir "$dir"
	gocker spec -b "$dir"
	"$GOCKER_BUNDLE" init busybox "$dir/bundle"
	[[ $(jq -c '.process.capabilities | .inheritable // [], .ambient // []' \
		"$dir/config.json" "$dir/bundle/config.json" | sort -u) == "[]" ]]
}
