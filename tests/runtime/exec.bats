#!/usr/bin/env bats
# exec.bats - gocker exec: pipe, terminal, detached, by options and by document

load helpers

setup_test() { start_container; }

@test "exec runs in all namespaces and the cgroup of the container" {
	local kind
	for kind in mnt pid net ipc uts cgroup; do
		[[ $(gocker exec "$ID" readlink /proc/self/ns/$kind) == \
			"$(readlink "/proc/$(container_pid)/ns/$kind")" ]] || fail "$kind"
	done
	gocker exec -d "$ID" sleep 500
	local pid
	pid=$(gocker ps -f json "$ID" | jq '.[]' | grep -vx "$(container_pid)")
	cmp "/proc/$pid/cgroup" "/proc/$(container_pid)/cgroup"
}

@test "exec is a pipe: input, output, exit status" {
	run gocker exec "$ID" sh -c 'cat; echo err >&2; exit 5' <<<hello
	assert_status 5
	[[ $output == $'hello\nerr' ]]
}

@test "exec passes on options that stand behind the command" {
	[[ $(gocker exec "$ID" echo -e -t --user) == "-t --user" ]]
}

@test "exec -t gives a terminal" {
	need_command script
	script -qefc \
		"'$GOCKER' --root '$TEST_ROOT' exec -t '$ID' sh -c 'tty; test -t 0 && echo yes'" \
		/dev/null </dev/null >"$OUT" 2>&1 3>&-
	grep -q /dev/pts/ "$OUT"
	grep -q yes "$OUT"
}

@test "exec --detach returns while the process runs, --pid-file has its pid" {
	gocker exec --detach --pid-file "$BATS_TEST_TMPDIR/pid" "$ID" sleep 600
	[[ $(tr '\0' ' ' <"/proc/$(cat "$BATS_TEST_TMPDIR/pid")/cmdline") == "sleep 600 " ]]
}

@test "exec --cwd --env --user --additional-gids" {
	run gocker exec --cwd /tmp -e A=1 --env B=2 -u 1000:100 -g 7 -g 8 "$ID" \
		sh -c 'pwd; echo $A$B; id -u; id -g; id -G; echo $HOME'
	assert_status 0
	[[ $output == $'/tmp\n12\n1000\n100\n100 7 8\n/' ]]
}

@test "exec --env replaces what config.json has" {
	[[ $(gocker exec -e PATH=/usr/bin:/bin -e A=1 -e A=2 "$ID" env | sort) == \
		$'A=2\nHOME=/root\nPATH=/usr/bin:/bin\nTERM=xterm' ]]
}

@test "exec --cap adds a capability, and nothing is inheritable" {
	local caps
	caps=$(gocker exec "$ID" grep CapEff /proc/self/status | awk '{ print $2 }')
	run gocker exec -c CAP_NET_ADMIN "$ID" grep Cap /proc/self/status
	assert_status 0
	# CAP_NET_ADMIN is 12
	[[ $(awk '/CapEff/ { print $2 }' <<<"$output") == \
		"$(printf %016x $((16#$caps | 1 << 12)))" ]]
	[[ $(awk '/CapInh/ { print $2 }' <<<"$output") == 0000000000000000 ]]
}

@test "exec --cgroup runs it below the container's cgroup, and nowhere else" {
	local dir
	dir=$(cgroup_dir pids "$(container_pid)")
	mkdir "$dir/below"
	gocker exec -d --cgroup below --pid-file "$BATS_TEST_TMPDIR/pid" "$ID" sleep 500
	[[ $(cgroup_dir pids "$(cat "$BATS_TEST_TMPDIR/pid")") == "$dir/below" ]]
	local path
	for path in ../other /../other none; do
		run gocker exec --cgroup "$path" "$ID" true
		assert_status 255
	done
}

@test "exec --process takes the whole process from a document" {
	jq '.process | .args = ["sh", "-c", "id -u; echo $X"] | .env += ["X=y"] | .user.uid = 33' \
		<"$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/process.json"
	run gocker exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
	assert_status 0
	[[ $output == $'33\ny' ]]
}

@test "exec --process refuses a broken document with its place" {
	echo '{"args": ["true"], "cwd": 7}' >"$BATS_TEST_TMPDIR/process.json"
	run gocker exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
	assert_status 255
	assert_output_has "/cwd"
}

@test "exec fails with 255 and the words that engines match" {
	run gocker exec "$ID" no-such-program
	assert_status 255
	assert_output_has 'exec: "no-such-program": executable file not found in $PATH'
	run gocker exec "$ID" /no/such/program
	assert_status 255
	assert_output_has "no such file or directory"
	run gocker exec "$ID" /etc/passwd
	assert_status 255
	assert_output_has "permission denied"
	run gocker exec --cwd relative "$ID" true
	assert_status 255
	assert_output_has "Cwd must be an absolute path"
	run gocker exec "$ID"
	assert_status 255
	run gocker exec "$ID-none" true
	assert_status 255
	assert_output_has "container does not exist"
}

@test "exec refuses ids that are none, and never wraps to root" {
	local user
	for user in 1: :1 abc -1 4294967295 4294967296 " 1" 0x0; do
		run gocker exec -u "$user" "$ID" id -u
		assert_status 255
	done
	[[ $(gocker exec -u 1 "$ID" id -u) == 1 ]]
}

@test "exec in a stopped container is refused" {
	gocker kill "$ID" KILL
	wait_for_state stopped
	run gocker exec "$ID" true
	assert_status 255
	assert_output_has "cannot exec in a stopped container"
}

@test "exec in a created container works" {
	create_container "$ID-2"
	[[ $(gocker exec "$ID-2" echo yes) == yes ]]
	gocker delete --force "$ID-2"
}

@test "exec forwards signals" {
	gocker exec "$ID" sh -c 'trap "exit 4" INT; echo ready; while :; do sleep 0.1; done' \
		>"$OUT" 3>&- &
	local pid=$! status=0
	wait_until grep -q ready "$OUT"
	pkill -INT -P "$pid" -x "$(basename "$GOCKER")" || kill -INT "$pid"
	wait "$pid" || status=$?
	[[ $status == 4 ]]
}
