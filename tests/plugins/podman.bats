#!/usr/bin/env bats
# podman.bats - podman runs on gocker as it does on crun and runc: run, exec, attach, logs

load podman

setup_file() {
	podman_start
	long_start --hostname box --env COLOUR=green
}

teardown_file() { engines_stop; }

@test "podman says which runtime it uses" {
	run podman info --format '{{.Host.OCIRuntime.Name}} {{.Host.OCIRuntime.Path}}'
	assert_output_has "$RUNTIME /usr/bin/$RUNTIME"
	assert_equal "$(inspect long '{{.OCIRuntime}}')" "$RUNTIME"
}

@test "run: output and exit status are the program's" {
	exits 3 quick alpine sh -c 'echo out; echo err >&2; exit 3'
	assert_output_has out
	assert_output_has err
	exits 143 quick --init alpine sh -c 'kill -TERM $$'
}

@test "run: standard input goes to the program" {
	run quick -i alpine sh -c 'read line; echo "got $line"; cat | wc -c' < <(
		echo words
		head -c 300000 /dev/zero
	)
	assert_status 0
	assert_output_has "got words"
	assert_output_has 300000
}

@test "run: environment, working directory, host name and entry point are as asked for" {
	run quick --env A=b --workdir /var --hostname name --entrypoint '["/bin/sh", "-c"]' \
		alpine 'echo $A $PWD $(hostname)'
	assert_equal "$output" "b /var name"
	assert_equal "$(quick --umask 0027 alpine sh -c umask)" 0027
	assert_equal "$(quick --pid host alpine sh -c 'test $$ -gt 2 && echo others')" others
	assert_equal "$(quick --uts host alpine hostname)" "$(on_host hostname)"
}

@test "run: namespaces of another container, its cgroup namespace, private ipc" {
	local name
	run quick --pid container:long --ipc container:long --uts container:long alpine sh -c \
		'hostname; ps; for n in pid ipc uts; do readlink /proc/self/ns/$n; done'
	assert_status 0
	assert_output_has box
	assert_output_has "sleep 1000"
	for name in pid ipc uts; do
		assert_output_has "$(in_long readlink /proc/self/ns/$name)"
	done
	run quick --cgroupns private alpine cat /proc/self/cgroup
	[[ ! $output =~ :/[a-z] ]] || fail "$output"
}

@test "run: a program that is not there gives 127, and why" {
	exits 127 quick alpine nosuch
	assert_output_has 'OCI runtime attempted to invoke a command that was not found'
	exits 127 quick alpine /bin/nosuch
}

@test "run: a program that cannot be executed gives 126, and why" {
	exits 126 quick alpine /etc/passwd
	assert_output_has 'OCI permission denied'
	exits 126 quick alpine /etc
	assert_equal "$(podman ps -aq | wc -l)" 1
}

@test "run: what an image's configuration has wrong is an error, and nothing is left" {
	podman import --change 'USER nosuch' - user <"$IMAGE"
	podman import --change 'WORKDIR /etc/passwd' - folder <"$IMAGE"
	podman import --change 'ENTRYPOINT ["/nosuch"]' - program <"$IMAGE"
	exits 126 quick user true
	assert_output_has "unable to find user nosuch"
	exits 126 quick folder true
	assert_output_has "is not a directory"
	exits 127 quick program
	exits 126 quick --memory 1k alpine true
	assert_equal "$(podman ps -aq | wc -l)" 1
}

@test "run: what the runtime refuses is told as the runtime's error" {
	local nofile
	nofile=$(on_host sh -c 'ulimit -Hn')
	[[ $nofile != unlimited && -z ${VM_INSIDE-} ]] || skip "root may have any limit here"
	exits 126 quick --ulimit nofile=$((nofile + 1)) alpine true
	assert_output_has "OCI permission denied"
	assert_output_has RLIMIT_NOFILE || [[ $RUNTIME == runc ]]
}

@test "run -d: it goes on by itself; wait and logs give its status and output" {
	detached by-itself alpine sh -c \
		'echo one; sleep 0.3; echo two; exit 7'
	run podman wait by-itself
	assert_equal "$output" 7
	assert_equal "$(podman logs by-itself)" "one
two"
	assert_equal "$(inspect by-itself '{{.State.ExitCode}} {{.State.Status}}')" "7 exited"
	podman rm by-itself
}

@test "logs: both streams, the last lines, and following until the end" {
	detached talks alpine sh -c 'for i in 1 2 3; do echo $i; done
		echo error >&2; sleep 0.5; echo end'
	run podman logs --follow talks
	assert_output_has end
	assert_output_has error
	assert_equal "$(podman logs talks 2>/dev/null)" "1
2
3
end"
	assert_equal "$(podman logs --tail 1 talks)" end
	podman rm talks
}

@test "run -it: the program has the user's terminal, and the keys reach it" {
	on_terminal 5 wait:ready 'keys:hello
' wait:"got hello" 'keys:stty size
' wait:"24 80" resize:100x30 'sleep:0.3' 'keys:stty size
' wait:"30 100" 'keys:exit 5
' -- podman run --rm -it --network none alpine sh -c \
		'test -t 0 -a -t 1 && tty; echo ready; read w; echo got $w; exec sh'
	grep -q /dev/pts/0 "$SCREEN"
}

