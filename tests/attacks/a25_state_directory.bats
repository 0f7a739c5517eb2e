#!/usr/bin/env bats
# a25_state_directory.bats - the state directory, or what is in it, is somebody else's
#
# Detects: a build whose store.c takes other owners, or follows symlinks, one that takes the state
# of another container (container.c), one that looks at no marks when state.json is gone (delete.c);
# runc 1.1.5 and crun 1.8.1 take other owners and symlinks
# States that are cut or broken for one container of many: tests/runtime/lifecycle.bats.

load helpers

# in_time COMMAND...: gocker, which has to return.
in_time() { timeout 10 "$GOCKER" --root "$TEST_ROOT" "$@"; }

# refused_in ROOT TEXT: whatever is asked for.
# shellcheck disable=SC2034 # output is what assert_output_has looks at
refused_in() {
	local command
	for command in "create -b $BUNDLE $ID" "run -b $BUNDLE $ID" "state $ID" "kill $ID KILL" \
		"exec $ID true" "delete --force $ID" list; do
		status=0
		# shellcheck disable=SC2086 # several words
		timeout 10 "$GOCKER" --root "$1" $command </dev/null >"$OUT" 2>&1 3>&- || status=$?
		output=$(<"$OUT")
		assert_status "$([[ $command == exec* ]] && echo 255 || echo 1)"
		assert_output_has "$2"
	done
}

@test "the directory is another user's, or others may write to it" {
	local root=$BATS_TEST_TMPDIR/root
	mkdir -m 777 "$root"
	refused_in "$root" "can be written by other users"
	chmod 755 "$root"
	chown 1000 "$root"
	refused_in "$root" "belongs to user 1000"
	[[ $(ls -A "$root") == "" ]]
	host_is_untouched
}

@test "the directory is a symlink, a file, a fifo" {
	local root=$BATS_TEST_TMPDIR/root
	ln -s "$CANARY" "$root"
	refused_in "$root" "open state directory \"$root\": "
	rm "$root"
	: >"$root"
	refused_in "$root" "ot a directory"
	rm "$root"
	mkfifo "$root"
	refused_in "$root" "ot a directory"
	host_is_untouched
}

# plant THING PATH
plant() {
	case $1 in
	link) ln -s "$CANARY/file" "$2" ;;
	dangling) ln -s "$CANARY/new" "$2" ;;
	zero) ln -s /dev/zero "$2" ;;
	fifo) mkfifo "$2" ;;
	directory) mkdir -p "$2/inside" ;;
	full) mkdir -p "$2" && ln -s "$CANARY" "$2/canary" ;;
	empty) : >"$2" ;;
	zeros) truncate -s 100M "$2" ;;
	cut) printf '{"ociVersion":"1.3.0","id":"%s","pid":1,' "$ID" >"$2" ;;
	list) echo '[]' >"$2" ;;
	esac
}

