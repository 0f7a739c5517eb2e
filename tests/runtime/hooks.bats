#!/usr/bin/env bats
# hooks.bats - the six kinds of hooks: when, where and with what they run, what follows a failure

load helpers

ALL=(prestart createRuntime createContainer startContainer poststart poststop)
OUTSIDE=(prestart createRuntime poststart poststop)

setup_test() {
	NOTES=$BATS_TEST_TMPDIR/notes
	mkdir -p "$NOTES"
	chmod 777 "$NOTES"
	config_edit '.hooks = {}'
	config_args true
}

# add_hook KIND SCRIPT [FILTER]: a line for the shell; FILTER changes the hook.
# shellcheck disable=SC2016 # $kind and $script are jq's
add_hook() {
	config_edit --arg kind "$1" --arg script "$2" '.hooks[$kind] += [{
		path: "/bin/sh", args: ["sh", "-c", $script] } | '"${3-.}"']'
}

# add_notes SCRIPT: each kind but startContainer writes what SCRIPT prints to $NOTES/KIND.
add_notes() {
	local kind
	for kind in "${OUTSIDE[@]}" createContainer; do
		add_hook "$kind" "{ $1; } >>$NOTES/$kind"
	done
}

note() { cat "$NOTES/$1"; }

# assert_failed_hook KIND TEXT [PATH]: what the last "run" says of the first hook of its kind.
assert_failed_hook() {
	assert_output_has "error running $1 hook #0: \"${3-/bin/sh}\": $2"
}

# Neither state, nor cgroup, nor mount.
assert_nothing_left() {
	local left
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
	left=$(find /sys/fs/cgroup -maxdepth 8 -type d -name "gocker-$ID" 2>/dev/null || true)
	[[ -z $left ]] || fail "left: $left"
	! grep -F "$BUNDLE" /proc/self/mountinfo || fail "a mount is left"
}

# What engines do after a start that has failed, and what they look for: containerd, podman.
assert_deleted() {
	assert_nothing_left
	local command
	for command in delete kill state; do
		run gocker $command "$ID"
		assert_status 1
		assert_output_has "container does not exist"
	done
	gocker delete --force "$ID"
}

has_no_process() { ! pgrep -f "$1" >/dev/null; }

@test "the six kinds run in their order, each with the state of its moment" {
	local kind
	for kind in "${OUTSIDE[@]}" createContainer; do
		add_hook "$kind" "echo $kind >>$NOTES/order; cat >$NOTES/$kind"
	done
	config_edit '.annotations = {"a/b": "c/d"}'
	config_edit --arg dir "$NOTES" '.mounts += [{
		destination: "/notes", type: "bind", source: $dir, options: ["bind"] }]'
	add_hook startContainer "echo startContainer >>/notes/order; cat >/notes/startContainer"
	add_hook poststart "echo second >>$NOTES/order"
	config_shell 'sleep 1000'

	create_container
	[[ $(note order | xargs) == "prestart createRuntime createContainer" ]]
	gocker start "$ID"
	local pid
	pid=$(container_pid)
	gocker kill "$ID" KILL
	wait_for_state stopped
	[[ ! -e $NOTES/poststop ]]
	gocker delete "$ID"
	[[ $(note order | tail -n +4 | xargs) == "startContainer poststart second poststop" ]]

	[[ $(note createRuntime) == '{"ociVersion":"1.3.0","id":"'"$ID"'","status":"creating",'`
		`'"pid":'"$pid"',"bundle":"'"$BUNDLE"'","annotations":{"a/b":"c/d"}}' ]]
	cmp "$NOTES/prestart" "$NOTES/createRuntime"
	[[ $(note createContainer | jq -c '[.status, .pid]') == '["creating",1]' ]]
	[[ $(note startContainer | jq -c '[.status, .pid]') == '["created",1]' ]]
	[[ $(note poststart | jq -c '[.status, .pid]') == '["running",'"$pid"']' ]]
	[[ $(note poststop | jq -c '[.status, .pid]') == '["stopped",0]' ]]
}

@test "hooks of one kind run in the listed order, until one fails" {
	add_hook createRuntime "echo 1 >>$NOTES/order"
	add_hook createRuntime "echo 2 >>$NOTES/order; exit 1"
	add_hook createRuntime "echo 3 >>$NOTES/order"
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "error running createRuntime hook #1: "
	[[ $(note order | xargs) == "1 2" ]]
}

