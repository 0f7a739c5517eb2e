#!/usr/bin/env bats
# podman_safety.bats - podman on gocker: users, user namespaces, capabilities, seccomp, masks

load podman

setup_file() {
	podman_start
	on_host sh -c 'echo containers:1000000:1000000 | tee -a /etc/subuid >>/etc/subgid'
}

teardown_file() { engines_stop; }

# status_of WORD [OPTION...]: what /proc/self/status of a new container has for it.
status_of() { quick "${@:2}" alpine sed -n "s/^$1:[[:space:]]*//p" /proc/self/status; }

@test "user: by number, by name, with groups" {
	assert_equal "$(quick --user 12:34 alpine sh -c 'echo $(id -u):$(id -g)')" 12:34
	assert_equal "$(quick --user root alpine id -u)" 0
	assert_equal "$(quick --user 12 --group-add 77 alpine id -G)" "0 77"
	assert_equal "$(quick --user 12 alpine sh -c 'echo $HOME')" /
}

@test "user: without root there are no capabilities, and files are not read" {
	assert_equal "$(status_of CapEff --user 12)" 0000000000000000
	exits 1 quick --user 12 alpine touch /etc/x
}

@test "userns=auto: a range of its own for each container" {
	local first second
	detached one --userns auto:size=2000 alpine sleep 1000
	detached two --userns auto:size=2000 alpine sleep 1000
	first=$(podman exec one cat /proc/self/uid_map)
	second=$(podman exec two cat /proc/self/uid_map)
	[[ $first =~ ^\ *0\ +1[0-9]{6}\ +2000$ && $second =~ \ 2000$ && $first != "$second" ]] ||
		fail "$first" "$second"
	assert_equal "$(podman exec two sh -c 'touch /x && stat -c %u /x')" 0
	discard two
	discard one
}

@test "uidmap: ids are mapped as is said, files are the container's" {
	run quick --uidmap 0:200000:5000 --gidmap 0:300000:5000 alpine sh -c \
		'cat /proc/self/uid_map /proc/self/gid_map; stat -c %u:%g /etc/os-release /proc/1'
	assert_status 0
	[[ ${lines[0]} =~ ^\ *0\ +200000\ +5000$ ]] || fail "$output"
	[[ ${lines[1]} =~ ^\ *0\ +300000\ +5000$ ]] || fail "$output"
	assert_equal "${lines[2]} ${lines[3]}" "0:0 0:0"
}

@test "userns=container: joins another's user namespace" {
	detached base --uidmap 0:200000:5000 alpine sleep 1000
	run quick --userns container:base alpine readlink /proc/self/ns/user
	assert_equal "$output" "$(podman exec base readlink /proc/self/ns/user)"
	discard base
}

@test "capabilities: added, dropped, none, all" {
	local usual
	usual=$(status_of CapEff)
	assert_equal "$(status_of CapEff --cap-drop all)" 0000000000000000
	assert_equal "$(status_of CapBnd --cap-drop all --cap-add chown)" 0000000000000001
	assert_equal $((0x$(status_of CapEff --cap-add net_admin) ^ 0x$usual)) $((1 << 12))
	exits 1 quick --cap-drop chown alpine chown 1 /etc/os-release
	assert_equal "$(status_of CapAmb --user 12 --cap-add net_raw)" 0000000000002000
}

@test "security-opt no-new-privileges: it stays, and is not there without" {
	assert_equal "$(status_of NoNewPrivs --security-opt no-new-privileges)" 1
	assert_equal "$(status_of NoNewPrivs)" 0
}

@test "security-opt seccomp: a profile of the user, none, podman's own" {
	on_host sh -c 'cat >/run/profile.json' <<-'END'
		{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		 {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95}]}
	END
	run quick --security-opt seccomp=/run/profile.json alpine mkdir /x
	assert_status 1
	assert_output_has "Not supported"
	assert_equal "$(status_of Seccomp)" 2
	assert_equal "$(status_of Seccomp --security-opt seccomp=unconfined)" 0
}

@test "security-opt unmask and mask: paths are seen or not" {
	assert_equal "$(quick alpine sh -c 'cat /proc/timer_list 2>/dev/null | wc -c')" 0
	exits 1 quick alpine sh -c 'echo 1 >/proc/sys/vm/drop_caches'
	run quick --security-opt unmask=ALL alpine grep -E ' /proc/(timer_list|sys|keys) ' \
		/proc/self/mountinfo
	assert_equal "$output" ""
	assert_equal "$(quick --security-opt mask=/etc alpine ls /etc)" ""
}

@test "security-opt label=disable and apparmor=unconfined are taken" {
	exits 0 quick --security-opt label=disable --security-opt apparmor=unconfined alpine true
	assert_equal "$(inspect_options)" "[label=disable]"
}

inspect_options() {
	podman create --name labelled --security-opt label=disable alpine true >/dev/null
	inspect labelled '{{.HostConfig.SecurityOpt}}'
	podman rm labelled >/dev/null
}

@test "privileged: devices, capabilities, no filter, nothing masked" {
	run quick --privileged alpine sh -c 'grep -E "CapEff|Seccomp:" /proc/self/status
		test -c /dev/fuse && echo device; grep " /sys " /proc/self/mountinfo
		mount -t tmpfs t /mnt && echo mounted'
	assert_status 0
	assert_output_has device
	assert_output_has mounted
	[[ $output =~ Seccomp:[[:space:]]*0 && $output != *"0000a80425fb"* ]] || fail "$output"
}

@test "sysctl, ulimit, oom-score-adj are set" {
	run quick --sysctl net.ipv4.ip_forward=1 --ulimit nofile=123:456 --ulimit nproc=200:300 \
		--oom-score-adj 777 alpine sh -c 'cd /proc/self && cat oom_score_adj limits
			cat /proc/sys/net/ipv4/ip_forward'
	[[ ${lines[0]} == 777 && ${lines[-1]} == 1 ]] || fail "$output"
	[[ $output =~ "Max open files"\ +123\ +456 && $output =~ "processes"\ +200\ +300 ]] ||
		fail "$output"
}

@test "personality and systemd mode: mounts that systemd expects" {
	assert_equal "$(quick --personality LINUX32 alpine uname -m)" i686
	run quick --systemd always alpine sh -c 'grep -E " (/run|/run/lock|/tmp) " \
		/proc/self/mountinfo | grep -c tmpfs; echo $container'
	assert_equal "$output" "3
podman"
}

@test "checkpoint: podman says what is missing, and the container goes on" {
	detached goes-on alpine sleep 1000
	run podman container checkpoint goes-on
	[[ $status != 0 ]]
	status_is goes-on running
	discard goes-on
}
