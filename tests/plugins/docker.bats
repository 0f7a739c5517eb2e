#!/usr/bin/env bats
# docker.bats - docker runs on gocker: containers, and what is done to them

load docker

bats_require_minimum_version 1.5.0

setup_file() { docker_start; }
teardown_file() { docker_stop; }

quick() { docker run --rm --network none "$@"; }
stay() { docker run -d --network none "$@"; }
# Bats takes a status of 127 for a mistake of the test.
say_status() { "$@" || echo "status $?"; }

@test "info: the runtime is known, and the default" {
	run docker info --format '{{.DefaultRuntime}} {{json .Runtimes}}'
	assert_status 0
	assert_output_has "$RUNTIME {"
	assert_output_has '"gocker":{"path":"/usr/bin/gocker"}'
}

@test "the runtime has the container's state where the daemon told it to" {
	run on_host "$RUNTIME" --root "$DOCKER/exec/runtime-runc/moby" list -q
	assert_status 0
	assert_output_has "$(docker_field long .Id)"
}

@test "run: output and exit status are the program's" {
	run quick alpine sh -c 'echo out; echo err >&2; exit 3'
	assert_status 3
	assert_output_has out
	assert_output_has err
}

@test "run --runtime: the container says by which it was made" {
	run docker run --runtime "$RUNTIME" --name named --network none alpine echo "on it"
	assert_status 0
	[[ $output == "on it" ]]
	docker_field_is named .HostConfig.Runtime "$RUNTIME"
}

@test "run -i: what is written to it arrives, byte for byte" {
	local sum
	sum=$(head -c 300000 "$IMAGE" | sha256sum)
	run quick -i alpine sha256sum < <(head -c 300000 "$IMAGE")
	[[ $output == "$sum" ]]
}

# Docker hears of a change only from when it has told the size for the first time.
@test "run -it: a terminal of the right size, which follows when it changes" {
	run pty_docker "wait:24 80" "sleep:0.3" "resize:100x30" "wait:30 100" "keys:"$'\x03' \
		-- run --rm -it --network none alpine \
		sh -c 'trap "exit 4" INT; while :; do stty size; sleep 0.1; done'
	assert_status 4
}

@test "run -it: interrupt from the keyboard reaches the program" {
	run pty_docker "wait:ready" "keys:"$'\x03' \
		-- run --rm -it --network none alpine \
		sh -c 'trap "echo caught; exit 6" INT; echo ready; while :; do sleep 0.1; done'
	assert_status 6
	assert_output_has caught
}

@test "run -it: left by the keys for it, and attached to again" {
	run pty_docker "wait:/ #" "keys:word=kept"$'\n' "wait:/ #" "keys:"$'\x10\x11' \
		-- run -it --name left --network none alpine sh
	docker_field_is left .State.Running true
	run pty_docker "keys:"$'\n' "wait:/ #" "keys:echo \$word; exit 7"$'\n' -- attach left
	assert_status 7
	assert_output_has kept
}

@test "run of what is not there: 127, and the message" {
	run say_status quick alpine nonesuch
	assert_output_has "status 127"
	# shellcheck disable=SC2016 # the dollar is in the message
	assert_output_has 'executable file not found in $PATH'
	run say_status quick alpine /bin/nonesuch
	assert_output_has "status 127"
	assert_output_has 'no such file or directory'
}

@test "run of what cannot be executed: 126, and the message" {
	run quick alpine /etc/passwd
	assert_status 126
	assert_output_has 'permission denied'
	run quick alpine /etc
	assert_status 126
}

@test "run that failed leaves nothing with the runtime, and the name can be used again" {
	run say_status docker run --name again --network none alpine nonesuch
	assert_output_has "status 127"
	run on_host "$RUNTIME" --root "$DOCKER/exec/runtime-runc/moby" list -q
	refute_output_has "$(docker_field again .Id)"
	docker rm again
	run quick --name again alpine true
	assert_status 0
}

@test "run: ended by a signal, the status is 128 and its number" {
	# shellcheck disable=SC2016 # expands in the container
	run quick --init alpine sh -c 'kill -KILL $$'
	assert_status 137
}

@test "run -d --rm: the container is gone when its program has ended" {
	local id
	id=$(stay --rm alpine sleep 0.2)
	is_removed() { run ! docker inspect "$id"; }
	wait_until is_removed
	run ! on_host test -e "$DOCKER/exec/runtime-runc/moby/$id"
}

