#!/usr/bin/env bats
# docker_options.bats - docker runs on gocker: what run's options ask for is what the container has

load docker

bats_require_minimum_version 1.5.0

setup_file() { docker_start; }
teardown_file() { docker_stop; }

quick() { docker run --rm --network none "$@"; }

# status_is NAME VALUE: of the process of the container "long", which has no options.
status_is() {
	local value
	value=$(on_host sed -n "s/^$1:\s*//p" "/proc/$(docker_field long .State.Pid)/status")
	[[ $value == "$2" ]] || fail "$1 is $value"
}
own_status_has() { assert_output_has "$1:"$'\t'"$2"; }

@test "--memory, --cpus, --pids-limit and their like are in the control group" {
	docker run -d --name bound --network none --memory 64m --memory-swap 96m --cpus 0.5 \
		--cpu-shares 512 --pids-limit 50 --cpuset-cpus 0 alpine sleep 1000
	[[ $(cgroup_value bound memory/memory.limit_in_bytes memory.max) == 67108864 ]]
	run cgroup_value bound memory/memory.memsw.limit_in_bytes memory.swap.max
	[[ $output == 100663296 || $output == 33554432 ]]
	run cgroup_value bound cpu/cpu.cfs_quota_us cpu.max
	[[ $output == 50000 || $output == "50000 100000" ]]
	run cgroup_value bound cpu/cpu.shares cpu.weight
	[[ $output == 512 || $output == 20 ]]
	[[ $(cgroup_value bound pids/pids.max pids.max) == 50 ]]
	[[ $(cgroup_value bound cpuset/cpuset.cpus cpuset.cpus) == 0 ]]
}

@test "stats: figures of the container, with the limit" {
	run docker stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' bound
	assert_status 0
	assert_output_has "64MiB 1"
	[[ $output != 0B* ]]
}

@test "update: the limits of a running container change" {
	docker update --memory 100m --memory-swap 200m --cpus 1 --pids-limit 60 bound
	[[ $(cgroup_value bound memory/memory.limit_in_bytes memory.max) == 104857600 ]]
	run cgroup_value bound cpu/cpu.cfs_quota_us cpu.max
	[[ $output == 100000 || $output == "100000 100000" ]]
	[[ $(cgroup_value bound pids/pids.max pids.max) == 60 ]]
}

@test "update of a stopped container: it has the limits when it starts" {
	docker stop -t 0 bound
	docker update --memory 80m --memory-swap 160m bound
	docker start bound
	[[ $(cgroup_value bound memory/memory.limit_in_bytes memory.max) == 83886080 ]]
}

@test "--memory: who takes more is killed, and docker says so" {
	run docker run --name greedy --network none --memory 16m --memory-swap 16m alpine \
		sh -c 'head -c 64m /dev/zero | tail'
	[[ $status != 0 ]]
	docker_field_is greedy .State.OOMKilled true
}

@test "--pids-limit: no more processes than that" {
	run quick --pids-limit 3 alpine sh -c 'for i in 1 2 3 4 5; do sleep 1 & done; echo all'
	assert_output_has "can't fork"
}

@test "--ulimit: a limit of the process" {
	run quick --ulimit nofile=123:456 alpine sh -c 'ulimit -Sn; ulimit -Hn'
	[[ $output == 123$'\n'456 ]]
}

@test "--user and --group-add: by number, and by the name that the image knows" {
	run quick --user 12:34 --group-add 56 alpine sh -c 'id -u; id -G'
	[[ $output == 12$'\n'*34*56* ]]
	run quick --user nobody:0 alpine sh -c 'id -u; id -g'
	[[ $status != 0 || $output == 65534$'\n'0 ]]
	run quick --user nonesuch alpine id
	assert_status 125
	assert_output_has "unable to find user nonesuch"
}

