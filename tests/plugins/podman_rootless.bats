#!/usr/bin/env bats
# podman_rootless.bats - podman of a user who is not root, on gocker

load podman

setup_file() {
	podman_start
	be_plain
	import_image
	long_start
}

teardown_file() { engines_stop; }

setup() {
	need_engines
	be_plain
}

# From here on all that these tests do is done by the user.
# shellcheck disable=SC2317 # host.bash calls it
be_plain() {
	on_host() { as_plain "$@"; }
}

@test "rootless: podman is, and uses the runtime" {
	run podman info --format '{{.Host.Security.Rootless}} {{.Host.OCIRuntime.Name}}'
	assert_equal "$output" "true $RUNTIME"
}

@test "rootless run: output, exit status, input, errors" {
	run quick -i alpine sh -c 'cat; id -u; exit 3' < <(echo words)
	assert_equal "$status $output" "3 words
0"
	exits 127 quick alpine nosuch
	exits 126 quick alpine /etc/passwd
}

@test "rootless run: root is the user, others are subordinate ids" {
	run quick alpine cat /proc/self/uid_map
	[[ $output =~ ^\ *0\ +1000\ +1.*\ 1\ +100000\ +65536$ ]] || fail "$output"
	run quick -v /home/plain:/h alpine sh -c 'touch /h/x && chown 12 /h/x; stat -c %u /h/x'
	assert_equal "$output" 12
	assert_equal "$(on_host stat -c %u /home/plain/x)" 100011
}

@test "rootless userns=keep-id: the user is himself" {
	run quick --userns keep-id -v /home/plain:/h alpine sh -c 'id -u; touch /h/own'
	assert_equal "$output" 1000
	assert_equal "$(on_host stat -c %u /home/plain/own)" 1000
}

@test "rootless userns=auto: a range of the user's" {
	run quick --userns auto:size=500 alpine sh -c \
		'cat /proc/self/uid_map; touch /x && stat -c %u /x'
	assert_status 0
	[[ ${lines[0]} =~ ^\ *0\ +[1-9][0-9]*\ +500$ && ${lines[1]} == 0 ]] || fail "$output"
}

@test "rootless uidmap" {
	run quick --uidmap 0:1:500 alpine cat /proc/self/uid_map
	assert_status 0
	[[ $output =~ \ 500$ ]] || fail "$output"
	run quick --user 12:34 alpine sh -c 'echo $(id -u):$(id -g)'
	assert_equal "$output" 12:34
}

@test "rootless run -it: a terminal" {
	on_terminal 5 wait:ready 'keys:stty size
' wait:"24 80" 'keys:exit 5
' -- podman run --rm -it --network none alpine sh -c 'test -t 0 && echo ready; exec sh'
}

@test "rootless exec: user, status, terminal" {
	run podman exec -u 12 -e A=b long sh -c 'echo $(id -u) $A; exit 4'
	assert_equal "$status $output" "4 12 b"
	exits 127 in_long nosuch
	on_terminal 8 wait:ready 'keys:exit 8
' -- podman exec -it long sh -c 'test -t 0 && echo ready; exec sh'
}

@test "rootless life: logs, stop, start, restart, kill, top, rm" {
	detached lives alpine sh -c 'trap "exit 33" TERM; echo up; while :; do sleep 0.1; done'
	wait_until logs_have lives up
	run podman top lives
	assert_output_has "sleep 0.1"
	podman stop lives
	assert_equal "$(inspect lives '{{.State.ExitCode}}')" 33
	podman start lives
	podman restart -t 5 lives
	podman kill lives
	assert_equal "$(podman wait lives)" 137
	podman rm lives
}

@test "rootless files: volumes, tmpfs, read-only, secrets" {
	quick -v kept:/data alpine sh -c 'echo word >/data/w'
	assert_equal "$(quick -v kept:/data:ro alpine cat /data/w)" word
	run quick --read-only --tmpfs /t alpine sh -c 'touch /t/x && touch /x'
	assert_output_has "/x: Read-only file system"
	echo hidden | podman secret create word -
	assert_equal "$(quick --secret word alpine cat /run/secrets/word)" hidden
}

@test "rootless safety: capabilities, seccomp, no-new-privileges, init, privileged" {
	run quick --cap-drop all --security-opt no-new-privileges --init alpine \
		grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status
	assert_equal "${output//[[:space:]]/ }" \
		"CapEff: 0000000000000000 NoNewPrivs: 1 Seccomp: 2"
	run quick --cap-drop all --cap-add chown alpine grep CapEff: /proc/self/status
	assert_output_has 0000000000000001
	run quick --privileged alpine sh -c 'mount -t tmpfs t /mnt && echo mounted'
	assert_equal "$output" mounted
}

