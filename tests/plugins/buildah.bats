#!/usr/bin/env bats
# buildah.bats - buildah builds images on gocker as it does on crun and runc

bats_require_minimum_version 1.5.0

load host

# "base" is an image of the root filesystem, "work" a container of it for the tests that need one.
setup_file() {
	engines_start
	[[ $EUID == 0 && -z ${ENGINES_MISSING-} ]] || return 0
	on_host sh -c 'mkdir -p /var/lib/containers &&
		mount -t tmpfs storage /var/lib/containers &&
		cat >/etc/containers/containers.conf' <<-END
		[containers]
		default_ulimits = [$(default_ulimits)]
		[engine]
		cgroup_manager = "cgroupfs"
		runtime = "$RUNTIME"
	END
	on_host tee /root/rootfs.tar <"$IMAGE" >/dev/null
	buildah from --name scratch scratch
	buildah add --quiet scratch /root/rootfs.tar /
	buildah commit --quiet scratch base
	buildah from --name work base
}

teardown_file() { engines_stop; }

buildah() { on_host env BUILDAH_ISOLATION=oci buildah "$@"; }

# in_work [OPTION...] COMMAND [ARGUMENT...]
in_work() { buildah run --network none "$@"; }

# build TAG: of the Containerfile on standard input, with a folder for what it copies.
build() {
	on_host sh -c 'mkdir -p /root/context && cat >/root/context/Containerfile'
	buildah bud --network none --tag "$1" /root/context
}

# run_in IMAGE COMMAND [ARGUMENT...]: in a container that goes again.
run_in() {
	local container
	container=$(buildah from "$1")
	in_work "$container" "${@:2}"
	buildah rm "$container" >/dev/null
}