@test "create, start, wait: the status is the program's" {
	docker create --name steps --network none alpine sh -c 'sleep 0.3; exit 9'
	docker_field_is steps .State.Status created
	docker start steps
	run docker wait steps
	[[ $output == 9 ]]
	docker_field_is steps .State.Status exited
	docker_field_is steps .State.ExitCode 9
	run docker start -a steps
	assert_status 9
}

@test "stop: the program is asked, and may end as it likes" {
	stay --name asked alpine \
		sh -c 'trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.1; done'
	wait_for_logs asked ready
	docker stop asked
	docker_field_is asked .State.ExitCode 5
	docker_logs_have asked bye
}

@test "stop --time: who does not listen is killed" {
	stay --name deaf alpine sleep 1000
	docker stop --time 0 deaf
	docker_field_is deaf .State.ExitCode 137
}

@test "kill --signal: that one is sent; and --stop-signal is what stop sends" {
	stay --name heard --stop-signal USR2 alpine sh -c 'trap "echo one" USR1
		trap "echo two; exit 0" USR2; echo ready; while :; do sleep 0.1; done'
	wait_for_logs heard ready
	docker kill --signal USR1 heard
	wait_for_logs heard one
	docker stop heard
	wait_for_logs heard two
	docker_field_is heard .State.ExitCode 0
}

@test "kill: at once, and a second time is refused" {
	stay --name gone alpine sleep 1000
	docker kill gone
	wait_for_field gone .State.ExitCode 137
	run docker kill gone
	assert_status 1
	assert_output_has "is not running"
}

@test "restart: another process in the same container" {
	local pid
	stay --name twice alpine sh -c 'echo once >>/count; exec sleep 1000'
	pid=$(docker_field twice .State.Pid)
	docker restart --time 0 twice
	[[ $(docker_field twice .State.Pid) != "$pid" ]]
	wait_until counted_twice
}
counted_twice() { [[ $(docker exec twice cat /count) == once$'\n'once ]]; }

@test "rm -f of a running container: its processes, state and control group are gone" {
	local id pid
	id=$(stay alpine sleep 1000)
	pid=$(docker_field "$id" .State.Pid)
	docker rm -f "$id"
	run ! on_host test -e "/proc/$pid"
	run ! on_host test -e "$DOCKER/exec/runtime-runc/moby/$id"
	run on_host find /sys/fs/cgroup -name "*$id*"
	[[ -z $output ]]
}

@test "pause and unpause: nothing runs meanwhile" {
	local before
	stay --name still alpine sh -c 'while :; do echo x; sleep 0.05; done'
	wait_for_logs still x
	docker pause still
	docker_field_is still .State.Status paused
	before=$(docker logs still | wc -l)
	sleep 0.3
	[[ $(docker logs still | wc -l) == "$before" ]]
	run docker exec still true
	assert_status 1
	assert_output_has paused
	docker unpause still
	docker_field_is still .State.Status running
	more_lines() { (($(docker logs still | wc -l) > before)); }
	wait_until more_lines
	docker rm -f still
}

@test "exec: output, status, environment, user and folder" {
	# shellcheck disable=SC2016 # expands in the container
	run docker exec -e WORD=told -u 12:34 -w /tmp long \
		sh -c 'echo "$WORD $(id -u):$(id -g) $PWD"; exit 8'
	assert_status 8
	[[ $output == "told 12:34 /tmp" ]]
}

@test "exec -i: what is written to it arrives" {
	run docker exec -i long cat < <(echo through)
	[[ $output == through ]]
}

@test "exec -it: a terminal of the right size, and the status" {
	run pty_docker "wait:24 80" "keys:"$'\x03' -- exec -it long \
		sh -c 'trap "exit 5" INT; while :; do stty size; sleep 0.1; done'
	assert_status 5
}

@test "exec -d: runs on by itself" {
	docker exec -d long sh -c 'sleep 0.1; echo there >/tmp/detached'
	wait_until docker exec long grep -q there /tmp/detached
}

# For either: this docker has 127 for a container only.
@test "exec of what is not there or cannot be executed: 126, and the message" {
	run docker exec long nonesuch
	# shellcheck disable=SC2016 # the dollar is in the message
	assert_output_has 'executable file not found in $PATH'
	assert_status 126
	run docker exec long /etc/passwd
	assert_output_has 'permission denied'
	assert_status 126
}