@test "each kind runs in its namespaces" {
	local kind script
	# shellcheck disable=SC2016 # expands in the hooks
	script='for i in cgroup ipc mnt net pid user uts; do readlink /proc/self/ns/$i; done'
	add_notes "$script"
	config_edit --arg dir "$NOTES" '.mounts += [{
		destination: "/notes", type: "bind", source: $dir, options: ["bind"] }]'
	add_hook startContainer "{ $script; } >/notes/startContainer"
	config_shell "{ $script; } >/notes/program"
	gocker run -b "$BUNDLE" "$ID"
	for kind in "${OUTSIDE[@]}"; do
		[[ $(note "$kind") == "$(eval "$script")" ]] || fail "$kind: $(note "$kind")"
	done
	[[ $(note startContainer) == "$(note program)" ]]
	[[ $(note createContainer) == "$(note program)" ]]
	[[ $(note program) != "$(note prestart)" ]]
}

@test "createRuntime finds the container's mounts under its pid, createContainer below the bundle" {
	add_hook createRuntime "nsenter -m -t \$(jq .pid) sh -c '
		mkdir -p $BUNDLE/rootfs/mnt/a && mount -t tmpfs outside $BUNDLE/rootfs/mnt/a'"
	add_hook createContainer "mkdir -p rootfs/mnt/b && mount -t tmpfs inside ./rootfs/mnt/b"
	config_shell "awk '\$5 ~ \"^/mnt\" { print \$5, \$(NF - 1) }' /proc/self/mountinfo"
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $output == $'/mnt/a outside\n/mnt/b inside' ]] || fail "$output"
	assert_nothing_left
}

@test "sysctl comes after the hooks: they may have brought what it is about" {
	config_edit '.linux.sysctl = {"net.ipv4.ip_unprivileged_port_start": "99"}'
	add_hook createRuntime "nsenter -n -t \$(jq .pid) \
		cat /proc/sys/net/ipv4/ip_unprivileged_port_start >$NOTES/port"
	gocker run -b "$BUNDLE" "$ID"
	[[ $(note port) == 1024 ]]
}

@test "args are passed as they are, without args the path is the name" {
	printf '#!/bin/bash\nprintf "[%%s]" "$0" "$@" >>%s\n' "$NOTES/args" >"$NOTES/hook"
	chmod +x "$NOTES/hook"
	add_hook createRuntime "" ".path = \"$NOTES/hook\" | .args = [\"name\", \"a b\", \"\"]"
	add_hook createRuntime "" ".path = \"$NOTES/hook\" | del(.args)"
	# The interpreter of a script takes the path for its name; a program sees it.
	add_hook createRuntime "echo \$0 >$NOTES/name" '.args[0] = "other"'
	add_hook createRuntime "" '.path = "/bin/cat" | .args = ["cat", "/no/such/file"]'
	run gocker create -b "$BUNDLE" "$ID"
	assert_output_has "cat: /no/such/file"
	[[ $(note args) == "[$NOTES/hook][a b][][$NOTES/hook]" ]] || fail "$(note args)"
}

@test "env is what is given; without it, it is gocker's; startContainer has the program's" {
	local kind
	add_notes 'tr "\0" "\n" </proc/self/environ'
	for kind in "${OUTSIDE[@]}" createContainer; do
		add_hook "$kind" "tr '\\0' '\\n' </proc/self/environ >$NOTES/$kind.given" \
			'.env = ["A=b c"]'
		add_hook "$kind" "tr '\\0' '\\n' </proc/self/environ >$NOTES/$kind.none" '.env = []'
	done
	config_edit '.process.env = ["PATH=/bin", "LD_PRELOAD=/evil"]'
	add_hook startContainer "" '.path = "/bin/cp" |
		.args = ["cp", "/proc/self/environ", "/tmp/seen"]'
	OF_THE_CALLER=yes gocker run -b "$BUNDLE" "$ID" 2>/dev/null
	for kind in "${OUTSIDE[@]}" createContainer; do
		grep -qx OF_THE_CALLER=yes "$NOTES/$kind" || fail "$kind: $(note "$kind")"
		[[ $(note "$kind") != *evil* ]]
		[[ $(note "$kind.given") == "A=b c" ]] || fail "$kind: $(note "$kind.given")"
		[[ ! -s $NOTES/$kind.none ]]
	done
	[[ $(tr '\0' ' ' <"$BUNDLE/rootfs/tmp/seen") == "PATH=/bin LD_PRELOAD=/evil HOME=/root " ]]

	# An empty one is as none there, as with runc. The file has the mode of environ: read-only.
	rm -f "$BUNDLE/rootfs/tmp/seen"
	config_edit '.hooks |= { startContainer } | .hooks.startContainer[0].env = []'
	gocker run -b "$BUNDLE" "$ID"
	grep -q LD_PRELOAD "$BUNDLE/rootfs/tmp/seen"
	rm -f "$BUNDLE/rootfs/tmp/seen"
	config_edit '.hooks.startContainer[0].env = ["A=b"]'
	gocker run -b "$BUNDLE" "$ID"
	[[ $(tr '\0' ' ' <"$BUNDLE/rootfs/tmp/seen") == "A=b " ]]
}