@test "run: output, input and exit status are the program's" {
	run -3 --separate-stderr in_work work sh -c 'cat; echo out; exit 3' <<<"in"
	[[ $output == "in
out" ]]
}

@test "run: nothing is added to what the program says" {
	run -0 in_work work sh -c 'echo on standard error >&2'
	[[ $output == "on standard error" ]]
}

@test "run: the runtime is the one that was asked for" {
	run ! in_work work /no/such/program
	assert_output_has "from /usr/bin/$RUNTIME creating container for [/no/such/program]"
}

@test "run: a program that is not there is named, with the reason" {
	run ! in_work work nosuch
	assert_output_has nosuch
	assert_output_has "not found in \$PATH"
	run ! in_work work /etc/passwd
	assert_output_has "ermission denied"
}

@test "run: what it writes is there for the next one, and in the image" {
	in_work work sh -c 'echo kept >/kept'
	[[ $(in_work work cat /kept) == kept ]]
	buildah commit --quiet work kept
	[[ $(run_in kept cat /kept) == kept ]]
}

@test "run --network: none has loopback only, host has the host's devices" {
	[[ $(buildah run --network none work ls /sys/class/net) == lo ]]
	on_host ip link add hostlink type bridge
	run buildah run --network host work ls /sys/class/net
	on_host ip link del hostlink
	assert_output_has hostlink
}

@test "run: a network of its own has an address" {
	run buildah run work ip address show eth0
	assert_status 0
	assert_output_has "inet "
}

@test "run --volume: the folder is there, read-only where asked" {
	on_host sh -c 'mkdir -p /root/volume && echo data >/root/volume/file'
	in_work --volume /root/volume:/volume work cp /volume/file /volume/copy
	[[ $(on_host cat /root/volume/copy) == data ]]
	run ! in_work --volume /root/volume:/volume:ro work touch /volume/file
	assert_output_has "Read-only file system"
}

@test "run --mount: a tmpfs of the size that was asked for" {
	run in_work --mount type=tmpfs,destination=/scratch,tmpfs-size=2m work \
		grep " /scratch " /proc/mounts
	assert_output_has "size=2048k"
}

@test "run --cap-add, --cap-drop: are in the sets, and act" {
	local before after
	before=0x$(in_work work awk '/CapBnd/ { print $2 }' /proc/self/status)
	after=0x$(in_work --cap-add CAP_NET_ADMIN --cap-drop CAP_CHOWN work \
		awk '/CapBnd/ { print $2 }' /proc/self/status)
	((after == (before & ~1 | 1 << 12)))
	in_work work chown 5:5 /tmp
	run ! in_work --cap-drop CAP_CHOWN work chown 6:6 /tmp
	assert_output_has "not permitted"
}

@test "run --user, --workingdir, --env: are the program's" {
	# shellcheck disable=SC2016 # expands in the container
	run in_work --user 1234:4321 --workingdir /tmp --env WORD=value work \
		sh -c 'echo "$(id -u):$(id -g) $PWD $WORD"'
	assert_output_has "1234:4321 /tmp value"
}

@test "run --tty: is a terminal, which the program may open" {
	run in_work --tty work sh -c 'test -t 0 && test -t 1 && echo opened >/dev/tty'
	assert_status 0
	assert_output_has opened
}

@test "run --hostname: is the name" {
	[[ $(in_work --hostname its-name work hostname) == its-name ]]
}

@test "from --memory, --cpu-shares, --ulimit, --shm-size: limit each run" {
	local container
	container=$(buildah from --memory 64m --cpu-shares 512 --ulimit nofile=100:200 \
		--shm-size 1m base)
	run in_work "$container" sh -c 'ulimit -n; ulimit -Hn; df /dev/shm | tail -1
		cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max
		cat /sys/fs/cgroup/cpu/cpu.shares /sys/fs/cgroup/cpu.weight' 2>&1
	buildah rm "$container"
	assert_output_has "100
200"
	assert_output_has " 1024 "
	assert_output_has 67108864
	grep -xE "512|20" <<<"$output"
}

@test "copy, add: owner and mode are as asked, an archive is unpacked" {
	on_host sh -c 'cd /root && echo copied >file && tar -cf archive.tar file'
	buildah copy --quiet --chown 12:34 --chmod 640 work /root/file /copied
	buildah add --quiet work /root/archive.tar /unpacked/
	[[ $(in_work work stat -c '%u %g %a' /copied) == "12 34 640" ]]
	[[ $(in_work work cat /unpacked/file) == copied ]]
}

@test "config: user, folder, environment and command are those of a container of the image" {
	local container
	container=$(buildah from base)
	buildah config --user 77 --workingdir /var --env WORD=configured --cmd "ls /" "$container"
	buildah commit --quiet --rm "$container" configured
	# shellcheck disable=SC2016 # expands in the container
	run run_in configured sh -c 'echo "$(id -u) $PWD $WORD"'
	assert_output_has "77 /var configured"
	run buildah inspect --type image --format '{{.OCIv1.Config.Cmd}}' configured
	[[ $output == "[ls /]" ]]
}

@test "bud: each RUN finds what those before it left, USER, WORKDIR and ENV hold" {
	build built <<-'END'
		FROM base
		ENV WORD=build
		RUN echo one >/one && mkdir -m 777 /data
		RUN cat /one >/two && echo two >>/two
		WORKDIR /data
		USER 1234
		RUN echo "$(id -u) $PWD $WORD" >result
	END
	[[ $(run_in built cat /two /data/result) == "one
two
1234 /data build" ]]
}

@test "bud: a RUN that fails ends the build with its status and what it said" {
	run -42 build broken <<-'END'
		FROM base
		RUN echo said before && exit 42
		RUN echo never reached
	END
	assert_output_has "said before"
	assert_output_has "exit status 42"
	[[ $output != *"STEP 3"* ]]
	run ! buildah inspect --type image broken
}

@test "bud: a RUN of a program that is not there ends the build and names it" {
	run ! build broken <<-'END'
		FROM base
		RUN ["/no/such/program"]
	END
	assert_output_has "/no/such/program"
	assert_output_has "o such file or directory"
}

@test "bud: stages, COPY --from, ARG, RUN --mount of another stage and of a cache" {
	build staged <<-'END'
		FROM base AS first
		ARG WORD=argument
		RUN echo $WORD >/made
		FROM base
		COPY --from=first /made /copied
		RUN --mount=type=bind,from=first,source=/made,target=/bound cp /bound /from-mount
		RUN --mount=type=cache,target=/cache echo cached >/cache/file
		RUN --mount=type=cache,target=/cache cp /cache/file /from-cache
	END
	[[ $(run_in staged cat /copied /from-mount /from-cache) == "argument
argument
cached" ]]
}

@test "bud --layers: what is built a second time comes from the cache" {
	local file="FROM base
RUN date +%N >/when"
	buildah rmi --force layered &>/dev/null || :
	on_host sh -c 'cat >/root/Layers' <<<"$file"
	buildah bud --layers --network none --tag layered -f /root/Layers /root/context
	run buildah bud --layers --network none --tag layered -f /root/Layers /root/context
	assert_status 0
	assert_output_has "Using cache"
}

plain_buildah() { as_plain env BUILDAH_ISOLATION=oci buildah "$@"; }

@test "rootless: build, run, ids and exit status" {
	as_plain mkdir /home/plain/context
	as_plain tee /home/plain/context/rootfs.tar <"$IMAGE" >/dev/null
	as_plain tee /home/plain/context/Containerfile >/dev/null <<-'END'
		FROM scratch
		ADD rootfs.tar /
		RUN echo made >/made && chown 1234 /made
		USER 1234
	END
	plain_buildah bud --network none --tag built /home/plain/context
	plain_buildah from --name work built
	run -5 --separate-stderr plain_buildah run --network none work \
		sh -c 'cat /made; id -u; exit 5'
	[[ $output == "made
1234" ]]
	run plain_buildah run --network host --user 0 --tty work \
		sh -c 'stat -c %u /made; tail -n 1 /proc/self/uid_map; test -t 0 && echo terminal'
	assert_output_has 1234
	assert_output_has 65536
	assert_output_has terminal
}

# After all others.
@test "nothing of the runtime is left behind" {
	in_work work true
	[[ -z $(on_host find /sys/fs/cgroup -mindepth 2 -type d -name '*buildah*') ]]
	[[ $RUNTIME != gocker || -z $(on_host gocker list -q) ]]
}