@test "exec --privileged: has every capability there is to have" {
	local own all
	own=$(docker exec long sed -n 's/^CapEff:\s*//p' /proc/self/status)
	all=$(docker exec --privileged long sed -n 's/^CapEff:\s*//p' /proc/self/status)
	((16#$all > 16#$own))
}

@test "logs: both streams, apart, with --tail and --follow" {
	stay --name told alpine sh -c 'echo one; echo two >&2; sleep 0.3; echo three'
	[[ $(docker logs -f told 2>/dev/null) == one$'\n'three ]]
	[[ $(docker logs told 2>&1 >/dev/null) == two ]]
	[[ $(docker logs --tail 1 told) == three ]]
}

# Docker does not wait for output when its own input has ended.
@test "attach: sees what is written from then on, and the status" {
	# shellcheck disable=SC2016 # expands in the container
	stay -i --name seen alpine sh -c 'read -r word; echo "got $word"; sleep 0.5; exit 3'
	run docker attach seen < <(echo hello && sleep 1)
	assert_status 3
	assert_output_has "got hello"
}

@test "top: the processes of the container, with ps's columns" {
	run docker top long -o pid,args
	assert_status 0
	assert_output_has "sleep 1000"
	[[ $output == *"$(docker_field long .State.Pid)"* ]]
	((${#lines[@]} == 2))
}

@test "cp: into a running container and out of it" {
	local file=$BATS_FILE_TMPDIR/copied
	mkdir "$file"
	echo there >"$file/there"
	docker cp "$file/there" long:/tmp/there
	[[ $(docker exec long cat /tmp/there) == there ]]
	docker exec long sh -c 'echo back >/tmp/back'
	[[ $(docker cp long:/tmp/back - | tar -xO) == back ]]
}

@test "diff and commit: what was changed is in the new image" {
	docker run --name changed --network none alpine sh -c 'echo new >/made; rm /etc/os-release'
	run docker diff changed
	assert_output_has "A /made"
	assert_output_has "D /etc/os-release"
	docker commit --change 'CMD ["cat", "/made"]' changed committed
	docker rm changed
	run quick committed
	[[ $output == new ]]
}

@test "export: the root filesystem as an archive" {
	run tar -t < <(docker export long)
	assert_output_has etc/passwd
}

@test "events: what happened to a container, in its order" {
	local since
	since=$(date +%s.%N)
	docker run --rm --name heeded --network none alpine true
	run docker events --since "$since" --until "$(date +%s.%N)" --filter container=heeded \
		--format '{{.Action}}'
	assert_status 0
	[[ ${lines[*]} == create*start*die*destroy ]] || fail "got: ${lines[*]}"
}

@test "restart on failure: so often, and no more" {
	stay --name stubborn --restart on-failure:2 alpine sh -c 'echo try; exit 1'
	wait_for_field stubborn '.RestartCount}} {{.State.Status' "2 exited"
	[[ $(docker logs stubborn | grep -c try) == 3 ]]
}

@test "restart always: runs again after its end" {
	stay --name eternal --restart always alpine sh -c 'echo try; sleep 0.2'
	again() { (($(docker_field eternal .RestartCount) >= 2)); }
	wait_until again
	docker rm -f eternal
}

@test "health: the command runs in the container, and its answer counts" {
	stay --name patient --health-cmd 'test -e /well' --health-interval 200ms \
		--health-retries 1 alpine sleep 1000
	wait_for_field patient .State.Health.Status unhealthy
	docker exec patient touch /well
	wait_for_field patient .State.Health.Status healthy
}

@test "ten at a time: each has its own output and status" {
	local number pids=() statuses=()
	for number in {1..10}; do
		quick alpine sh -c "echo $number; exit $number" \
			>"$BATS_TEST_TMPDIR/$number" 2>&1 &
		pids+=("$!")
	done
	for number in "${pids[@]}"; do
		wait "$number" && statuses+=(0) || statuses+=("$?")
	done
	[[ ${statuses[*]} == "1 2 3 4 5 6 7 8 9 10" ]]
	[[ $(cat "$BATS_TEST_TMPDIR/7") == 7 ]]
}
