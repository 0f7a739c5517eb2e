#!/usr/bin/env bats
# podman_life.bats - podman on gocker: stop, kill, restart, pause, top, stats, limits, health

load podman

setup_file() {
	podman_start
	long_start
	detached limited --memory 64m --memory-reservation 32m \
		--cpus 0.5 --pids-limit 40 --cpu-shares 512 --cpuset-cpus 0 alpine sleep 1000
}

teardown_file() { engines_stop; }

# obeys NAME: a container that ends by itself, with 33, when it is told to.
obeys() {
	detached "$1" alpine sh -c \
		'trap "echo told; exit 33" TERM; echo ready; while :; do sleep 0.1; done'
	wait_until logs_have "$1" ready
}

@test "stop: the program is asked to end; start runs it again" {
	obeys polite
	podman stop polite
	assert_equal "$(inspect polite '{{.State.Status}} {{.State.ExitCode}}')" "exited 33"
	podman start polite
	status_is polite running
	exits 0 podman stop polite
	assert_equal "$(podman logs polite | grep -c told)" 2
	podman rm polite
}

@test "stop: who does not listen is killed when the time is over" {
	detached deaf alpine sleep 1000
	SECONDS=0
	podman stop -t 1 deaf
	((SECONDS >= 1)) || fail "after $SECONDS s"
	assert_equal "$(inspect deaf '{{.State.ExitCode}}')" 137
	podman rm deaf
}

@test "kill: any signal, by name or number; a stopped container is an error" {
	detached hears alpine sh -c 'trap "echo usr1" USR1
		trap "echo hup; exit 5" HUP; echo ready; while :; do sleep 0.1; done'
	wait_until logs_have hears ready
	podman kill -s USR1 hears
	wait_until logs_have hears usr1
	podman kill -s 1 hears
	assert_equal "$(podman wait hears)" 5
	exits 125 podman kill hears
	assert_output_has "can only kill running containers"
	podman rm hears
}

@test "restart: it runs anew, with a new process" {
	local before
	obeys anew
	before=$(inspect anew '{{.State.Pid}}')
	podman restart -t 3 anew
	status_is anew running
	[[ $(inspect anew '{{.State.Pid}}') != "$before" ]]
	discard anew
}

@test "restart policy: one that fails is started again, as often as is said" {
	detached tries --restart on-failure:2 alpine sh -c 'echo try; exit 1'
	tried() { [[ $(podman logs tries | grep -c try) == 3 ]]; }
	wait_until tried
	assert_equal "$(inspect tries '{{.RestartCount}}')" 2
	discard tries
}

@test "pause: nothing moves until unpause; exec is refused meanwhile" {
	local before
	detached counts alpine sh -c \
		'i=0; while :; do echo $i; i=$((i + 1)); sleep 0.02; done'
	wait_until logs_have counts 3
	podman pause counts
	status_is counts paused
	before=$(podman logs --tail 1 counts)
	sleep 0.2
	assert_equal "$(podman logs --tail 1 counts)" "$before"
	run podman exec counts true
	[[ $status != 0 && $output == *"running containers"* ]] || fail "$output"
	podman unpause counts
	moved() { [[ $(podman logs --tail 1 counts) != "$before" ]]; }
	wait_until moved
	podman pause counts
	discard counts
}

@test "top: the container's processes, with the columns asked for" {
	run podman top long pid user args
	assert_output_has "sleep 1000"
	assert_output_has root
	run podman top long hpid comm
	assert_output_has "$(inspect long '{{.State.Pid}}')"
	run podman top long -o pid,args
	assert_output_has "sleep 1000"
}

@test "stats: figures of the container's control group" {
	run podman stats --no-stream --format '{{.Name}} {{.PIDs}} {{.MemUsage}}' limited
	assert_status 0
	[[ $output =~ ^limited\ 1\ .*B\ /\ 67\.11MB$ ]] || fail "$output"
	podman exec limited sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done'
	run podman stats --no-stream --format '{{.CPUNano}}' limited
	((output > 10000000)) || fail "$output"
}

