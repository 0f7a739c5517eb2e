# docker.bash - what the tests of docker share: a daemon of their own, whose default runtime is ours
#
# docker_start in setup_file, docker_stop in teardown_file. Then there is the image "alpine" and
# the container "long", which sleeps; "docker COMMAND" talks to the daemon. What a container writes
# to standard output and to standard error comes in any order.

load host

DOCKER=/run/test-docker
# A terminal that the test drives.
PTY_RUN=$PLUGINS/../runtime/pty_run.py

docker() { on_host docker -H "unix://$DOCKER/socket" "$@"; }

# docker_start [JSON]: with more members of daemon.json.
docker_start() {
	engines_start
	[[ $EUID == 0 && -z ${ENGINES_MISSING-} ]] || return 0
	docker_configure "${1-{\}}"
	docker_daemon
	docker import - alpine <"$IMAGE" >/dev/null
	docker run -d --name long --network none alpine sleep 1000 >/dev/null
}

# runc need not be named: docker has it, and refuses that somebody else calls his so.
docker_configure() {
	local nofile
	nofile=$(ulimit -Hn)
	on_host mkdir -p "$DOCKER/bin"
	jq -n --arg folder $DOCKER --arg runtime "$RUNTIME" --argjson nofile "$nofile" \
		--argjson more "$1" '{
		"data-root": "\($folder)/data", "exec-root": "\($folder)/exec",
		"pidfile": "\($folder)/pid", "hosts": ["unix://\($folder)/socket"],
		"bip": "10.88.0.1/24", "storage-driver": "overlay2",
		"default-runtime": $runtime,
		"runtimes": {"gocker": {"path": "/usr/bin/gocker"}, "crun": {"path": "crun"}},
		"oom-score-adjust": 0, "live-restore": true, "shutdown-timeout": 1,
		"default-ulimits": {"nofile": {"Name": "nofile", "Soft": $nofile, "Hard": $nofile}}
		} + $more' | on_host sh -c "cat >$DOCKER/daemon.json"
}

# BuildKit runs whatever is called runc, and nothing else. What it calls it with is kept.
docker_link_runc() {
	local program
	program=$(on_host sh -c "command -v $RUNTIME")
	on_host sh -c "cat >$DOCKER/bin/runc && chmod 755 $DOCKER/bin/runc" <<-END
		#!/bin/sh
		echo "\$@" >>$DOCKER/runc.calls
		exec $program "\$@"
	END
}

docker_daemon() {
	docker_link_runc
	on_host sh -c "PATH=$DOCKER/bin:\$PATH setsid dockerd --config-file $DOCKER/daemon.json \
		>>$DOCKER/log 2>&1 </dev/null &"
	wait_until docker_answers || fail "no dockerd: $(on_host tail -n 20 "$DOCKER/log")"
}

refute_output_has() {
	[[ $output != *"$1"* ]] || fail "not expected: $1" "got: $output"
}

docker_answers() { docker version >/dev/null 2>&1; }

# As an administrator would: what it waits for is that the process is gone.
docker_halt() {
	# shellcheck disable=SC2016 # expands in the inner shell
	on_host sh -c 'kill "$0" && while [ -e "/proc/$0" ]; do sleep 0.05; done' \
		"$(on_host cat "$DOCKER/pid")"
}

# In a virtual machine the host does not go with its daemon.
docker_stop() {
	local id
	if [[ -n ${VM_INSIDE-} ]]; then
		for id in $(docker ps -aq); do
			docker rm -f "$id"
		done
		docker_halt
	fi
	engines_stop
}

# docker_field NAME FORMAT: as inspect shows it.
docker_field() { docker inspect --format "{{$2}}" "$1"; }
docker_field_is() { [[ $(docker_field "$1" "$2") == "$3" ]]; }
wait_for_field() { wait_until docker_field_is "$@"; }

docker_logs_have() { [[ $(docker logs "$1" 2>&1) == *"$2"* ]]; }
wait_for_logs() { wait_until docker_logs_have "$@"; }

# cgroup_value CONTAINER V1 V2: what it reads in its own control group, by the name in either.
cgroup_value() {
	docker exec "$1" sh -c 'cat "/sys/fs/cgroup/$0" 2>/dev/null || cat "/sys/fs/cgroup/$1"' \
		"$2" "$3"
}

# pty_docker STEP... -- COMMAND...: docker's command on a terminal that the test drives.
pty_docker() {
	local steps=()
	while [[ $1 != -- ]]; do
		steps+=("$1")
		shift
	done
	on_host python3 "$PTY_RUN" 80x24 /dev/stdout "${steps[@]}" -- \
		docker -H "unix://$DOCKER/socket" "${@:2}"
}
