#!/usr/bin/env bats
# podman_build.bats - podman on gocker: build, commit, the service's socket, sdnotify, many at once

load podman

setup_file() { podman_start; }
teardown_file() { engines_stop; }

@test "build: RUN works, with arguments, another user, a cache and what was copied" {
	on_host sh -c 'mkdir /run/context; echo copied >/run/context/file'
	on_host tee /run/context/Containerfile <<-'END'
		FROM localhost/alpine AS first
		ARG WORD
		COPY file /file
		RUN cat /file && echo "$WORD" >/word && test "$(id -u)" = 0
		FROM localhost/alpine
		COPY --from=first /word /word
		WORKDIR /srv
		USER 12
		RUN test "$(id -u)" = 12 && test "$PWD" = /srv
		USER 0
		RUN --mount=type=tmpfs,target=/t grep ' /t ' /proc/self/mountinfo
		CMD ["cat", "/word"]
	END
	run podman build --network none --build-arg WORD=said -t built /run/context
	assert_status 0
	assert_output_has copied
	assert_equal "$(quick built)" said
}

@test "build: a RUN that fails ends it with its status, and nothing is left" {
	run podman build --network none -f - /run/context <<-END
		FROM localhost/alpine
		RUN echo before; exit 9
	END
	assert_status 9
	assert_output_has before
	assert_equal "$(podman ps -aq --external | wc -l)" 0
}

@test "commit: what a container wrote is in the new image" {
	podman run --name writes --network none alpine sh -c 'echo kept >/kept'
	podman commit --change 'CMD ["cat", "/kept"]' writes written
	assert_equal "$(quick written)" kept
	podman rm writes
}

@test "save and load: the image that comes back runs" {
	podman save written | podman load
	assert_equal "$(quick written)" kept
}

@test "service: create, start, exec, stop and remove by its socket" {
	local session
	service_start
	api POST /containers/create '{"name": "served", "image": "alpine",
		"netns": {"nsmode": "none"}, "command": ["sleep", "1000"]}'
	api POST /containers/served/start
	[[ $(api GET /containers/served/json | jq -r .State.Status) == running ]]
	session=$(api POST /containers/served/exec '{"AttachStdout": true,
		"Cmd": ["echo", "by the socket"]}' | jq -r .Id)
	api POST "/exec/$session/start" '{"Detach": false}' | grep -a "by the socket"
	api GET "/containers/served/top?stream=false" | jq -e '.Processes | length == 1'
	api POST /containers/served/pause
	api POST /containers/served/unpause
	api POST "/containers/served/stop?timeout=0"
	[[ $(api GET /containers/served/json | jq -r .State.ExitCode) == 137 ]]
	api DELETE /containers/served
	exits 1 api GET /containers/served/json
}

@test "remote: podman as a client of the service, also with a terminal" {
	run podman --remote --url "unix://$API_SOCKET" run --rm --network none alpine sh -c \
		'echo away; exit 6'
	assert_status 6
	assert_output_has away
	on_terminal 5 wait:ready 'keys:word
' wait:"got word" -- podman --remote --url "unix://$API_SOCKET" run --rm -it --network none \
		alpine sh -c 'test -t 0 && echo ready; read w; echo got $w; exit 5'
}

@test "sdnotify=conmon: podman says when the container runs, with conmon's pid" {
	run notified conmon alpine sleep 1000
	assert_output_has READY=1
	assert_output_has "MAINPID=$(inspect notes-conmon '{{.State.ConmonPid}}')"
	discard notes-conmon
}

@test "sdnotify=container: what the program says arrives" {
	local folder volumes=()
	# busybox cannot send to such a socket, but the host's programs can
	for folder in /usr /lib /lib64; do
		volumes+=(-v "$folder:$folder:ro")
	done
	run notified container "${volumes[@]}" alpine /usr/bin/python3 -c 'import os, socket, time
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1\nSTATUS=well",
	os.environ["NOTIFY_SOCKET"])
time.sleep(1000)'
	assert_output_has MAINPID=
	assert_output_has READY=1
	discard notes-container
}

# started FROM: twenty-five containers, one after the other.
started() {
	on_host sh -c 'for i in $(seq $1 $(($1 + 24))); do
		podman run -d --name many-$i --network none alpine sleep 1000 || exit; done' sh "$1"
}

all_four() {
	local from pids=()
	for from in 0 25 50 75; do
		"$1" "$from" >"$BATS_TEST_TMPDIR/$from" 2>&1 &
		pids+=($!)
	done
	for from in 0 25 50 75; do
		wait "${pids[from / 25]}" || fail "$(<"$BATS_TEST_TMPDIR/$from")"
	done
}

removed() {
	on_host sh -c 'podman rm -f -t 0 $(seq -f many-%g $1 $(($1 + 24)))' sh "$1"
}

@test "a hundred containers, four at a time: none fails, and no process of the runtime stays" {
	all_four started
	assert_equal "$(podman ps -q | wc -l)" 100
	assert_equal "$(on_host pgrep -cx sleep)" 100
	assert_no_process "$RUNTIME"
}

@test "a hundred containers removed, four at a time: nothing is left of them" {
	all_four removed
	assert_equal "$(podman ps -aq | wc -l)" 0
	assert_no_process sleep "$RUNTIME"
	run on_host pgrep -af 'conmon .* -n many-'
	assert_equal "$output" ""
	assert_equal "$(on_host find /sys/fs/cgroup -name 'libpod-*')" ""
	assert_equal "$(on_host sh -c 'ls -A /run/gocker /run/crun /run/runc 2>/dev/null |
		grep -x "[0-9a-f]\{64\}"')" ""
}
