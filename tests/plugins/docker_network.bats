#!/usr/bin/env bats
# docker_network.bats - docker runs on gocker: networks, published ports, images built, a new daemon

load docker

bats_require_minimum_version 1.5.0

setup_file() { docker_start; }
teardown_file() { docker_stop; }

# serve NAME OPTION...: says its name to whoever connects to port 7000.
serve() {
	docker run -d --name "$1" "${@:2}" alpine \
		sh -c 'while :; do echo "$0" | nc -l -p 7000; done' "$1"
}

# answer HOST PORT: what the host itself is told there.
answer() { on_host timeout 5 bash -c "exec 3<>/dev/tcp/$1/$2 && cat <&3"; }
answers() { [[ $(answer "$1" "$2" 2>/dev/null) == "$3" ]]; }

@test "the default network: address, route and the host can be reached" {
	run docker run --rm alpine sh -c 'ip -4 -o addr show eth0; ip route
		ping -c 1 -w 5 10.88.0.1 >/dev/null && echo reached'
	assert_status 0
	assert_output_has "10.88.0."
	assert_output_has "default via 10.88.0.1"
	assert_output_has reached
}

@test "--publish: the host's port is the container's" {
	serve published -p 127.0.0.1:7001:7000
	wait_until answers 127.0.0.1 7001 published
	wait_until answers "$(docker_field published .NetworkSettings.IPAddress)" 7000 published
	[[ $(docker port published) == "7000/tcp -> 127.0.0.1:7001" ]]
	docker rm -f published
	run answers 127.0.0.1 7001 published
	[[ $status != 0 ]]
}

@test "two containers on a network of the user's reach each other by name and alias" {
	docker network create --subnet 10.89.0.0/24 own
	serve web --network own --network-alias site
	serve base --network own
	for name in base:base web:web web:site; do
		run docker exec base sh -c "nc -w 5 ${name#*:} 7000 </dev/null"
		[[ $output == "${name%:*}" ]] || fail "${name#*:} said: $output"
	done
	run docker exec web sh -c "nc -w 5 base 7000 </dev/null"
	[[ $output == base ]]
}

@test "network disconnect and connect: of a running container" {
	docker network disconnect own web
	run docker exec web ip -o link show
	[[ $output != *eth* ]]
	docker network connect --ip 10.89.0.77 own web
	run docker exec web ip -4 -o addr
	assert_output_has 10.89.0.77/24
	run docker exec base sh -c "nc -w 5 web 7000 </dev/null"
	[[ $output == web ]]
	docker rm -f web base
	docker network rm own
}

@test "--network host and none: the host's links, and loopback only" {
	local links='ip -o link | wc -l'
	[[ $(docker run --rm --network host alpine sh -c "$links") == $(on_host sh -c "$links") ]]
	[[ $(docker run --rm --network none alpine sh -c "$links") == 1 ]]
}

@test "--network container: shares that of another" {
	run docker run --rm --network container:long alpine readlink /proc/self/ns/net
	[[ $output == "$(docker exec long readlink /proc/self/ns/net)" ]]
}

@test "--ip, --mac-address, --dns, --add-host, --hostname are what the container sees" {
	docker network create --subnet 10.90.0.0/24 fixed
	run docker run --rm --network fixed --ip 10.90.0.9 --mac-address 02:00:00:00:00:09 \
		--dns 10.90.0.1 --add-host there:10.90.0.5 -h named alpine \
		sh -c 'ip addr show eth0; cat /etc/hosts'
	assert_output_has "10.90.0.9/24"
	assert_output_has "02:00:00:00:00:09"
	assert_output_has $'10.90.0.5\tthere'
	assert_output_has $'10.90.0.9\tnamed'
	docker network rm fixed
	run docker run --rm --dns 10.90.0.1 alpine cat /etc/resolv.conf
	assert_output_has "nameserver 10.90.0.1"
}

build_context() {
	mkdir -p "$BATS_TEST_TMPDIR/context"
	chmod 755 "$BATS_TEST_TMPDIR"
	echo copied >"$BATS_TEST_TMPDIR/context/file"
	cat >"$BATS_TEST_TMPDIR/context/Dockerfile" <<-'END'
		FROM alpine AS first
		ARG WORD
		RUN echo "$WORD" >/word && test "$(id -u)" = 0
		FROM alpine
		COPY --from=first /word /word
		COPY file /
		USER 12
		WORKDIR /tmp
		RUN echo "$(id -u)" >/tmp/user
		CMD cat /word /file /tmp/user
	END
}

# build_shows NAME VALUE: of DOCKER_BUILDKIT.
build_shows() {
	build_context
	on_host env "DOCKER_BUILDKIT=$2" docker -H "unix://$DOCKER/socket" build -t "$1" \
		--network none --build-arg WORD=given "$BATS_TEST_TMPDIR/context"
	[[ $(docker run --rm --network none "$1") == given$'\n'copied$'\n'12 ]]
}

# build_fails BUILDKIT: with status 42 of a command.
build_fails() {
	build_context
	echo "RUN exit 42" >>"$BATS_TEST_TMPDIR/context/Dockerfile"
	run on_host env "DOCKER_BUILDKIT=$1" docker -H "unix://$DOCKER/socket" build \
		--network none "$BATS_TEST_TMPDIR/context"
	[[ $status != 0 ]]
}

@test "build: stages, arguments, another user" {
	build_shows classic 0
}

@test "build of a command that fails: its status" {
	build_fails 0
	assert_output_has "returned a non-zero code: 42"
}

@test "build with BuildKit, which calls the runtime itself" {
	on_host sh -c ": >$DOCKER/runc.calls"
	build_shows buildkit 1
	run on_host grep -c 'run --bundle' "$DOCKER/runc.calls"
	((output >= 2))
}

@test "BuildKit: a command that fails, with its status" {
	build_fails 1
	assert_output_has "exit code: 42"
}

@test "save, rmi, load: the image runs again" {
	docker tag alpine moved
	docker save moved >"$BATS_TEST_TMPDIR/moved.tar"
	docker rmi moved
	run docker image inspect moved
	assert_status 1
	docker load <"$BATS_TEST_TMPDIR/moved.tar"
	run docker run --rm --network none moved echo here
	[[ $output == here ]]
}

@test "the daemon is started anew: containers live on, and are its own again" {
	local pid
	docker run -d --name lives --restart always alpine sh -c \
		'trap "echo bye; exit 5" TERM; while :; do echo x; sleep 0.1; done'
	docker run -d --name ends --network none alpine sh -c 'sleep 1; exit 6'
	pid=$(docker_field lives .State.Pid)
	docker_halt
	run on_host test -e "/proc/$pid"
	assert_status 0
	docker_daemon
	docker_field_is lives .State.Pid "$pid"
	[[ $(docker exec lives echo again) == again ]]
	docker_field_is long .State.Running true
	wait_for_field ends .State.ExitCode 6
	docker stop lives
	docker_field_is lives .State.ExitCode 5
	[[ $(docker logs --tail 1 lives) == bye ]]
	docker rm lives ends
}