@test "--cap-drop and --cap-add: those that are asked for, and no others" {
	status_is CapEff 00000000a80425fb
	run quick --cap-drop ALL --cap-add NET_ADMIN alpine cat /proc/self/status
	own_status_has CapEff 0000000000001000
	own_status_has CapPrm 0000000000001000
	own_status_has CapBnd 0000000000001000
}

@test "--user without root has no capability but in its bounding set" {
	run quick --user 12:34 alpine cat /proc/self/status
	own_status_has CapEff 0000000000000000
	own_status_has CapBnd 00000000a80425fb
}

@test "--security-opt: no new privileges, no filter" {
	status_is NoNewPrivs 0
	status_is Seccomp 2
	run quick --security-opt no-new-privileges --security-opt seccomp=unconfined alpine \
		cat /proc/self/status
	own_status_has NoNewPrivs 1
	own_status_has Seccomp 0
}

@test "--security-opt seccomp: a filter of the user's" {
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 17}]}' \
		>"$BATS_FILE_TMPDIR/filter.json"
	run quick --security-opt "seccomp=$BATS_FILE_TMPDIR/filter.json" alpine mkdir /made
	assert_status 1
	assert_output_has "File exists"
}

@test "docker's own filter holds for exec, too: no new user namespace" {
	run docker exec long unshare -U true
	[[ $status != 0 ]]
	assert_output_has "Operation not permitted"
}

@test "--read-only and --tmpfs: written to is only the latter" {
	run quick --read-only --tmpfs /scratch:size=1m,noexec alpine sh -c '
		touch /x; touch /scratch/x && grep " /scratch " /proc/mounts'
	assert_status 0
	assert_output_has "Read-only file system"
	assert_output_has "size=1024k"
	assert_output_has noexec
}

@test "--device: the nodes are there with their rights, and no others can be opened" {
	run quick --device /dev/fuse:/dev/given --device /dev/zero:/dev/zeroes:r alpine sh -c '
		test -c /dev/given && head -c 3 /dev/zeroes | wc -c
		mknod /x c 10 237 && head -c 1 /x'
	assert_status 1
	grep -qx 3 <<<"$output"
	assert_output_has "Operation not permitted"
}

@test "--privileged: capabilities, devices, no filter, /proc/sys to be written" {
	run quick --privileged alpine sh -c 'sed -n "s/^Seccomp:\s*//p" /proc/self/status
		test -e /dev/loop-control -o -e /dev/kmsg && echo devices
		echo 40 >/proc/sys/net/ipv4/ip_default_ttl && cat /proc/sys/net/ipv4/ip_default_ttl
		mount -t tmpfs none /mnt && echo mounted
		grep -q " /sys sysfs rw" /proc/mounts && echo writable'
	[[ $output == 0$'\n'devices$'\n'40$'\n'mounted$'\n'writable ]] || fail "got: $output"
}

@test "without --privileged /proc and /sys are masked and cannot be written" {
	run docker exec long sh -c 'echo 40 >/proc/sys/net/ipv4/ip_default_ttl
		cat /proc/kcore | wc -c
		ls /proc/acpi /sys/firmware; mkdir /sys/fs/x'
	[[ $status != 0 ]]
	[[ $(grep -c "Read-only file system" <<<"$output") == 2 ]]
	grep -qx 0 <<<"$output"
}

@test "--init: a small init is the parent, and passes signals on" {
	docker run -d --name parent --init --network none alpine sleep 1000
	[[ $(docker exec parent cat /proc/1/comm) == docker-init ]]
	docker stop -t 10 parent
	docker_field_is parent .State.ExitCode 143
}

@test "--env, --env-file, --workdir, --entrypoint, --hostname, --label" {
	echo "SECOND=from file" >"$BATS_FILE_TMPDIR/env"
	# shellcheck disable=SC2016 # expands in the container
	run quick -e FIRST=given --env-file "$BATS_FILE_TMPDIR/env" -w /made/here -h named \
		--label "word=kept" --entrypoint sh alpine \
		-c 'echo "$FIRST,$SECOND,$PWD,$(hostname),$(cat /etc/hostname)"'
	[[ $output == "given,from file,/made/here,named,named" ]]
}

