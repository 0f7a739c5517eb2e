#!/usr/bin/env bats
# a20_exhaustion.bats - documents that are too large, too deep, or no documents
#
# Detects: a build without MOUNTS_MAX (config_check.c), without the bounds of the reader
# (schema.h), whose numbers wrap, whose lists grow by a fixed number (schema_read.c), or that leaves
# UTF-8 to yajl (json.c); runc 1.1.5 and crun 1.8.1, which read 64 MiB and take what is no UTF-8.
# What each kind of bad document is told is in tests/spec/bad; this is about time, memory and what
# is left.

load helpers

# Sanitizers keep what is freed for a while.
SECONDS_MAX=10 MEBIBYTES_MAX=400

# bounded ARGUMENT...: gocker, within time and memory. A container holds no pipe of the test's.
bounded() {
	local file=$BATS_TEST_TMPDIR/output
	status=0
	timeout -k 1 "$SECONDS_MAX" "$TEST_BUILD/tests/attacks/peak" "$MEBIBYTES_MAX" \
		"$GOCKER" --root "$TEST_ROOT" "$@" </dev/null >"$file" 2>&1 3>&- || status=$?
	output=$(<"$file")
	mapfile -t lines <"$file"
	((status != 124 && status != 125 && status != 137)) || fail "status $status: $output"
}