@test "hooks start in the bundle, startContainer in cwd" {
	local kind
	add_notes pwd
	add_hook startContainer 'pwd >/tmp/seen'
	config_edit '.process.cwd = "/usr"'
	(cd / && gocker run -b "$BUNDLE" "$ID")
	for kind in "${OUTSIDE[@]}" createContainer; do
		[[ $(note "$kind") == "$BUNDLE" ]] || fail "$kind: $(note "$kind")"
	done
	[[ $(cat "$BUNDLE/rootfs/tmp/seen") == /usr ]]
}

@test "a poststop hook runs also where the bundle is gone" {
	add_hook poststop "echo yes >$NOTES/poststop"
	config_args sleep 1000
	start_container
	mv "$BUNDLE" "$BUNDLE.gone"
	gocker delete --force "$ID"
	[[ $(note poststop) == yes ]]
}

@test "hooks inherit no descriptor, no signal, no open umask" {
	local kind script
	script='ls /proc/self/fd | xargs; umask; grep -E "^Sig" /proc/self/status | xargs'
	add_notes "$script"
	add_hook startContainer "{ $script; } >/tmp/seen"
	(
		trap '' INT PIPE USR1
		gocker run --preserve-fds 2 -b "$BUNDLE" "$ID" 3</dev/null 4</dev/null 7</dev/null
	)
	cp "$BUNDLE/rootfs/tmp/seen" "$NOTES/startContainer"
	for kind in "${OUTSIDE[@]}" createContainer startContainer; do
		# The last one is that of ls itself.
		[[ $(note "$kind" | head -1) == "0 1 2 3" ]] || fail "$kind: $(note "$kind")"
		grep -q 'SigBlk: 0*0 SigIgn: 0*0 ' "$NOTES/$kind" || fail "$kind: $(note "$kind")"
		grep -qx 0022 "$NOTES/$kind" || fail "$kind: $(note "$kind")"
	done
}

@test "startContainer has no more rights than the program" {
	config_edit '.process.user = {"uid": 1000, "gid": 1000} | .process.noNewPrivileges = true |
		.process.capabilities |= map_values([])'
	add_hook startContainer 'grep -E "^(Uid|Gid|Cap|NoNewPrivs)" /proc/self/status >/tmp/seen'
	config_shell 'grep -E "^(Uid|Gid|Cap|NoNewPrivs)" /proc/self/status'
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $output == "$(cat "$BUNDLE/rootfs/tmp/seen")" ]]
	assert_output_has $'Uid:\t1000'
}

@test "a hook that fails in create: it fails, nothing is left, poststop hooks run" {
	local kind
	for kind in prestart createRuntime createContainer; do
		config_edit '.hooks = {}'
		add_hook $kind 'echo first >&2; echo " last" >&2; exit 3'
		add_hook poststop "echo $kind >>$NOTES/poststop"
		run gocker create -b "$BUNDLE" "$ID"
		assert_status 1
		assert_output_has "create \"$ID\": error running"
		assert_failed_hook $kind 'exit status 3: "first\n last"'
		assert_nothing_left
		[[ $(tail -1 "$NOTES/poststop") == "$kind" ]]
	done
	[[ $(wc -l <"$NOTES/poststop") == 3 ]]
}

@test "a startContainer hook that fails: start says so, the container is deleted" {
	add_hook startContainer 'echo reason >&2; exit 4'
	add_hook poststop "echo poststop >$NOTES/poststop"
	config_shell "echo ran"
	create_container
	run gocker start "$ID"
	assert_status 1
	assert_failed_hook startContainer 'exit status 4: "reason"'
	assert_deleted
	[[ -e $NOTES/poststop && ! -s $OUT ]]
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has 'error running startContainer hook #0: '
	[[ $output != ran* ]]
	assert_nothing_left
}

