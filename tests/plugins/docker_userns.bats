#!/usr/bin/env bats
# docker_userns.bats - docker with --userns-remap runs on gocker: root in containers is not outside

load docker

bats_require_minimum_version 1.5.0

setup_file() { docker_start '{"userns-remap": "plain"}'; }
teardown_file() { docker_stop; }

quick() { docker run --rm --network none "$@"; }
first_id() { on_host sed -n 's/^plain:\([0-9]*\):.*/\1/p' /etc/subuid; }

@test "root in the container is the user's first subordinate id outside" {
	local pid
	pid=$(docker_field long .State.Pid)
	[[ $(docker exec long id -u) == 0 ]]
	[[ $(on_host stat -c %u "/proc/$pid") == "$(first_id)" ]]
	run docker exec long cat /proc/self/uid_map
	[[ $(tr -s ' ' <<<"$output") == " 0 $(first_id) 65536" ]]
}

@test "the image's files are root's inside, and a file of the host's root is nobody's" {
	run quick -v "$BATS_FILE_TMPDIR:/shared:ro" alpine stat -c %u /etc/passwd /shared
	[[ $output == 0$'\n'65534 ]]
}

@test "exec and a further user: mapped as well" {
	run docker exec -u 12 long sh -c 'id -u; cat /proc/self/uid_map'
	[[ ${lines[0]} == 12 ]]
	[[ $(tr -s ' ' <<<"${lines[1]}") == " 0 $(first_id) 65536" ]]
}

@test "on a network of its own, with a volume that it may write" {
	run docker run --rm -v made:/made alpine sh -c '
		echo word >/made/word && ping -c 1 -w 5 10.88.0.1 >/dev/null
		cat /made/word'
	assert_status 0
	[[ $output == word ]]
}

@test "limits are in the control group, which the container cannot change" {
	run quick --pids-limit 40 alpine sh -c 'cd /sys/fs/cgroup; [ ! -e pids ] || cd pids
		cat pids.max; echo 100 >pids.max'
	[[ $status != 0 ]]
	grep -qx 40 <<<"$output"
	assert_output_has denied
}

@test "--userns host: without a map for this one" {
	run quick --userns host alpine cat /proc/self/uid_map
	[[ $(tr -s ' ' <<<"$output") == " 0 0 4294967295" ]]
}

@test "build: as root inside" {
	local folder=$BATS_TEST_TMPDIR/context
	mkdir "$folder"
	printf '%s\n' 'FROM alpine' 'RUN id -u >/id; chown 12 /id' 'CMD stat -c %u /id' \
		>"$folder/Dockerfile"
	on_host env DOCKER_BUILDKIT=0 docker -H "unix://$DOCKER/socket" build --network none \
		-t built "$folder"
	[[ $(quick built) == 12 ]]
}