@test "--sysctl, --shm-size, --oom-score-adj" {
	run quick --sysctl net.ipv4.ip_default_ttl=33 --shm-size 2m --oom-score-adj 500 alpine \
		sh -c 'cat /proc/sys/net/ipv4/ip_default_ttl; cat /proc/self/oom_score_adj
		grep " /dev/shm " /proc/mounts'
	assert_output_has 33$'\n'500
	assert_output_has size=2048k
}

@test "--pid, --ipc, --uts host: the namespaces are the host's" {
	# shellcheck disable=SC2016 # expands in the container
	local namespaces='for n in pid ipc uts; do readlink /proc/self/ns/$n; done' host own
	host=$(on_host sh -c "$namespaces")
	[[ $(quick --pid host --ipc host --uts host alpine sh -c "$namespaces") == "$host" ]]
	own=$(docker exec long sh -c "$namespaces")
	[[ $(comm -12 <(sort <<<"$host") <(sort <<<"$own")) == "" ]]
}

@test "--pid container:ID: one container sees the processes of the other" {
	run quick --pid container:long alpine ps -o pid,args
	[[ $output == *"1 sleep 1000"* ]]
}

@test "--cgroupns private: its own control group is the root" {
	run quick --cgroupns private alpine cat /proc/self/cgroup
	assert_status 0
	[[ $output != *docker* ]]
}

@test "--cgroup-parent: the container is below that group" {
	[[ $(docker info --format '{{.CgroupDriver}}') == cgroupfs ]] || skip "another driver"
	run quick --cgroup-parent /elsewhere --cgroupns host alpine cat /proc/self/cgroup
	assert_output_has "/elsewhere/"
}

@test "--volume: a folder of the host, also read-only, and one that is not there yet" {
	local folder=$BATS_TEST_TMPDIR/shared
	mkdir "$folder"
	chmod 755 "$BATS_TEST_TMPDIR"
	echo there >"$folder/there"
	run quick -v "$folder:/shared" -v "$folder:/fixed:ro" -v "$folder/new:/new" alpine sh -c '
		cat /shared/there; echo back >/shared/back; touch /new/made; touch /fixed/x'
	assert_status 1
	grep -qx there <<<"$output"
	[[ $(<"$folder/back") == back && -e $folder/new/made ]]
	assert_output_has "Read-only file system"
}

@test "volume: has what the image has there, and outlives the container" {
	docker volume create kept
	quick -v kept:/etc alpine sh -c 'echo more >/etc/more'
	run quick --mount type=volume,source=kept,target=/mnt,readonly alpine \
		sh -c 'cat /mnt/more; test -s /mnt/passwd && echo copied'
	[[ $output == more$'\n'copied ]]
	docker volume rm kept
}

@test "--volumes-from: those of another container; anonymous ones go with --rm" {
	docker run -d --name owner -v /owned --network none alpine sleep 1000
	docker exec owner sh -c 'echo word >/owned/word'
	[[ $(quick --volumes-from owner alpine cat /owned/word) == word ]]
	docker rm -f -v owner
	[[ -z $(docker volume ls -q) ]]
}

@test "--mount type=bind with propagation: what is mounted later is seen" {
	on_host sh -c 'mkdir -p /run/spread && mount -t tmpfs spread /run/spread &&
		mount --make-shared /run/spread && mkdir /run/spread/later'
	docker run -d --name watcher --network none \
		--mount type=bind,source=/run/spread,target=/spread,bind-propagation=rslave \
		alpine sleep 1000
	on_host sh -c 'mount -t tmpfs later /run/spread/later && touch /run/spread/later/made'
	run docker exec watcher ls /spread/later
	[[ $output == made ]]
}
