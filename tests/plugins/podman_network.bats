#!/usr/bin/env bats
# podman_network.bats - podman on gocker: networks, ports, names, pods, play kube

load podman

setup_file() {
	podman_start
	podman network create --subnet 10.89.7.0/24 net
	podman run -d --name web --network net --ip 10.89.7.10 -p 127.0.0.1:8080:80 alpine sh -c \
		'echo page >/tmp/index.html; exec busybox nc -lk -p 80 -e cat /tmp/index.html'
}

teardown_file() { engines_stop; }

@test "network none: loopback only" {
	run quick alpine sh -c 'ls /sys/class/net; ping -c 1 -w 2 127.0.0.1 >/dev/null && echo up'
	assert_equal "$output" "lo
up"
}

@test "network host: that of the host" {
	assert_equal "$(podman run --rm --network host alpine readlink /proc/self/ns/net)" \
		"$(on_host readlink /proc/self/ns/net)"
}

@test "network bridge: an address, a route, and another container by address and by name" {
	run podman run --rm --network net alpine sh -c 'ip route; nc -w 3 10.89.7.10 80 </dev/null'
	assert_output_has "default via 10.89.7.1"
	assert_output_has page
	wait_until by_name
}

by_name() {
	podman run --rm --network net alpine sh -c 'nc -w 3 web 80 </dev/null' | grep -q page
}

@test "publish: a port of the host leads to the container" {
	assert_equal "$(podman port web)" "80/tcp -> 127.0.0.1:8080"
	run on_host bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080; read -t 5 x <&3; echo $x'
	assert_equal "$output" page
}

@test "network container: shares that of another" {
	run podman run --rm --network container:web alpine sh -c 'nc -w 3 127.0.0.1 80 </dev/null'
	assert_equal "$output" page
}

@test "network ns: joins a namespace by its path; a static mac address is taken" {
	on_host ip netns add given
	run podman run --rm --network ns:/run/netns/given alpine readlink /proc/self/ns/net
	assert_equal "$output" "net:[$(on_host stat -Lc %i /run/netns/given)]"
	run podman run --rm --network net --mac-address 02:00:00:00:00:09 alpine cat \
		/sys/class/net/eth0/address
	assert_equal "$output" 02:00:00:00:00:09
}

@test "network connect and disconnect: a running container's" {
	podman run -d --name joins --network net alpine sleep 1000
	podman network create other
	podman network connect other joins
	podman exec joins ip link show eth1
	podman network disconnect other joins
	exits 2 podman exec joins sh -c 'ip link show eth1 || exit 2'
	discard joins
}

@test "pod: its containers share network, ipc and host name, and have their own processes" {
	local name
	podman pod create --name pod --hostname podded --network none
	podman run -d --pod pod --name first alpine sleep 1000
	podman run -d --pod pod --name second alpine sleep 1000
	for name in net ipc uts; do
		assert_equal "$(podman exec first readlink /proc/self/ns/$name)" \
			"$(podman exec second readlink /proc/self/ns/$name)"
	done
	[[ $(podman exec first readlink /proc/self/ns/pid) != \
		"$(podman exec second readlink /proc/self/ns/pid)" ]]
	assert_equal "$(podman exec second hostname)" podded
	run podman pod ps --format '{{.Name}} {{.Status}} {{.NumberOfContainers}}'
	assert_equal "$output" "pod Running 3"
}

@test "pod: paused, stopped, started and removed as one" {
	podman pod pause pod
	status_is first paused
	podman pod unpause pod
	podman pod stop -t 0 pod
	status_is second exited
	podman pod start pod
	status_is first running
	run podman pod top pod
	assert_output_has "sleep 1000"
	podman pod rm -f -t 0 pod
	exits 1 podman pod exists pod
	exits 1 podman container exists first
}

@test "pod: one process table where it is shared" {
	podman pod create --name one --network none --share pid,ipc,uts
	podman run -d --pod one --name its alpine sleep 998
	run podman run --rm --pod one alpine ps
	assert_output_has "sleep 998"
	podman pod rm -f -t 0 one
}

@test "play kube: what generate kube wrote runs again, and is taken down" {
	podman pod create --name pod --network none
	podman create --pod pod --name first alpine sleep 1000
	podman create --pod pod --name second alpine sleep 1000
	podman generate kube pod >"$BATS_FILE_TMPDIR/pod.yaml"
	podman pod rm -f -t 0 pod
	podman play kube --network none - <"$BATS_FILE_TMPDIR/pod.yaml"
	status_is pod-first running
	status_is pod-second running
	podman play kube --down - <"$BATS_FILE_TMPDIR/pod.yaml"
	exits 1 podman pod exists pod
}

@test "play kube: command, environment, limits, volumes, read-only root" {
	podman play kube --network none - <<-'END'
		apiVersion: v1
		kind: Pod
		metadata:
		  name: kube
		spec:
		  containers:
		  - name: main
		    image: localhost/alpine
		    command: [sh, -c]
		    args: ["touch /data/file; echo $COLOUR; touch /x; exec sleep 1000"]
		    env: [{name: COLOUR, value: blue}]
		    securityContext: {readOnlyRootFilesystem: true, runAsUser: 0}
		    resources: {limits: {memory: 64Mi}}
		    volumeMounts: [{name: data, mountPath: /data}]
		  volumes:
		  - name: data
		    persistentVolumeClaim: {claimName: claim}
	END
	wait_until logs_have kube-main Read-only
	run podman logs kube-main
	assert_output_has blue
	run quick -v claim:/data alpine ls /data
	assert_equal "$output" file
	assert_equal "$(limit kube-main memory memory.limit_in_bytes memory.max)" 67108864
	podman pod rm -f -t 0 kube
}
