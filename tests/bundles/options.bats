#!/usr/bin/env bats
# options.bats - the options of gocker-bundle init: what they write, and bad values

load helpers

init() { bundle init busybox "$@"; }

@test "the defaults: ready to run" {
	init
	[[ $(config '[.linux.namespaces[].type] | sort') == \
		'["cgroup","ipc","mount","network","pid","uts"]' ]]
	[[ $(config '.linux.resources.pids.limit') == 2048 ]]
	[[ $(config '[.root.path, .root.readonly // false, .process.terminal // false]') == \
		'["rootfs",false,false]' ]]
	[[ $(config '[.process.noNewPrivileges, .process.cwd, .hostname]') == \
		'[true,"/","busybox"]' ]]
	[[ $(config '.process.user') == '{"uid":0,"gid":0}' ]]
	[[ $(config '.process.args[0:2]') == '["/bin/sh","-c"]' ]]
	[[ $(config '.process.capabilities | keys') == '["bounding","effective","permitted"]' ]]
	[[ $(config '.process.capabilities.bounding | length') == 14 ]]
	[[ $(config '.linux.maskedPaths | index("/proc/kcore") != null') == true ]]
	[[ $(config '.linux.readonlyPaths | index("/proc/sys") != null') == true ]]
	[[ $(config '.linux.resources | has("memory") or has("cpu")') == false ]]
}

@test "a command stands behind --, with or without a directory" {
	init new -- /bin/echo "two words" --env -- -x
	[[ $(config .process.args new) == '["/bin/echo","two words","--env","--","-x"]' ]]
	init -- true
	[[ $(config .process.args) == '["true"]' ]]
	fails_with '"true" is one argument too many: a command stands behind "--"' \
		init other true
	init last --
	[[ $(config '.process.args[0]' last) == '"/bin/sh"' ]]
}

@test "limits" {
	init --memory 512M --cpus 0.5 --pids 20
	[[ $(config .linux.resources.memory) == '{"limit":536870912}' ]]
	[[ $(config .linux.resources.cpu) == '{"quota":50000,"period":100000}' ]]
	[[ $(config .linux.resources.pids) == '{"limit":20}' ]]
	init -m 1g --cpus 2 new
	[[ $(config .linux.resources.memory.limit new) == 1073741824 ]]
	[[ $(config .linux.resources.cpu.quota new) == 200000 ]]
}

@test "environment, host name, user, directory, terminal, read-only" {
	init -e A=1 --env "B=two words" --env A=2 --env PATH=/bin --env EMPTY= --hostname web-1 \
		--user 1000:50 --cwd /tmp --tty --read-only
	[[ $(config .process.env) == '["PATH=/bin","TERM=xterm","A=2","B=two words","EMPTY="]' ]]
	[[ $(config '[.hostname, .process.cwd, .process.terminal, .root.readonly]') == \
		'["web-1","/tmp",true,true]' ]]
	[[ $(config .process.user) == '{"uid":1000,"gid":50}' ]]
	init -u 7 new
	[[ $(config .process.user new) == '{"uid":7,"gid":0}' ]]
}

@test "volumes" {
	mkdir data
	touch file
	init -v "$WORK/data:/data" -v data:/ro:ro -v "./file:/etc//file:rw"
	[[ $(config '.mounts[-3:][] | [.type, .source, .destination] + .options | join(" ")') == \
"\"bind $WORK/data /data rbind rprivate\"
\"bind $WORK/data /ro rbind rprivate rro\"
\"bind $WORK/file /etc/file rbind rprivate\"" ]]
}

@test "a user namespace" {
	init --userns 100000:65536
	[[ $(config '[.linux.namespaces[].type] | index("user") != null') == true ]]
	[[ $(config .linux.uidMappings) == '[{"containerID":0,"hostID":100000,"size":65536}]' ]]
	[[ $(config .linux.gidMappings) == '[{"containerID":0,"hostID":100000,"size":65536}]' ]]
}