@test "rootless network: slirp4netns gives an address and a port of the host" {
	podman run -d --name web --network slirp4netns -p 127.0.0.1:8090:80 alpine sh -c \
		'echo page >/tmp/page; exec nc -lk -p 80 -e cat /tmp/page'
	run podman exec web ip route
	assert_output_has "default via 10.0.2.2"
	page_is_served() {
		[[ $(on_host bash -c 'exec 3<>/dev/tcp/127.0.0.1/8090; read -t 5 x <&3
			echo $x') == page ]]
	}
	wait_until page_is_served
	run podman run --rm --network container:web alpine sh -c 'nc -w 3 127.0.0.1 80 </dev/null'
	assert_equal "$output" page
	discard web
}

@test "rootless network: none, the host's, a bridge with another container by name" {
	run quick alpine ls /sys/class/net
	assert_equal "$output" lo
	run podman run --rm --network host alpine readlink /proc/self/ns/net
	assert_equal "$output" "$(on_host readlink /proc/self/ns/net)"
	podman network create near
	podman run -d --name web --network near alpine sh -c \
		'echo page >/tmp/page; exec nc -lk -p 80 -e cat /tmp/page'
	page_comes() {
		[[ $(podman run --rm --network near alpine nc -w 3 web 80 </dev/null) == page ]]
	}
	wait_until page_comes
	discard web
	podman network rm near
}

@test "rootless play kube: runs, and is taken down" {
	podman pod create --name pod --network none
	podman create --pod pod --name first alpine sleep 1000
	podman generate kube pod >"$BATS_FILE_TMPDIR/pod.yaml"
	podman pod rm -f -t 0 pod
	podman play kube --network none - <"$BATS_FILE_TMPDIR/pod.yaml"
	status_is pod-first running
	podman play kube --down - <"$BATS_FILE_TMPDIR/pod.yaml"
	exits 1 podman pod exists pod
}

@test "rootless sdnotify=conmon: podman says when the container runs" {
	NOTIFY_FOLDER=/home/plain
	run notified conmon alpine sleep 1000
	assert_output_has READY=1
	assert_output_has "MAINPID=$(inspect notes-conmon '{{.State.ConmonPid}}')"
	discard notes-conmon
}

@test "rootless health check, device, cp, init" {
	detached cared --init --device /dev/fuse --health-cmd 'test -e /tmp/well' \
		--health-retries 1 --health-interval disable alpine sleep 1000
	exits 1 podman healthcheck run cared
	echo word | on_host tee /home/plain/well >/dev/null
	podman cp /home/plain/well cared:/tmp/well
	exits 0 podman healthcheck run cared
	health_is cared healthy
	podman exec cared test -c /dev/fuse
	assert_equal "$(podman exec cared cat /tmp/well)" word
	run podman exec cared cat /proc/1/comm
	[[ $output == *init* || $output == *catatonit* ]] || fail "$output"
	discard cared
}

@test "rootless pod: containers share its namespaces" {
	podman pod create --name pod --network none
	podman run -d --pod pod --name first alpine sleep 1000
	run podman run --rm --pod pod alpine readlink /proc/self/ns/net
	assert_equal "$output" "$(podman exec first readlink /proc/self/ns/net)"
	podman pod rm -f -t 0 pod
}

@test "rootless build and commit" {
	run podman build --network none -t built - <<-'END'
		FROM localhost/alpine
		RUN echo made >/made && test "$(id -u)" = 0
	END
	assert_status 0
	assert_equal "$(quick built cat /made)" made
	podman run --name writes --network none alpine sh -c 'echo kept >/kept'
	podman commit writes written
	assert_equal "$(quick written cat /kept)" kept
	podman rm writes
}

@test "rootless: nothing of a removed container is left" {
	podman rm -f -t 0 long
	assert_no_process sleep conmon "$RUNTIME"
	assert_equal "$(on_host sh -c 'ls $XDG_RUNTIME_DIR/gocker 2>/dev/null')" ""
}

# The last: conmon stays for minutes, so that its caller may ask how what he ran by exec has ended.
@test "rootless service: create, start, exec, stop by its socket" {
	local session
	API_SOCKET=/home/plain/api.sock
	service_start
	api POST /containers/create '{"name": "served", "image": "alpine",
		"netns": {"nsmode": "none"}, "command": ["sleep", "1000"]}'
	api POST /containers/served/start
	session=$(api POST /containers/served/exec '{"AttachStdout": true,
		"Cmd": ["echo", "by the socket"]}' | jq -r .Id)
	api POST "/exec/$session/start" '{"Detach": false}' | grep -a "by the socket"
	api POST "/containers/served/stop?timeout=0"
	api DELETE /containers/served
}
