# containerd.bash - what the tests of containerd share: the daemon on its host, and an image
#
#	$REF       the image's name
#	ctr        the client
#	launch     "ctr run" with the runtime that is tested
#	$ID        an id that no other test has
#	$DAEMON    a folder of the daemon's: config.toml, log, pid

load host

REF=gocker.test/alpine:1
DAEMON=/run/containerd-test

setup() {
	need_engines
	ID=c$BATS_TEST_NUMBER
	OUT=$BATS_TEST_TMPDIR/out
}

# archive_image NAME: as "docker save" writes it, to $BATS_FILE_TMPDIR/image.tar.
archive_image() {
	local folder=$BATS_FILE_TMPDIR/image sum
	mkdir "$folder"
	ln "$IMAGE" "$folder/layer.tar"
	sum=$(sha256sum <"$IMAGE")
	jq -n --arg layer "sha256:${sum%% *}" '{architecture: "amd64", os: "linux",
		config: {Cmd: ["sleep", "1000"],
			Env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]},
		rootfs: {type: "layers", diff_ids: [$layer]}}' >"$folder/config.json"
	jq -n --arg name "$1" '[{Config: "config.json", RepoTags: [$name],
		Layers: ["layer.tar"]}]' >"$folder/manifest.json"
	tar -cf "$BATS_FILE_TMPDIR/image.tar" -C "$folder" .
}

# What calls "runc" whatever it is told to, finds the runtime that is tested.
daemon_configure() {
	on_host sh -c "mkdir -p $DAEMON/bin $DAEMON/cni
		ln -sf \"\$(command -v $RUNTIME)\" $DAEMON/bin/runc
		cat >$DAEMON/config.toml" <<-END
		version = 2
		root = "$DAEMON/root"
		state = "$DAEMON/state"
		[plugins."io.containerd.grpc.v1.cri"]
		sandbox_image = "$REF"
		restrict_oom_score_adj = true
		[plugins."io.containerd.grpc.v1.cri".cni]
		bin_dir = "/usr/lib/cni"
		conf_dir = "$DAEMON/cni"
		[plugins."io.containerd.grpc.v1.cri".containerd]
		default_runtime_name = "tested"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.tested]
		runtime_type = "io.containerd.runc.v2"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.tested.options]
		BinaryName = "$RUNTIME"
	END
}

# A network for the pods of cri.bats, of this host only.
daemon_configure_network() {
	on_host sh -c "cat >$DAEMON/cni/10-tests.conflist" <<-END
		{"cniVersion": "0.4.0", "name": "tests", "plugins": [{
			"type": "bridge", "bridge": "tests0", "isGateway": true,
			"ipam": {"type": "host-local", "dataDir": "$DAEMON/leases",
				"ranges": [[{"subnet": "10.77.0.0/24"}]],
				"routes": [{"dst": "0.0.0.0/0"}]}}]}
	END
}

daemon_start() {
	on_host sh -c "PATH=$DAEMON/bin:\$PATH
		containerd -c $DAEMON/config.toml >>$DAEMON/log 2>&1 &
		echo \$! >$DAEMON/pid"
	wait_until on_host ctr version >/dev/null 2>&1
}

daemon_is_gone() { run ! on_host sh -c "kill -0 \$(cat $DAEMON/pid)"; }

daemon_stop() {
	on_host sh -c "kill -KILL \$(cat $DAEMON/pid)"
	wait_until daemon_is_gone
}

# containerd_start NAMESPACE: with the image in it. Return: 1 where the tests will be skipped.
containerd_start() {
	engines_start
	[[ $EUID == 0 && -z ${ENGINES_MISSING-} ]] || return
	archive_image "$REF"
	daemon_configure
	daemon_configure_network
	daemon_start
	on_host ctr -n "$1" image import "$BATS_FILE_TMPDIR/image.tar"
}

containerd_stop() {
	[[ -z ${VM_INSIDE-} ]] || daemon_stop
	engines_stop
}

ctr() { on_host ctr "$@"; }
launch() { ctr run --runc-binary "$RUNTIME" "$@"; }

task_pid() { ctr task ls | awk -v id="$1" '$1 == id { print $2 }'; }
task_status() { ctr task ls | awk -v id="$1" '$1 == id { print $3 }'; }
task_is() { [[ $(task_status "$1") == "$2" ]]; }

# limit_of PID CONTROLLER V1-FILE V2-FILE: what the control group of a process of the host has.
limit_of() {
	on_host bash -c "$(declare -f cgroup_dir)"'
		dir=$(cgroup_dir "$2" "$1")
		cat "$dir/$3" 2>/dev/null || cat "$dir/$4"' bash "$@"
}