# annotations [DIR]: "key=value" of those that are ours, without the prefix.
annotations() {
	config '.annotations // {} | to_entries[] | .key + "=" + .value' "$@" |
		sed 's/^"org.gocker.net.0.\(.*\)"$/\1/'
}

# namespaces_are DIR LIST: of the config, sorted.
namespaces_are() {
	[[ $(config '[.linux.namespaces[].type] | sort | join(" ")' "$1") == "\"$2\"" ]]
}

@test "a network: root's containers are on a bridge unless it is said otherwise" {
	init
	[[ $(annotations) == $'type=bridge\naddress=auto\ndns=host' ]]
	init --network bridge --publish 8080:80 -p "127.0.0.1:53:53/udp,[fd00::9]:9000-9010:80-90" \
		--ip auto,fd00::2/64 --dns 192.0.2.1,192.0.2.2 more
	[[ $(annotations more) == "type=bridge
address=auto,fd00::2/64
dns=192.0.2.1,192.0.2.2
ports=8080:80,127.0.0.1:53:53/udp,[fd00::9]:9000-9010:80-90" ]]
	namespaces_are more "cgroup ipc mount network pid uts"
	init --network none none
	[[ -z $(annotations none) ]]
	namespaces_are none "cgroup ipc mount network pid uts"
	init --network host host
	[[ -z $(annotations host) ]]
	namespaces_are host "cgroup ipc mount pid uts"
	[[ $(config '.mounts[] | select(.destination == "/sys").type' host) == '"sysfs"' ]]
	# sysfs belongs to the network namespace
	init --network host --userns 100000:65536 mapped
	namespaces_are mapped "cgroup ipc mount pid user uts"
	[[ $(config '.mounts[] | select(.destination == "/sys").source' mapped) == '"/sys"' ]]
}

@test "bad networks" {
	local value
	for value in "" Bridge gocker0 none,host; do
		fails_with "option --network: \"$value\" is none of bridge, none and host" \
			init --network "$value" new
	done
	for value in none host; do
		fails_with "option --publish needs a container on a bridge: --network bridge" \
			init --network $value -p 80:80 new
		fails_with "option --ip needs a container on a bridge" \
			init --network $value --ip auto new
		fails_with "option --dns needs a container on a bridge" \
			init --network $value --dns host new
	done
	fails_with 'option --ip: "10.0.0.2" lacks the length of its network' \
		init --ip 10.0.0.2 new
	fails_with 'option --ip: "10.0.0.255/24" is the broadcast' init --ip 10.0.0.255/24 new
	fails_with 'option --dns: "localhost" is no address' init --dns localhost new
	fails_with "option --dns: is empty" init --dns "" new
	for value in 80 0:80 80:65536 90-80:80-90 80-90:80 a.b:80:80 80:80/sctp; do
		fails_with "option --publish: \"$value\" " init --publish "$value" new
	done
	fails_with "option --publish: port 85/tcp is published twice" \
		init -p 80-90:80-90 -p 127.0.0.1:85:1 new
	fails_with "option --publish: has an empty item" init -p "" -p 80:80 new
}

@test "bad limits" {
	local value
	for value in "" x 0 -1 12q 1.5G " 1" 99999999999999999999; do
		fails_with "option --memory: \"$value\" is not a size such as 512M" \
			init --memory "$value" new
	done
	for value in "" x 1. .5 1.x -1 1e3 "1 " 0x1 100001 99999999999999999999 1..2; do
		fails_with "option --cpus: \"$value\" is not a number of processors" \
			init --cpus "$value" new
	done
	for value in 0 0.001 0.0099999; do
		fails_with "option --cpus: \"$value\" is too little" init --cpus "$value" new
	done
	fails_with "option --pids: at least 1 is needed" init --pids 0 new
	for value in -1 x 1.5 2147483648; do
		fails_with "option --pids: \"$value\" is not a number" init --pids="$value" new
	done
}

@test "bad environment, host names, users, directories" {
	local value
	for value in "" A =1 =; do
		fails_with "option --env: \"$value\" is not NAME=VALUE" init --env "$value" new
	done
	for value in "" a_b "a b" -a .a "$(printf 'x%.0s' {1..65})" "../x" ä; do
		fails_with "is not a host name" init --hostname "$value" new
	done
	for value in "" root 1: :1 -1 4294967295 4294967296 " 1" 0x0 1:2:3 1.5; do
		fails_with "option --user: \"$value\" is not UID or UID:GID" \
			init --user "$value" new
	done
	fails_with 'option --cwd: "tmp" is not an absolute path' init --cwd tmp new
}

@test "bad volumes" {
	local value
	mkdir data
	for value in "" data data: :/x data:x data:/ data:/../x "data:/./"; do
		fails_with "option --volume: \"$value\" is not SOURCE:/DESTINATION[:ro]" \
			init -v "$value" new
	done
	for value in data:/x:z data:/x: 'data:/x:ro,' data:/x:ro:rw; do
		fails_with "is neither ro nor rw" init -v "$value" new
	done
	fails_with 'option --volume: "none:/x": look at "none": no such file' init -v none:/x new
}

@test "bad user namespaces" {
	local value
	for value in "" 100000 100000: x:y 1:2:3 -1:5 4294967296:10; do
		fails_with "option --userns: \"$value\" is not FIRST:SIZE" \
			init --userns "$value" new
	done
	fails_with "SIZE must be at least 6" init --userns 100000:5 new
	fails_with "at most 4294967295" init --userns 4294967290:65536 new
	fails_with 'option --user: "70000" is outside of the 65536 ids' \
		init --userns 100000:65536 --user 70000 new
}

@test "verbs, sources and options that are none" {
	fails_with 'a verb is needed: see "gocker-bundle --help"' bundle
	fails_with 'unknown verb "make"' bundle make
	fails_with 'init needs a source' bundle init
	fails_with 'unknown source "debian": alpine, busybox and archive are known' \
		bundle init debian
	fails_with 'unknown option "--frobnicate"' init --frobnicate new
	fails_with 'option --memory needs SIZE' init new --memory
	fails_with 'init archive needs --rootfs-archive FILE' bundle init archive new
	fails_with 'option --release has no meaning for init busybox' init --release 3.20 new
	fails_with 'option --sha512 has no meaning for init busybox' init --sha512 "$SUM" new
	fails_with 'option --sha512 has no meaning for init alpine' \
		bundle init alpine --sha512 "$SUM" new
	fails_with 'option --arch has no meaning with --rootfs-archive' \
		bundle init alpine --rootfs-archive "$ARCHIVE" --arch x86_64 new
	fails_with 'option --busybox has no meaning for init alpine' \
		bundle init alpine --busybox x new
}

# options_of_help: all long ones.
options_of_help() { bundle init --help | grep -oE -- '--[a-z0-9-]+ ' | sort -u; }

@test "every option is in the manual page" {
	local option
	[[ $(options_of_help | wc -l) -ge 19 ]]
	for option in $(options_of_help); do
		grep -qE "^\.It Fl (. , )?-${option#--}( |$)" "$TEST_SOURCES/man/gocker-bundle.8" ||
			fail "the manual does not have $option"
	done
}

@test "the shell completes verbs, sources and options" {
	# shellcheck source=/dev/null
	source "$TEST_SOURCES/bundles/completion/gocker-bundle.bash"
	complete_line() {
		read -ra COMP_WORDS <<<"$1"
		[[ $1 != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
		_gocker_bundle
		echo "${COMPREPLY[*]}"
	}
	[[ $(complete_line "gocker-bundle ") == "init remove --help --version" ]]
	[[ $(complete_line "gocker-bundle init ") == "alpine busybox archive" ]]
	[[ $(complete_line "gocker-bundle init alpine --rel") == "--release" ]]
	[[ $(complete_line "gocker-bundle init alpine --arch aa") == "aarch64" ]]
	[[ $(complete_line "gocker-bundle init busybox -- --re") == "" ]]
	# every option of the help is known to it
	local option
	for option in $(options_of_help); do
		[[ $(complete_line "gocker-bundle init alpine $option") == *"$option"* ]] ||
			fail "$option is not completed"
	done
}