# refused TEXT ARGUMENT...: with one line that has the text.
refused() {
	bounded "${@:2}"
	((status == 1 || status == 255)) || fail "status $status: $output" || return
	assert_output_has "$1"
	[[ $output == gocker:* && ${#lines[@]} == 1 && ${#output} -lt 1000 ]] ||
		fail "not one line: ${output:0:2000}"
}

# A container that is made in spite of all holds no pipe that bats waits for: it runs.
create_refused() {
	refused "$1" run -b "$BUNDLE" "$ID"
	[[ ! -e $TEST_ROOT/$ID ]] || fail "the state directory is left"
}

# Each of these is given to create, exec and update of one that runs.
setup_attack() {
	[[ -x $TEST_BUILD/tests/attacks/peak ]] || skip "make check builds peak"
	DOCUMENT=$BATS_TEST_TMPDIR/document
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good.json"
}

# repeat NUMBER LINE.
repeat() { awk -v n="$1" -v line="$2" 'BEGIN { while (n--) print line }'; }

# with_text MEMBER FILE: config.json, made from a good one, and DOCUMENT get a member whose value is
# in the file.
with_text() {
	{
		jq -c . "$BATS_TEST_TMPDIR/good.json" | head -c -2
		printf ',"%s":' "$1"
		cat "$2"
		echo '}'
	} >"$BUNDLE/config.json"
	{
		printf '{"cwd":"/","args":["true"],"%s":' "$1"
		cat "$2"
		echo '}'
	} >"$DOCUMENT"
}

all_refused() {
	create_refused "$1"
	refused "$1" exec -p "$DOCUMENT" "$ID-runs"
	refused "${2-$1}" update -r "$DOCUMENT" "$ID-runs"
	[[ $(container_state "$ID-runs") == running ]]
}

# with_mounts NUMBER: and one.
with_mounts() {
	local mount='{"destination":"/mnt","type":"tmpfs","source":"x"}'
	{
		echo "[$mount"
		repeat "$1" ",$mount"
		echo "]"
	} >"$BATS_TEST_TMPDIR/value"
	with_text mounts "$BATS_TEST_TMPDIR/value"
}

@test "a hundred thousand mounts are refused, five hundred on one place are made" {
	with_mounts 100000
	create_refused "config.json: /mounts: has 100001 entries"
	config_args true
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good.json"
	with_mounts 500
	bounded run -b "$BUNDLE" "$ID"
	assert_status 0
	host_is_untouched
}

@test "64 MiB" {
	start_container "$ID-runs"
	{
		printf '"'
		head -c 64M /dev/zero | tr '\0' x
		printf '"'
	} >"$BATS_TEST_TMPDIR/value"
	with_text ignored "$BATS_TEST_TMPDIR/value"
	create_refused "config.json\" is larger than 16777216 bytes"
	refused "file too large" exec -p "$DOCUMENT" "$ID-runs"
	refused "file too large" update -r "$DOCUMENT" "$ID-runs"
	host_is_untouched
}

@test "as many words as there is room for" {
	{
		echo '{"cwd":"/","args":["/bin/true"'
		repeat 4000000 ',""'
		echo ']}'
	} >"$BATS_TEST_TMPDIR/value"
	with_text process "$BATS_TEST_TMPDIR/value"
	refused 'exec: "/bin/true": argument list too long' run -b "$BUNDLE" "$ID"
	[[ ! -e $TEST_ROOT/$ID ]]
	host_is_untouched
}

@test "nested a hundred thousand times" {
	local pair
	start_container "$ID-runs"
	for pair in '[ ]' '{"a": }'; do
		{
			repeat 100000 "${pair%% *}"
			echo 1
			repeat 100000 "${pair##* }"
		} >"$BATS_TEST_TMPDIR/value"
		with_text ignored "$BATS_TEST_TMPDIR/value"
		all_refused "more than 64 objects and lists within each other"
	done
	host_is_untouched
}

@test "numbers beyond all bounds, straight and among those that wrap" {
	local number
	start_container "$ID-runs"
	for number in 18446744073709551616 -9223372036854775809 1e400 \
		"$(printf '9%.0s' {1..10000})"; do
		echo "{\"memory\":{\"limit\":$number}}" >"$DOCUMENT"
		refused "/memory/limit: must be" update -r "$DOCUMENT" "$ID-runs"
		echo "{\"cwd\":\"/\",\"args\":[\"true\"],\"user\":{\"uid\":$number,\"gid\":0}}" \
			>"$DOCUMENT"
		refused "/user/uid: must be" exec -p "$DOCUMENT" "$ID-runs"
		sed "s/\"gid\": 0/\"gid\": $number/" "$BATS_TEST_TMPDIR/good.json" \
			>"$BUNDLE/config.json"
		create_refused "config.json: /process/user/gid: must be"
	done
	host_is_untouched
}

@test "what is no UTF-8" {
	local bytes
	start_container "$ID-runs"
	for bytes in '\xc0\xaf' '\xed\xa0\x80' '\xe2\x82'; do
		printf '"%b"' "$bytes" >"$BATS_TEST_TMPDIR/value"
		with_text ignored "$BATS_TEST_TMPDIR/value"
		all_refused "invalid UTF-8"
	done
	host_is_untouched
}

@test "of keys that are there twice the last counts, for checks as for deeds" {
	local good
	good=$(jq -c '.process.args = ["id", "-u"] | .process.user = {}' \
		"$BATS_TEST_TMPDIR/good.json")
	echo "${good/\"user\":\{\}/\"user\":{\"uid\":0,\"gid\":0,\"uid\":7\}}" \
		>"$BUNDLE/config.json"
	bounded run -b "$BUNDLE" "$ID"
	[[ $status == 0 && $output == 7 ]] || fail "$output"
	# That of which the first is good and the last is not, is refused.
	echo "${good/\"user\":\{\}/\"user\":{\"uid\":0,\"gid\":0,\"uid\":-1\}}" \
		>"$BUNDLE/config.json"
	create_refused "/process/user/uid"
	start_container_of_good
	echo '{"cwd":"/","args":["false"],"args":["/bin/sh","-c","id -u"],"user":{
		"uid":0,"gid":0,"uid":8}}' >"$DOCUMENT"
	bounded exec -p "$DOCUMENT" "$ID-runs"
	[[ $status == 0 && $output == 8 ]] || fail "$output"
	host_is_untouched
}

start_container_of_good() {
	cp "$BATS_TEST_TMPDIR/good.json" "$BUNDLE/config.json"
	start_container "$ID-runs"
}
