# podman.bash - what the tests of podman share: its configuration, an image, a terminal
#
# After podman_start in setup_file there are
#
#	podman ARGUMENT...       podman of the host of host.bash, with the image "alpine"
#	on_terminal STATUS STEP... -- COMMAND...   on a terminal of the host, see pty_run.py;
#	                         what it shows is in the file $SCREEN
#	in_long COMMAND...       podman exec in the container "long", which runs all the time
#
# RUNTIME=crun or RUNTIME=runc runs the same tests with another runtime.

load host

podman() { on_host podman "$@"; }

podman_start() {
	engines_start
	[[ $EUID == 0 && -z $ENGINES_MISSING ]] || return 0
	cp "$PLUGINS/../runtime/pty_run.py" "$BATS_FILE_TMPDIR"
	on_host sh -c 'cat >/etc/containers/containers.conf' <<-END
		[containers]
		default_ulimits = [$(default_ulimits)]
		[engine]
		cgroup_manager = "${CGROUP_MANAGER-cgroupfs}"
		events_logger = "file"
		runtime = "$RUNTIME"
	END
	import_image
}

# As images have it: not all that podman starts has a PATH else.
import_image() {
	podman import --change 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' - localhost/alpine \
		<"$IMAGE" 2>/dev/null
}

# long_start [OPTION...]: a container that tests look into.
long_start() { detached long "$@" alpine sleep 1000; }
in_long() { podman exec long "$@"; }

# detached NAME [OPTION...] alpine COMMAND...
detached() { podman run -d --network none --name "$@"; }

# quick [OPTION...] alpine COMMAND...: a container that is gone when its program has ended.
quick() { podman run --rm --network none "$@"; }

on_terminal() {
	SCREEN=$BATS_FILE_TMPDIR/screen-$BATS_TEST_NUMBER
	touch "$SCREEN"
	chmod 666 "$SCREEN"
	exits "$1" on_host python3 "$BATS_FILE_TMPDIR/pty_run.py" 80x24 "$SCREEN" "${@:2}"
}

# discard CONTAINER...: twice where podman meets its own cleanup of one that ends just then.
discard() { podman rm -f -t 0 "$@" || podman rm -f -t 0 "$@"; }

# Where the service of service_start is to be found.
API_SOCKET=/run/api.sock

service_start() {
	on_host podman system service -t 60 "unix://$API_SOCKET" >/dev/null 2>&1 &
	wait_until on_host test -S "$API_SOCKET"
	wait_until api GET /_ping
}

# api METHOD PATH [JSON]: of the service; its answer.
api() {
	on_host python3 - "$API_SOCKET" "$@" <<-'END'
		import http.client, socket, sys
		connection = http.client.HTTPConnection("d")
		connection.sock = socket.socket(socket.AF_UNIX)
		connection.sock.connect(sys.argv[1])
		body = sys.argv[4] if len(sys.argv) > 4 else None
		connection.request(sys.argv[2], "/v4.0.0/libpod" + sys.argv[3], body,
		                   {"Content-Type": "application/json"})
		answer = connection.getresponse()
		print(answer.read().decode(errors="replace"))
		sys.exit(answer.status >= 400)
	END
}

# Where the socket of notified is made.
NOTIFY_FOLDER=/run

# notified POLICY [ARGUMENT...]: what arrives at $NOTIFY_SOCKET of podman run.
notified() {
	on_host timeout 20 python3 - "$NOTIFY_FOLDER" "$@" <<-'END'
		import os, socket, subprocess, sys
		path = sys.argv[1] + "/notify-" + sys.argv[2]
		host = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		host.bind(path)
		options = ["--network", "none", "--name", "notes-" + sys.argv[2],
		           "--sdnotify", sys.argv[2]]
		subprocess.run(["podman", "run", "-d"] + options + sys.argv[3:],
		               env=dict(os.environ, NOTIFY_SOCKET=path), check=True)
		host.settimeout(5)
		text = ""
		try:
		    while "READY=1" not in text or "MAINPID" not in text:
		        text += host.recv(4096).decode() + "\n"
		except TimeoutError:
		    pass
		print(text)
	END
}

inspect() { podman inspect --format "$2" "$1"; }
status_is() { [[ $(inspect "$1" '{{.State.Status}}') == "$2" ]]; }
health_is() { [[ $(inspect "$1" '{{.State.Health.Status}}') == "$2" ]]; }
logs_have() { podman logs "$1" 2>&1 | grep -q "$2"; }

# limit CONTAINER CONTROLLER FILE-OF-V1 FILE-OF-V2: what stands in its control group.
limit() {
	# shellcheck disable=SC2016 # expands on the host
	on_host sh -c 'of_v1=$(sed -n "s/^[0-9]*:\([^:]*,\)*$2\(,[^:]*\)*:/\//p" "/proc/$1/cgroup")
		if [ -n "$of_v1" ]; then
			cat "/sys/fs/cgroup/$2/$of_v1/$3"
		else
			cat "/sys/fs/cgroup/$(sed -n s/^0:://p "/proc/$1/cgroup")/$4"
		fi' sh "$(inspect "$1" '{{.State.Pid}}')" "${@:2}"
}

# exits STATUS COMMAND...: what it writes is in $output. (bats' run warns of 127.)
# shellcheck disable=SC2034 # for assert_output_has
exits() {
	local wanted=$1
	status=0
	output=$("${@:2}" 2>&1) || status=$?
	assert_status "$wanted"
}

# assert_no_process NAME...: on the host.
assert_no_process() {
	local name
	for name; do
		run on_host pgrep -lx "$name"
		assert_equal "$output" ""
	done
}

assert_equal() { [[ $1 == "$2" ]] || fail "expected: $2" "got: $1"; }
