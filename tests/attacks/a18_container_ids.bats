#!/usr/bin/env bats
# a18_container_ids.bats - a container id leads out of the state directory, or is an option
#
# Detects: runc 1.1.5 (create takes -x for an id), crun 1.8.1 (nearly all; "delete ." removes all
# states, "delete --force ../x" a directory outside), a build without store_check_id().

load helpers

# Arguments cannot have a NUL.
odd_ids=(../x . .. a/b ../../../../../../../../../../tmp/x /tmp/x "" " " $'a\nb' $'a\n' $'\x7f' ä
	'a;b' '*' '%n' -x --force a:b)

# Another container, whose state an id could lead to, and a directory like a container's.
setup_attack() {
	odd_ids+=("$(printf 'x%.0s' {1..4096})" "$(printf '../%.0s' {1..1000})x" "../state/$ID"
		"./$ID" "$ID/" "none/../$ID")
	start_container
	mkdir -p "$BATS_TEST_TMPDIR/x" "$TEST_ROOT/none"
	cp -r "$TEST_ROOT/$ID/." "$BATS_TEST_TMPDIR/x/"
	STATES=$(states)
}

states() { find "$BATS_TEST_TMPDIR/x" "$BUNDLE" "$TEST_ROOT" -printf '%p %y %s\n' | sort; }

# refused COMMAND...: with each of the ids behind it, and nothing has happened. What a container
# writes goes to a file, as one that is made holds a pipe.
refused() {
	local id status
	for id in "${odd_ids[@]}"; do
		status=0
		timeout 10 "$GOCKER" --root "$TEST_ROOT" "$@" -- "$id" </dev/null >"$OUT" 2>&1 \
			3>&- || status=$?
		output=$(<"$OUT")
		[[ $(states) == "$STATES" ]] || fail "$* \"$id\":" "$output" \
			"$(diff <(echo "$STATES") <(states))" || return
		assert_status 1
		assert_output_has container
		[[ $output != *$'\n'* ]] || fail "more than one line: $output"
	done
	is_in_state "$ID" running
}

@test "create" {
	refused create -b "$BUNDLE"
	host_is_untouched
}

@test "run" {
	refused run -d -b "$BUNDLE"
	host_is_untouched
}

@test "start, kill, pause, update" {
	local command
	# Of the odd ones those which lead to a container, or to what looks like one.
	odd_ids=(../x "" -x "../state/$ID" "./$ID" "$ID/" "none/../$ID")
	for command in start kill pause resume ps events update; do
		refused "$command"
	done
	host_is_untouched
}

@test "delete" {
	refused delete
	host_is_untouched
}

@test "delete --force" {
	refused delete --force
	host_is_untouched
}

@test "exec" {
	local id
	for id in "${odd_ids[@]}"; do
		run gocker exec -- "$id" touch /made
		assert_status 255
		assert_output_has container
	done
	[[ $(states) == "$STATES" ]]
	host_is_untouched
}