@test "a poststart hook that fails: start says so, the container is deleted" {
	add_hook poststart 'exit 5'
	add_hook poststop "echo poststop >>$NOTES/poststop"
	config_args sleep 1000
	create_container
	run gocker start "$ID"
	assert_status 1
	assert_failed_hook poststart 'exit status 5'
	assert_deleted
	[[ $(wc -l <"$NOTES/poststop") == 1 ]]
	for detach in "" -d; do
		run gocker run $detach -b "$BUNDLE" "$ID"
		assert_status 1
		assert_output_has 'error running poststart hook #0: '
		assert_nothing_left
	done
	[[ $(wc -l <"$NOTES/poststop") == 3 ]]
}

@test "a poststop hook that fails is warned of, the others run, the container is deleted" {
	add_hook poststop 'echo reason >&2; exit 6'
	add_hook poststop "echo second >$NOTES/poststop"
	run gocker run -b "$BUNDLE" "$ID"
	assert_status 0
	assert_output_has 'warning: poststop hook failed with exit code 6: error running'
	assert_failed_hook poststop 'exit status 6: "reason"'
	[[ $(note poststop) == second ]]
	assert_nothing_left
}

@test "poststop hooks run when the process, the cgroup and the state are gone" {
	add_hook poststop "exec >$NOTES/left 2>&1
		$GOCKER --root $TEST_ROOT state $ID
		find /sys/fs/cgroup -type d -name gocker-$ID 2>/dev/null
		pgrep -f ${ID}-[p]rogram"
	config_args sh -c "sleep 1000; $ID-program"
	start_container
	gocker delete --force "$ID"
	run note left
	assert_output_has "container does not exist"
	[[ ${#lines[@]} == 1 ]] || fail "$output"
}

@test "a hook that takes too long is killed with its children" {
	local kind start
	for kind in createRuntime createContainer startContainer; do
		config_edit '.hooks = {}'
		add_hook $kind "echo said; sleep 1001 & sleep 1001 | sleep 1001" '.timeout = 1'
		start=$SECONDS
		run gocker run -b "$BUNDLE" "$ID"
		assert_status 1
		assert_failed_hook $kind 'ran past specified timeout of 1.0s: "said"'
		((SECONDS - start < 5))
		wait_until has_no_process "sleep 1001"
		assert_nothing_left
	done
}

@test "a hook within its time is not killed, nor what it leaves in the background" {
	add_hook createRuntime "sleep 1002 & echo \$! >$NOTES/pid" '.timeout = 100'
	start=$SECONDS
	gocker run -b "$BUNDLE" "$ID"
	((SECONDS - start < 5))
	kill "$(note pid)"
}

@test "a hook that is killed or cannot be executed is told apart" {
	add_hook createRuntime 'echo said; kill -TERM $$'
	run gocker create -b "$BUNDLE" "$ID"
	assert_output_has '"/bin/sh": killed by signal 15 (terminated): "said"'
	config_edit '.hooks = {"prestart": [{"path": "/no/such/hook"}]}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_failed_hook prestart 'exec: no such file or directory' /no/such/hook
	config_edit '.hooks = {"createContainer": [{"path": "/etc/passwd"}]}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_failed_hook createContainer 'exec: permission denied' /etc/passwd
	config_edit '.hooks = {"startContainer": [{"path": "/no/such/hook"}]}'
	run gocker run -b "$BUNDLE" "$ID"
	assert_failed_hook startContainer 'exec: no such file or directory' /no/such/hook
	assert_nothing_left
}

@test "hooks write to the files of run.oci.hooks.stdout and stderr" {
	local kind
	for kind in "${ALL[@]}"; do
		add_hook "$kind" "echo $kind; echo $kind >&2"
	done
	config_edit --arg out "$NOTES/out" '.annotations = {
		"run.oci.hooks.stdout": $out, "run.oci.hooks.stderr": "hooks-err"}'
	config_shell 'ls /proc/self/fd'
	gocker run -b "$BUNDLE" "$ID" >"$OUT" </dev/null
	[[ $(note out | xargs) == "${ALL[*]}" ]] || fail "$(note out)"
	cmp "$NOTES/out" "$BUNDLE/hooks-err"
	[[ $(stat -c %a "$NOTES/out") == 600 ]]
	[[ $(xargs <"$OUT") == "0 1 2 3" ]]
	# A failure has what goes to neither.
	config_edit 'del(.annotations["run.oci.hooks.stderr"]) | .hooks = {}'
	add_hook startContainer 'echo last; echo reason >&2; exit 3'
	run gocker run -b "$BUNDLE" "$ID"
	assert_failed_hook startContainer 'exit status 3: "reason"'
	[[ $(note out | tail -1) == last ]]
}

@test "a file for the hooks' output that cannot be opened: create fails before anything is made" {
	add_hook createRuntime "touch $NOTES/ran"
	config_edit '.annotations = {"run.oci.hooks.stderr": "/no/such/dir/file"}'
	run gocker create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has '/annotations/run.oci.hooks.stderr: open "/no/such/dir/file"'
	[[ ! -e $NOTES/ran ]]
	assert_nothing_left
	config_edit '.hooks = {}'
	add_hook poststop "touch $NOTES/ran"
	config_edit --arg dir "$NOTES/dir" '.annotations["run.oci.hooks.stderr"] = $dir + "/file"'
	mkdir "$NOTES/dir"
	create_container
	rm -r "$NOTES/dir"
	run gocker delete "$ID"
	assert_status 0
	assert_output_has "warning: "
	[[ -e $NOTES/ran ]]
}

@test "only the last part of what a hook says is told" {
	add_hook createContainer 'seq 100000; echo the end >&2; exit 1'
	run gocker create -b "$BUNDLE" "$ID"
	assert_output_has 'exit status 1: "...'
	[[ $output == *'the end"' && ${#output} -lt 1800 ]]
}

@test "a large state reaches a hook whole, and one that reads nothing does not mind" {
	local kind
	config_edit '.annotations = {"big": ("x" * 300000)}'
	for kind in "${OUTSIDE[@]}" createContainer; do
		add_hook "$kind" "jq -r .annotations.big | wc -c >$NOTES/$kind"
		add_hook "$kind" "exec <&-; sleep 0.05"
	done
	gocker run -b "$BUNDLE" "$ID"
	for kind in "${OUTSIDE[@]}" createContainer; do
		[[ $(note "$kind") == 300001 ]]
	done
}

@test "a hook may ask for the state of its container and change it" {
	add_hook createRuntime "$GOCKER --root $TEST_ROOT state $ID >$NOTES/creating" '.timeout = 5'
	add_hook poststart "$GOCKER --root $TEST_ROOT exec $ID true &&
		$GOCKER --root $TEST_ROOT state $ID >$NOTES/running &&
		$GOCKER --root $TEST_ROOT update --pids-limit 50 $ID &&
		$GOCKER --root $TEST_ROOT kill $ID KILL" '.timeout = 5'
	config_args sleep 1000
	create_container
	[[ $(note creating | jq -r .status) == creating ]]
	[[ $(note creating | jq .pid) == $(container_pid) ]]
	gocker start "$ID"
	[[ $(note running | jq -r .status) == running ]]
	wait_for_state stopped
}

@test "exec runs no hooks" {
	add_notes 'echo ran'
	config_args sleep 1000
	start_container
	rm "$NOTES"/*
	gocker exec "$ID" true
	[[ -z $(ls "$NOTES") ]]
}

@test "what config.json says of hooks after create is of no account" {
	add_hook poststop "echo old >>$NOTES/poststop"
	create_container
	config_edit '.hooks.poststop[0].args[2] |= sub("old"; "new")'
	gocker delete "$ID"
	[[ $(note poststop) == old ]]
}

@test "a create that is killed during a hook leaves what delete --force removes, with poststop" {
	local kind pid
	add_hook poststop "echo poststop >>$NOTES/poststop"
	for kind in createRuntime createContainer; do
		config_edit 'del(.hooks.createRuntime, .hooks.createContainer)'
		add_hook $kind "echo \$\$ >$NOTES/pid; exec sleep 1003"
		rm -f "$NOTES/pid"
		"$GOCKER" --root "$TEST_ROOT" create -b "$BUNDLE" "$ID" &>"$OUT" </dev/null 3>&- &
		pid=$!
		wait_until test -s "$NOTES/pid"
		kill -KILL $pid
		wait $pid || true
		gocker delete --force "$ID"
		assert_nothing_left
		wait_until has_no_process "sleep 1003"
	done
	[[ $(wc -l <"$NOTES/poststop") == 2 ]]
}

# begin_to COMMAND...: gocker in the background, until the hook has noted its pid.
begin_to() {
	rm -f "$NOTES/pid"
	"$GOCKER" --root "$TEST_ROOT" "$@" </dev/null &>"$OUT" 3>&- &
	started=$!
	wait_until test -s "$NOTES/pid"
}

# end_with [SIGNAL]: it fails.
end_with() {
	[[ $# == 0 ]] || kill -"$1" "$started"
	status=0
	wait "$started" || status=$?
	assert_status 1
}

# hang_in KIND: a hook without end.
hang_in() {
	config_edit '.hooks = {}'
	add_hook poststop "echo poststop >>$NOTES/poststop"
	add_hook "$1" "sleep 1004 & echo \$\$ >$NOTES/pid; wait"
}

@test "a signal ends a hook without end, and what it is a part of" {
	local kind
	for kind in prestart createRuntime createContainer; do
		hang_in $kind
		begin_to create -b "$BUNDLE" "$ID"
		end_with TERM
		run cat "$OUT"
		assert_output_has "interrupted by signal 15 (terminated)"
		assert_nothing_left
	done
	wait_until has_no_process "sleep 1004"
	[[ $(wc -l <"$NOTES/poststop") == 3 ]]
}

@test "a signal ends start in a startContainer hook: the container is deleted" {
	config_edit --arg dir "$NOTES" '.mounts += [{
		destination: $dir, type: "bind", source: $dir, options: ["bind"] }]'
	hang_in startContainer
	create_container
	begin_to start "$ID"
	end_with TERM
	assert_deleted
	wait_until has_no_process "sleep 1004"
	begin_to run -b "$BUNDLE" "$ID"
	end_with TERM
	assert_nothing_left
	wait_until has_no_process "sleep 1004"
}

@test "delete --force frees a create from a hook without end" {
	local kind
	for kind in createRuntime createContainer; do
		hang_in $kind
		begin_to create -b "$BUNDLE" "$ID"
		GOCKER_WRAPPER="timeout 5" gocker delete --force "$ID" || {
			kill -KILL "$started"
			fail "create waits for the hook"
		}
		end_with
		assert_nothing_left
		wait_until has_no_process "sleep 1004"
	done
	[[ $(wc -l <"$NOTES/poststop") == 2 ]]
}

@test "in a user namespace, with a clock of its own" {
	local kind
	add_notes "cat"
	add_hook createContainer "id -u >$NOTES/id"
	config_edit '.linux.namespaces += [{type: "user"}, {type: "time"}] |
		.linux.timeOffsets = {boottime: {secs: 1000}} |
		.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
		.linux.gidMappings = .linux.uidMappings'
	chown 100000:100000 "$NOTES"
	add_hook startContainer 'cat >/dev/null'
	config_args sleep 1000
	start_container
	[[ $(note createRuntime | jq .pid) == $(container_pid) ]]
	[[ $(note createContainer | jq .pid) == 1 ]]
	[[ $(note id) == 0 ]]
	gocker delete --force "$ID"
	[[ -s $NOTES/poststop ]]
}

@test "startContainer hooks are under the program's seccomp filter" {
	config_edit '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{
			names: ["mkdir", "mkdirat"], action: "SCMP_ACT_KILL" }, {
			names: ["clone3", "close_range", "pidfd_open", "signalfd4"],
			action: "SCMP_ACT_ERRNO", errnoRet: 38 }] } |
		.process.rlimits = [{type: "RLIMIT_CORE", soft: 0, hard: 0}]'
	add_hook startContainer "true"
	gocker run -b "$BUNDLE" "$ID"
	add_hook startContainer "" '.path = "/bin/mkdir" | .args = ["mkdir", "/tmp/x"]'
	run gocker run -b "$BUNDLE" "$ID"
	assert_output_has 'hook #1: "/bin/mkdir": killed by signal 31 (bad system call)'
	[[ ! -e $BUNDLE/rootfs/tmp/x ]]
}

@test "features tells which hooks there are" {
	run gocker features
	[[ $(jq -r '.hooks | join(" ")' <<<"$output") == "${ALL[*]}" ]]
	# They write to files of the host.
	jq -e '.potentiallyUnsafeConfigAnnotations |
		contains(["run.oci.hooks.stdout", "run.oci.hooks.stderr"])' <<<"$output"
}
