#!/usr/bin/env bats
# timings.bats - gocker --timings: which step took how long

load helpers

timed() { gocker --timings "$BATS_TEST_TMPDIR/timings" "$@"; }

# The file as one array; fails where a line is not JSON.
timings() { jq -s "$@" "$BATS_TEST_TMPDIR/timings"; }

@test "create, start, exec, kill and delete append lines with their names" {
	timed create -b "$BUNDLE" "$ID" </dev/null >"$OUT" 2>&1 3>&-
	timed start "$ID"
	timed exec "$ID" true
	timed kill "$ID" KILL
	wait_for_state stopped
	timed delete "$ID"
	run timings -r --arg id "$ID" '
		map(select(.id == $id and .step == "all of it") | .command) | join(" ")'
	[[ $output == "create start exec kill delete" ]] || fail "$output"
	run timings -r 'map(keys | join(" ")) | unique[]'
	[[ $output == "command id pid side start_us step time us" ]] || fail "$output"
}

@test "both sides of a container's making are there, in the order of their steps" {
	config_args true
	timed run -b "$BUNDLE" "$ID"
	run timings -r 'map(select(.side == "container").step) | join(",")'
	[[ $output == *"attach the root filesystem,mount filesystems,make devices"* ]] ||
		fail "$output"
	run timings -r 'map(select(.side == "runtime").step) | join(",")'
	[[ $output == "read the bundle,"*"set up the container,"*"wait for its end,"* ]] ||
		fail "$output"
	run timings 'group_by(.side) | map(map(.pid) | unique | length) | unique'
	[[ $output == *1* && ${#lines[@]} == 3 ]] || fail "$output"
}

@test "the steps of the runtime follow each other and fit into all of it" {
	config_args sleep 0.3
	timed run -b "$BUNDLE" "$ID"
	run timings '
		map(select(.side == "runtime")) as $steps |
		($steps[] | select(.step == "all of it")) as $all |
		($steps - [$all]) as $steps | {
			inside: ($steps | map(.start_us + .us <= $all.us) | all),
			sum: (($steps | map(.us) | add) <= $all.us),
			ordered: ($steps | map(.start_us) == (map(.start_us) | sort)),
			waits: (($steps[] | select(.step == "wait for its end")) as $wait |
				($steps[] | select(.step == "let it execute its program")) as $let |
				$wait.start_us + $wait.us - $let.start_us >= 300000),
			short: ($all.us < 60e6)
		} | [.[]] | flatten | all'
	[[ $output == true ]] || fail "$(timings .)"
}

@test "a create that fails tells of the steps that it came to" {
	config_args /no/such/program
	run timed create -b "$BUNDLE" "$ID"
	assert_status 1
	run timings -r 'map(select(.side == "container").step) | last'
	[[ $output == "prepare the process" ]] || fail "$output"
	run timings -r '[.[] | select(.side == "runtime").step] | (index("write the state"), last)'
	[[ $output == $'null\nall of it' ]] || fail "$output"
}

@test "the container has no descriptor of the file" {
	config_shell 'ls -l /proc/self/fd /proc/1/fd'
	run timed run -b "$BUNDLE" "$ID"
	assert_status 0
	[[ $output != *timings* ]] || fail "$output"
}

@test "a file that cannot be opened is an error, and nothing is made" {
	run gocker --timings "$BATS_TEST_TMPDIR/no/such" create -b "$BUNDLE" "$ID"
	assert_status 1
	assert_output_has "open the file for timings \"$BATS_TEST_TMPDIR/no/such\""
	[[ ! -e $TEST_ROOT/$ID ]]
}

@test "without the option nothing is measured" {
	config_args true
	gocker run -b "$BUNDLE" "$ID"
	[[ ! -e $BATS_TEST_TMPDIR/timings ]]
}
