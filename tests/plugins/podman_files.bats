#!/usr/bin/env bats
# podman_files.bats - podman on gocker: volumes, tmpfs, read-only roots, secrets, devices, copies

load podman

setup_file() {
	podman_start
	on_host sh -c 'mkdir -m 755 /run/share && mount --bind /run/share /run/share &&
		mount --make-shared /run/share && echo from-host >/run/share/file'
}

teardown_file() { engines_stop; }

@test "volume: a named one keeps what is written, and begins with what the image has" {
	podman volume create kept
	quick -v kept:/etc/apk -v kept:/data alpine sh -c 'echo word >/data/w'
	run quick -v kept:/root/x:ro alpine sh -c 'cat /root/x/w; echo no >/root/x/w'
	assert_status 1
	assert_output_has word
	assert_output_has "Read-only file system"
	quick -v begun:/etc alpine true
	assert_equal "$(quick -v begun:/x alpine cat /x/os-release | grep -c ^ID=)" 1
	podman volume rm kept begun
}

@test "volume: a folder of the host, also read-only; a single file" {
	run quick -v /run/share:/share alpine sh -c 'cat /share/file; echo back >/share/new'
	assert_equal "$output" from-host
	assert_equal "$(on_host cat /run/share/new)" back
	run quick -v /run/share:/share:ro alpine touch /share/no
	assert_status 1
	run quick -v /run/share/file:/etc/one:ro alpine cat /etc/one
	assert_equal "$output" from-host
	run quick --mount type=bind,src=/run/share,dst=/share,ro,bind-propagation=rslave alpine \
		grep /share /proc/self/mountinfo
	assert_output_has "master:"
	assert_output_has " ro,"
}

@test "volume: options nosuid, noexec and nodev act" {
	on_host cp /bin/true /run/share/true
	run quick -v /run/share:/share:nosuid,noexec,nodev alpine sh -c '/share/true; grep /share \
		/proc/self/mountinfo'
	assert_output_has "ermission denied"
	assert_output_has noexec
	assert_output_has nosuid
}

@test "volume :U: its files become the container's user's" {
	on_host sh -c 'mkdir -m 700 /run/owned && echo mine >/run/owned/file'
	run quick --user 1234:99 -v /run/owned:/o:U alpine cat /o/file
	assert_equal "$output" mine
	assert_equal "$(on_host stat -c %u:%g /run/owned/file)" 1234:99
}

@test "volume :O: what is written is gone with the container" {
	run quick -v /run/share:/share:O alpine sh -c 'echo over >/share/file; cat /share/file'
	assert_equal "$output" over
	assert_equal "$(on_host cat /run/share/file)" from-host
}

@test "volumes-from: those of another container" {
	detached owner -v /run/share:/share alpine sleep 1000
	assert_equal "$(quick --volumes-from owner alpine cat /share/file)" from-host
	discard owner
}

@test "tmpfs: mounted with its size and mode, with what the image has there" {
	run quick --tmpfs /t:size=1m,mode=1750 alpine sh -c 'stat -c %a /t; df -k /t'
	assert_output_has 1750
	assert_output_has " 1024 "
	run quick --mount type=tmpfs,dst=/etc,tmpcopyup alpine sh -c 'grep -c ^ID= /etc/os-release
		echo new >/etc/new; grep " /etc " /proc/self/mountinfo'
	assert_status 0
	[[ $output == 1* && $output == *tmpfs* ]] || fail "$output"
	run quick --shm-size 2m alpine df -k /dev/shm
	assert_output_has 2048
}

@test "read-only: nothing of the root can be written, but /tmp, /run and /dev/shm can" {
	run quick --read-only alpine sh -c 'touch /x; touch /etc/x
		touch /tmp/x /run/x /dev/shm/x && echo written'
	assert_output_has "/x: Read-only file system"
	assert_output_has "/etc/x: Read-only file system"
	assert_output_has written
	exits 1 quick --read-only --read-only-tmpfs=false alpine touch /tmp/x
	exits 1 quick --read-only alpine touch /etc/resolv.conf.d
}

@test "rootfs: a folder of the host as the container's root, also overlaid" {
	on_host sh -c 'mkdir /run/root && tar -x -C /run/root' <"$IMAGE"
	run quick --rootfs /run/root sh -c 'echo inside >/inside; grep -c ^ID= /etc/os-release'
	assert_equal "$output" 1
	assert_equal "$(on_host cat /run/root/inside)" inside
	run quick --rootfs /run/root:O sh -c 'echo over >/inside; cat /inside'
	assert_equal "$output" over
	assert_equal "$(on_host cat /run/root/inside)" inside
}

@test "secret: a file that only its user reads, and a variable" {
	echo hidden | podman secret create word -
	run quick --secret word,uid=12,mode=0400 alpine sh -c 'cat /run/secrets/word
		stat -c %u:%a /run/secrets/word'
	assert_equal "$output" "hidden
12:400"
	assert_equal "$(quick --secret word,type=env,target=W alpine sh -c 'echo $W')" hidden
	podman secret rm word
}

@test "device: it is there with its rights; what was not given cannot be made" {
	run quick --device /dev/fuse:/dev/given:rw alpine stat -c '%F %t:%T' /dev/given
	assert_equal "$output" "character special file a:e5"
	exits 1 quick --cap-add mknod alpine sh -c 'mknod /dev/x c 10 229 && cat /dev/x'
	run quick --device /dev/full:/dev/other:r alpine sh -c 'head -c 1 /dev/other | wc -c
		echo x >/dev/other'
	[[ $status != 0 && $output == 1* ]] || fail "$output"
	run quick --device /dev/null:/dev/sub/null alpine sh -c 'echo x >/dev/sub/null && echo went'
	assert_equal "$output" went
}

@test "device-cgroup-rule: a node of the kind can be made and used" {
	local options=(--cap-add mknod --tmpfs /t:dev)
	exits 1 quick "${options[@]}" alpine sh -c 'mknod /t/x c 10 229 && dd if=/t/x count=0'
	exits 0 quick "${options[@]}" --device-cgroup-rule 'c 10:229 rwm' alpine sh -c \
		'mknod /t/x c 10 229 && dd if=/t/x count=0'
}

@test "cp: into and out of a running container; diff and export show it" {
	detached copied alpine sleep 1000
	podman cp - copied:/root < <(tar -c -C "$BATS_FILE_TMPDIR" pty_run.py)
	assert_equal "$(podman exec copied head -n 1 /root/pty_run.py)" "#!/usr/bin/python3"
	on_host sh -c 'podman cp copied:/etc/os-release /run/back && grep ^ID= /run/back'
	run podman diff copied
	assert_output_has "A /root/pty_run.py"
	podman export copied | tar -t | grep -x root/pty_run.py
	discard copied
}

@test "etc: host names, name servers and host's additions are written" {
	run quick --add-host other:10.9.8.7 --hostname me alpine cat /etc/hosts
	assert_output_has "10.9.8.7"
	run podman run --rm --dns 9.9.9.9 --dns-search example.net alpine cat /etc/resolv.conf
	assert_output_has "search example.net"
}

@test "mount: the container's root is seen from the host" {
	podman create --name seen --network none alpine true
	on_host sh -c 'grep ^ID= "$(podman mount seen)/etc/os-release"'
	podman umount seen
	podman rm seen
}
