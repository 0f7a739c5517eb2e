#!/usr/bin/env bats
# table.bats - the table of speeds is filled, on very few rounds, and nothing stays behind

load ../runtime/helpers

TOOLS=tests/bench/floor\ tests/bench/timer

# No bundle is needed here. What the script makes for itself is in $TMPDIR.
setup() {
	need_root
	need_command jq
	need_command ip
	need_cgroup memory
	[[ -z ${SANITIZERS-} ]] || skip "with sanitizers the times mean nothing"
	BUILD=${TEST_BUILD-$BATS_TEST_DIRNAME/../../build}
	export CRUN='' RUNC='' TMPDIR=$BATS_TEST_TMPDIR GOCKER
	# shellcheck disable=SC2086 # several words
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$BUILD" $TOOLS >"$BATS_TEST_TMPDIR/make" 2>&1 ||
		skip "floor and timer cannot be built: $(tail -n 1 "$BATS_TEST_TMPDIR/make")"
}

teardown() { :; }

# The cache of seccomp filters would stay on the host.
start_table() {
	exec bash "$BATS_TEST_DIRNAME/table" --build "$BUILD/tests/bench" --run tmpfs --rounds 2 \
		--containers 3 </dev/null >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/log" 3>&-
}

has_begun() { grep -q "s: run, create" "$BATS_TEST_TMPDIR/log" || ! kill -0 "$1"; }

nothing_is_left() {
	local left
	left=$(find /sys/fs/cgroup -type d -name "*bench-$1-*"
		find /run/gocker "$TMPDIR" -mindepth 1 -maxdepth 1 \
			\( -name "bench-$1-*" -o -name 'tmp.*' \)
		pgrep -f "$TMPDIR/tmp[.]" || :)
	[[ -z $left ]] || fail "left behind: $left"
}

@test "each line of the table has a value for gocker and what is reached" {
	local pid
	# A host may not allow as many descriptors as the table would have.
	(ulimit -n 4096 && start_table) &
	pid=$!
	wait "$pid" || fail "$(<"$BATS_TEST_TMPDIR/log")"
	grep -q "^| run with 3840 inherited descriptors" "$BATS_TEST_TMPDIR/out"
	[[ $(grep -c '^|' "$BATS_TEST_TMPDIR/out") == 16 ]] || fail "$(<"$BATS_TEST_TMPDIR/out")"
	# What is held against crun is not, where there is none.
	awk -F' [|] ' '/^[|]/ && NR > 2 && !/---/ &&
		(NF != 8 || $3 == "-" || ($6 == "-" && ($4 != "-" || $7 !~ /^0[.]4/))) {
			print "incomplete: " $0; bad = 1 } END { exit bad }' "$BATS_TEST_TMPDIR/out"
	nothing_is_left "$pid"
}

@test "nothing stays when it is ended" {
	local pid
	start_table &
	pid=$!
	wait_until has_begun "$pid"
	kill -TERM "$pid"
	wait "$pid" && fail "it was not ended"
	nothing_is_left "$pid"
}

@test "options that it does not know are refused" {
	run bash "$BATS_TEST_DIRNAME/table" --build "$BUILD/tests/bench" --round 2
	assert_status 1
	assert_output_has 'table: unknown option "--round"'
	run bash "$BATS_TEST_DIRNAME/table" --build "$BUILD/tests/bench" --rounds
	assert_status 1
	assert_output_has "--rounds needs a value"
	run bash "$BATS_TEST_DIRNAME/table" --build "$BATS_TEST_TMPDIR"
	assert_status 1
	assert_output_has "make bench builds them"
}
