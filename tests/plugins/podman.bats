#!/usr/bin/env bats
# podman.bats - podman runs on gocker as it does on crun and runc

load host

setup_file() {
	engines_start
	on_host sh -c 'cat >/etc/containers/containers.conf' <<-END
		[containers]
		default_ulimits = [$(default_ulimits)]
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		runtime = "$RUNTIME"
	END
	on_host podman import - alpine <"$IMAGE"
}

teardown_file() { engines_stop; }

podman() { on_host podman "$@"; }

@test "run: output and exit status are the program's" {
	run podman run --rm --network none alpine sh -c 'echo out; exit 3'
	assert_status 3
	assert_output_has out
}
