#!/usr/bin/env bats
# a07_sysctl.bats - a sysctl that is not of the container's namespaces (cr8escape, CVE-2022-0811)
#
# Detects: runc 1.1.5 (a value with "+"), crun 1.8.1 (cannot set kernel.domainname), a build without
# check_sysctl() of config_check.c and plan.c and without the checks of sysctl.c.

load helpers

# The canaries are in namespaces of the test's own, in which gocker runs: a runtime that errs
# changes nothing of the host.
in_canary() {
	nsenter --net="/proc/$CANARY_PID/ns/net" --uts="/proc/$CANARY_PID/ns/uts" \
		--ipc="/proc/$CANARY_PID/ns/ipc" "$@"
}

has_namespaces() { [[ $(ns_of "$CANARY_PID" ipc) != "$(ns_of $$ ipc)" ]]; }

setup_attack() {
	unshare -n -u -i sleep 100 3>&- &
	CANARY_PID=$!
	wait_until has_namespaces
	config_args true
	CANARIES=$(canaries)
}

teardown_test() { [[ -z ${CANARY_PID-} ]] || kill "$CANARY_PID"; }

canaries() {
	in_canary cat /proc/sys/kernel/{hostname,domainname,shmmax,msgmax} \
		/proc/sys/net/ipv4/{ip_forward,ping_group_range,conf/all/forwarding}
}

nothing_set() {
	[[ $(canaries) == "$CANARIES" ]] || fail "$(diff <(echo "$CANARIES") <(canaries))"
	host_is_untouched
}

# try KEY VALUE
# shellcheck disable=SC2016 # the dollars are jq's
try() {
	config_edit --arg key "$1" --arg value "$2" '.linux.sysctl = {($key): $value}'
	run in_canary "$GOCKER" --root "$TEST_ROOT" run -b "$BUNDLE" "$ID" </dev/null
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
}

# refused KEY VALUE: with the place and the key.
refused() {
	try "$1" "$2"
	[[ $status != 0 ]] || fail "\"$1\" = \"$2\" was set"
	assert_output_has "config.json: /linux/sysctl"
	assert_output_has "\"${1%$'\n'}"
}

@test "keys that lead to another" {
	local key
	for key in net/../kernel/domainname net.../kernel/domainname net./../kernel/domainname \
		net./ipv4/../../kernel/domainname net..kernel.domainname ../kernel.domainname \
		/proc/sys/kernel.domainname net/ipv4/ip_forward net. .net.ipv4.ip_forward \
		$'net.ipv4.ip_forward\n' "net.ipv4.ip_forward+kernel.domainname" "" . .. / \
		"kernel.shmmax kernel.domainname" "net.ipv4.*" kernel.shmmax=1; do
		refused "$key" attack
	done
	nothing_set
}

# Those of the host's that nobody has for himself get what they have already.
@test "keys that are not of a namespace" {
	local key
	for key in kernel.core_pattern kernel.threads-max vm.overcommit_memory fs.file-max; do
		refused "$key" "$(<"/proc/sys/${key/.//}")"
	done
	for key in kernel.hostname kernel kernel.shmmaxx kernel.domainnam net netx.ipv4; do
		refused "$key" attack
	done
	nothing_set
}

@test "keys of a namespace that the container has not for itself" {
	without_namespace ipc uts network
	config_edit 'del(.hostname)'
	refused kernel.shmmax 4096
	refused kernel.domainname attack
	refused fs.mqueue.msg_max 11
	refused net.ipv4.ip_forward 1
	nothing_set
}

# In cr8escape one value set another parameter, behind a "+".
@test "values that are more than one" {
	local value
	for value in "1+kernel.domainname=attack" $'attack\nkernel.domainname=attack' $'\n' \
		$'a\rb' /proc/sysrq-trigger "|/tmp/attack" $'\x01'; do
		refused kernel.domainname "$value"
	done
	nothing_set
}

@test "a value arrives as it is, in the container alone" {
	config_args cat /proc/sys/kernel/domainname /proc/sys/net/ipv4/ping_group_range
	config_edit '.linux.sysctl = {"net.ipv4.ping_group_range": "0 7"}'
	try kernel.domainname "attack;\$(id)"
	[[ $status == 0 && $output == 'attack;$(id)'* ]] || fail "$output"
	nothing_set
}