@test "limits: memory, cpus and pids stand in the control group" {
	assert_equal "$(limit limited memory memory.limit_in_bytes memory.max)" 67108864
	assert_equal "$(limit limited memory memory.soft_limit_in_bytes memory.low)" 33554432
	run limit limited cpu cpu.cfs_quota_us cpu.max
	[[ $output == 50000* ]] || fail "$output"
	assert_equal "$(limit limited pids pids.max pids.max)" 40
	assert_equal "$(limit limited cpuset cpuset.cpus cpuset.cpus)" 0
	run limit limited cpu cpu.shares cpu.weight
	[[ $output == 512 || $output == 20 || $output == 59 ]] || fail "$output"
}

@test "limits: more processes than allowed cannot be made" {
	run podman exec limited sh -c 'for i in $(seq 60); do sleep 5 & done; wait'
	[[ $output == *"can't fork"* ]] || fail "$output"
}

@test "update: the limits of a running container change" {
	exits 0 podman update --memory 96m --cpus 0.7 --cpuset-cpus 0-1 limited
	assert_equal "$(limit limited memory memory.limit_in_bytes memory.max)" 100663296
	run limit limited cpu cpu.cfs_quota_us cpu.max
	[[ $output == 70000* ]] || fail "$output"
	assert_equal "$(limit limited cpuset cpuset.cpus cpuset.cpus)" 0-1
	podman exec limited true
}

@test "health check: starting, healthy, unhealthy, and its log" {
	detached cared --health-cmd 'test -e /tmp/well' --health-retries 1 --health-interval \
		disable alpine sleep 1000
	health_is cared starting
	podman exec cared touch /tmp/well
	exits 0 podman healthcheck run cared
	health_is cared healthy
	podman exec cared rm /tmp/well
	exits 1 podman healthcheck run cared
	health_is cared unhealthy
	discard cared
}

@test "rm: a running container is kept unless by force; nothing of it is left then" {
	local pid id
	detached kept alpine sleep 1000
	pid=$(inspect kept '{{.State.Pid}}') id=$(inspect kept '{{.Id}}')
	exits 2 podman rm kept
	on_host test -d "/proc/$pid"
	podman rm -f -t 0 kept
	run on_host test -d "/proc/$pid"
	assert_status 1
	assert_equal "$(on_host find /sys/fs/cgroup -name "*$id*")" ""
	assert_equal "$(on_host find /run/gocker /run/crun /run/runc -name "*$id*" 2>/dev/null)" ""
}

@test "hooks of a folder run at every stage" {
	local stage
	on_host mkdir /etc/hooks
	on_host sh -c 'cat >/etc/hooks/run; chmod +x /etc/hooks/run' <<-'END'
		#!/bin/sh
		jq -r .status >>/run/hooks-$1
	END
	for stage in prestart poststart poststop; do
		jq -n --arg stage "$stage" '{version: "1.0.0", when: {always: true},
			hook: {path: "/etc/hooks/run", args: ["run", $stage]}, stages: [$stage]}' |
			on_host tee "/etc/hooks/$stage.json"
	done
	podman --hooks-dir /etc/hooks run --rm --network none alpine true
	run on_host sh -c 'for s in prestart poststart poststop; do
		echo $s $(cat /run/hooks-$s); done'
	[[ ${lines[0]} =~ ^prestart\ creat(ed|ing)$ ]] || fail "$output"
	[[ ${lines[1]} =~ ^poststart\ (created|running|stopped)$ ]] || fail "$output"
	assert_equal "${lines[2]}" "poststop stopped"
}

@test "rename, inspect, port-free ps and events show the container's life" {
	podman run --name lived --network none alpine true
	run podman events --stream=false --filter container=lived --format '{{.Status}}'
	assert_output_has start
	assert_output_has died
	podman rename lived was
	assert_equal "$(podman ps -a --filter name=was --format '{{.Names}} {{.Status}}' |
		cut -d' ' -f1-3)" "was Exited (0)"
	podman rm was
}