# Each command returns, none follows it, and it can be removed.
@test "state.json is something else" {
	local thing command
	mkdir -m 711 "$TEST_ROOT"
	for thing in link dangling zero fifo directory full empty zeros cut list; do
		mkdir -m 700 "$TEST_ROOT/$ID"
		plant "$thing" "$TEST_ROOT/$ID/state.json"
		for command in state start pause kill delete exec; do
			run in_time "$command" "$ID" ${command/#[^e]*/} </dev/null
			[[ $status == 1 || $status == 255 ]] || fail "$thing: $command: $output"
		done
		run in_time create -b "$BUNDLE" "$ID"
		assert_output_has "already exists"
		in_time list >/dev/null 2>&1
		in_time delete --force "$ID"
		[[ ! -e $TEST_ROOT/$ID ]] || fail "$thing is left"
	done
	host_is_untouched
}

@test "the container's directory is a symlink, a file, another user's" {
	mkdir -m 711 "$TEST_ROOT"
	ln -s "$CANARY" "$TEST_ROOT/$ID"
	run in_time delete --force "$ID"
	assert_status 1
	run in_time state "$ID"
	assert_status 1
	rm "$TEST_ROOT/$ID"
	: >"$TEST_ROOT/$ID"
	run in_time create -b "$BUNDLE" "$ID"
	assert_status 1
	rm "$TEST_ROOT/$ID"
	mkdir "$TEST_ROOT/$ID"
	chown 1000 "$TEST_ROOT/$ID"
	run in_time state "$ID"
	assert_status 1
	assert_output_has "belongs to user 1000"
	rm -r "${TEST_ROOT:?}/$ID"
	host_is_untouched
}

@test "state.json is that of another container: it is not done to the other" {
	local pid command
	start_container
	pid=$(container_pid)
	cp -a "$TEST_ROOT/$ID" "$TEST_ROOT/$ID-copy"
	for command in state kill pause delete; do
		run in_time "$command" "$ID-copy"
		assert_status 1
		assert_output_has "state.json is of another container, \"$ID\""
	done
	in_time delete --force "$ID-copy"
	[[ ! -e $TEST_ROOT/$ID-copy && $(container_state) == running ]]
	[[ $(container_pid) == "$pid" ]]
	kill -0 "$pid"
	host_is_untouched
}

# A container and its twin, of which one has the other's state.json; both have the same id, in two
# roots.
@test "a container whose state.json is gone, cut or a twin's is deleted whole, and nothing else" {
	local twin=$BATS_TEST_TMPDIR/twin thing pid
	config_edit --arg path "/gocker-twin-$ID" '.linux.cgroupsPath = $path'
	config_shell 'sleep 1000 & wait'
	TEST_ROOT=$twin start_container
	config_edit 'del(.linux.cgroupsPath)'
	for thing in none cut twin empty; do
		start_container
		pid=$(container_pid)
		rm "$TEST_ROOT/$ID/state.json"
		case $thing in
		none) ;;
		twin) sed "s/$ID/$ID-twin/" "$twin/$ID/state.json" >"$TEST_ROOT/$ID/state.json" ;;
		*) plant "$thing" "$TEST_ROOT/$ID/state.json" ;;
		esac
		in_time delete --force "$ID"
		[[ ! -e $TEST_ROOT/$ID ]] || fail "$thing: the state directory is left"
		wait_until is_gone "$pid"
		[[ -z $(find /sys/fs/cgroup -type d -name "gocker-$ID") ]] ||
			fail "$thing: the cgroup is left"
	done
	[[ $(TEST_ROOT=$twin container_state) == running ]] || fail "the twin was killed"
	[[ $(TEST_ROOT=$twin gocker ps -f json "$ID" | jq length) == 2 ]]
	TEST_ROOT=$twin gocker delete --force "$ID"
	host_is_untouched
}

@test "a container at the gate without a cgroup and state.json is deleted" {
	local pid
	gocker --cgroup-manager disabled create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	pid=$(container_pid)
	kill -STOP "$pid"
	rm "$TEST_ROOT/$ID/state.json"
	in_time delete --force "$ID"
	is_gone "$pid" || fail "the first process is left"
	# One that runs is not to be found: that is said.
	gocker --cgroup-manager disabled run -d -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	pid=$(container_pid)
	: >"$TEST_ROOT/$ID/state.json"
	run in_time delete --force "$ID"
	assert_status 0
	assert_output_has "processes of the container that still run are not found"
	kill -KILL "$pid"
	host_is_untouched
}

@test "state.json of another runtime" {
	mkdir -m 711 "$TEST_ROOT"
	mkdir -m 700 "$TEST_ROOT/$ID"
	sleep 1000 3>&- &
	local other=$!
	echo "{\"id\":\"$ID\",\"init_process_pid\":$other,\"init_process_start\":1,
		\"config\":{\"rootfs\":\"/\"}}" >"$TEST_ROOT/$ID/state.json"
	run in_time kill "$ID" KILL
	assert_status 1
	in_time delete --force "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	kill "$other"
	host_is_untouched
}

@test "files beside it are symlinks when they are written" {
	local name
	mkdir -m 711 "$TEST_ROOT"
	create_container
	for name in state.json config.json; do
		mv "$TEST_ROOT/$ID/$name" "$BATS_TEST_TMPDIR/$name"
		ln -s "$CANARY/$name" "$TEST_ROOT/$ID/$name"
		cp "$BATS_TEST_TMPDIR/$name" "$CANARY/$name"
	done
	HOST_BEFORE=$(host_picture)
	in_time start "$ID" >/dev/null 2>&1 3>&- || true
	in_time update --pids-limit 77 "$ID" >/dev/null 2>&1 || true
	host_is_untouched
	mv "$BATS_TEST_TMPDIR"/{state,config}.json "$TEST_ROOT/$ID"
	in_time delete --force "$ID"
}