@test "run -it: control-C interrupts the program" {
	on_terminal 9 wait:ready $'keys:\x03' wait:interrupted -- podman run --rm -it \
		--network none alpine sh -c 'trap "echo interrupted; exit 9" INT; echo ready
			while :; do sleep 0.1; done'
}

@test "run -it: detached by its keys it goes on; attach finds it again" {
	on_terminal 0 wait:ready $'keys:\x10' sleep:0.3 $'keys:\x11' -- podman run -it --name left \
		--network none alpine sh -c 'echo ready; read line; echo "again $line"; exit 4'
	status_is left running
	on_terminal 0 sleep:0.5 'keys:here
' wait:"again here" -- podman attach left
	assert_equal "$(podman wait left)" 4
	podman rm left
}

@test "start -a: output and exit status are the program's" {
	podman create --name made --network none alpine sh -c 'echo run; exit 6'
	exits 6 podman start -a made
	assert_equal "$output" run
	exits 6 podman start -a made
	podman rm made
}

@test "exec: output, exit status and input are the program's" {
	exits 4 in_long sh -c 'echo out; echo err >&2; exit 4'
	assert_output_has out
	assert_output_has err
	run podman exec -i long wc -c < <(head -c 300000 /dev/zero)
	assert_equal "$output" 300000
}

@test "exec: user, environment and working directory are as asked for" {
	run podman exec -u 12:34 -e A=b -w /tmp long sh -c 'echo $(id -u):$(id -g) $A $COLOUR $PWD'
	assert_equal "$output" "12:34 b green /tmp"
	assert_equal "$(in_long hostname)" box
}

@test "exec: it is in the container's namespaces and control group" {
	local name
	for name in mnt pid net ipc uts; do
		assert_equal "$(in_long readlink /proc/self/ns/$name)" \
			"$(in_long readlink /proc/1/ns/$name)"
	done
	# shellcheck disable=SC2016 # expands in the container
	exits 0 in_long sh -c 'cat /proc/1/cgroup >/tmp/1; diff /proc/self/cgroup /tmp/1'
}

@test "exec: capabilities are those of the container, all with --privileged" {
	local own all
	own=$(in_long grep CapEff /proc/1/status)
	assert_equal "$(in_long grep CapEff /proc/self/status)" "$own"
	all=$(podman exec --privileged long grep CapEff /proc/self/status)
	[[ $all != "$own" ]] || fail "$all"
}

@test "exec: a program that is not there gives 127, one that cannot be executed 126" {
	exits 127 in_long nosuch
	exits 126 in_long /etc/passwd
	assert_output_has "OCI permission denied"
	status=0
	podman exec -w /nosuch long true || status=$?
	[[ $status == 126 || $status == 127 ]]
}

@test "exec -d: it goes on in the container" {
	podman exec -d long sh -c 'sleep 0.2; echo done >/tmp/detached; exec sleep 999'
	wait_until in_long test -s /tmp/detached
	in_long ps | grep -q 'sleep 999'
	in_long pkill -f 'sleep 999'
}

@test "exec -it: the program has a terminal of its own with the user's size" {
	on_terminal 8 wait:ready 'keys:stty size
' wait:"24 80" resize:90x20 sleep:0.3 'keys:stty size
' wait:"20 90" 'keys:exit 8
' -- podman exec -it long sh -c 'test -t 0 -a -t 1 && echo ready; exec sh'
}

@test "exec: eight at a time have their own output and status" {
	local i pids=()
	for i in {1..8}; do
		in_long sh -c "echo $i; exit $i" >"$BATS_TEST_TMPDIR/$i" &
		pids+=($!)
	done
	for i in {1..8}; do
		status=0
		wait "${pids[i - 1]}" || status=$?
		assert_equal "$status $(<"$BATS_TEST_TMPDIR/$i")" "$i $i"
	done
}

@test "run --preserve-fds: the program has the descriptor" {
	run on_host sh -c 'exec 3<<-END
		through
		END
		podman run --rm --network none --preserve-fds 1 alpine cat /proc/self/fd/3'
	assert_equal "$output" through
}

@test "run --init: process 1 is the small init, which reaps and hands on signals" {
	detached reaped --init alpine sh -c 'trap "exit 21" TERM
		(sleep 0.1 &); while :; do sleep 0.2; done'
	run podman exec reaped sh -c 'cat /proc/1/comm; sleep 0.5
		grep -l "^State:.Z" /proc/[0-9]*/status; :'
	assert_equal "$output" podman-init
	podman kill -s TERM reaped
	assert_equal "$(podman wait reaped)" 21
	podman rm reaped
}

@test "run --timeout, --pidfile and --cidfile" {
	run on_host sh -c 'podman run -d --network none --name files --pidfile /run/pid \
		--cidfile /run/cid --timeout 1 alpine sleep 1000
		podman inspect -f "{{.State.Pid}} {{.Id}}" files; cat /run/pid; echo; cat /run/cid'
	assert_equal "${lines[1]}" "${lines[2]} ${lines[3]}"
	podman wait files
	status_is files exited
	podman rm files
}
