#!/usr/bin/env bats
# process.bats - user, capabilities, limits, environment of the container's process

load helpers

status_of() { gocker run -b "$BUNDLE" "$ID" | awk -v name="$1:" '$1 == name { print $2 }'; }

@test "user, groups and umask" {
	config_edit '.process.user =
		{"uid": 1234, "gid": 5678, "additionalGids": [10, 20], "umask": 63}'
	config_shell 'id -u; id -g; id -G; umask'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'1234\n5678\n5678 10 20\n0077' ]]
}

@test "the five capability sets are exactly those asked for" {
	config_edit '.process.capabilities = {
		"bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW"],
		"permitted": ["CAP_CHOWN", "CAP_KILL"],
		"effective": ["CAP_CHOWN"],
		"inheritable": ["CAP_KILL"],
		"ambient": ["CAP_KILL"]} |
		.process.noNewPrivileges = false | .process.user.uid = 1000'
	config_args grep ^Cap /proc/self/status
	run gocker run -b "$BUNDLE" "$ID"
	# chown 0, kill 5, net_raw 13; for a user other than root execve keeps the ambient ones
	local kill=0000000000000020
	[[ $(awk '{ print $2 }' <<<"$output" | tr '\n' ' ') == \
		"$kill $kill $kill 0000000000002021 $kill " ]]
}

@test "root without capabilities has none" {
	config_edit 'del(.process.capabilities)'
	config_args grep -E '^Cap(Prm|Eff|Bnd|Amb|Inh)' /proc/self/status
	[[ $(gocker run -b "$BUNDLE" "$ID" | awk '{ print $2 }' | sort -u) == 0000000000000000 ]]
}

@test "a capability that does not exist is a warning" {
	config_edit '.process.capabilities.bounding += ["CAP_NO_SUCH"]'
	config_args true
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has "CAP_NO_SUCH"
}

@test "rlimits" {
	config_edit '.process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200},
		{"type": "RLIMIT_CORE", "soft": 0, "hard": 0}]'
	config_shell 'ulimit -Sn; ulimit -Hn; ulimit -c'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'100\n200\n0' ]]
}

@test "no_new_privs and the oom score" {
	config_edit '.process.noNewPrivileges = true | .process.oomScoreAdj = 321'
	config_shell 'grep NoNewPrivs /proc/self/status; cat /proc/self/oom_score_adj'
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'NoNewPrivs:\t1\n321' ]]
	config_edit '.process.noNewPrivileges = false'
	config_args grep NoNewPrivs /proc/self/status
	[[ $(gocker run -b "$BUNDLE" "$ID") == $'NoNewPrivs:\t0' ]]
}

@test "environment is the config's, with HOME from /etc/passwd" {
	config_edit '.process.env = ["PATH=/nowhere", "A=1", "PATH=/bin:/usr/bin", "A=b c"]'
	config_args env
	[[ $(gocker run -b "$BUNDLE" "$ID" | sort) == $'A=b c\nHOME=/root\nPATH=/bin:/usr/bin' ]]
}

@test "the program is looked up in the container's PATH" {
	mkdir "$BUNDLE/rootfs/here"
	printf '#!/bin/sh\necho mine\n' >"$BUNDLE/rootfs/here/mine"
	chmod +x "$BUNDLE/rootfs/here/mine"
	config_edit '.process.env = ["PATH=/bin:/here"]'
	config_args mine
	[[ $(gocker run -b "$BUNDLE" "$ID") == mine ]]
}

# shellcheck disable=SC2016 # the words of runc
@test "a missing program fails create, in the words that engines match" {
	config_args no-such-program
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'exec: "no-such-program": executable file not found in $PATH'
	config_args /no/such/program
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'no such file or directory'
	config_args /etc/passwd
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'permission denied'
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "a session of its own, with a keyring of its own" {
	config_shell 'awk "{ print \$6 }" /proc/self/stat
		cat /proc/keys 2>/dev/null | grep -c "_ses" || true'
	run gocker run -b "$BUNDLE" "$ID"
	[[ ${lines[0]} == 1 ]]
}

@test "a limit above the present one needs a capability" {
	local GOCKER_WRAPPER="prlimit --core=1000:1000 setpriv --bounding-set -sys_resource"
	config_edit '.process.rlimits = [{"type": "RLIMIT_CORE", "soft": 0, "hard": 2000}]'
	assert_refused "set RLIMIT_CORE to 0:2000: operation not permitted; above the present"
	config_edit '.process.rlimits[0].hard = 1000'
	start_container
}

@test "limits of descriptors that leave none for the way to the program" {
	local limit
	config_shell 'ulimit -Sn; ulimit -Hn'
	for limit in '0 0' '3 3' '2 100' '63 64'; do
		config_edit --argjson soft "${limit% *}" --argjson hard "${limit#* }" '
			.process.rlimits =
				[{"type": "RLIMIT_NOFILE", "soft": $soft, "hard": $hard}]'
		start_container
		wait_for_state stopped
		[[ $(<"$OUT") == "${limit/ /$'\n'}" ]] || fail "$limit" "$(<"$OUT")"
		gocker delete "$ID"
	done
	config_args sleep 1000
	start_container
	[[ $(gocker exec "$ID" sh -c 'ulimit -Sn') == 63 ]]
}
