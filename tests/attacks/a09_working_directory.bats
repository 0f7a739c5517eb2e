#!/usr/bin/env bats
# a09_working_directory.bats - a cwd that is a descriptor of the runtime (CVE-2024-21626)
#
# Detects: a build that has directories of the host open, keeps them (fd_sweep.c) and does not look
# where it is (process.c); in create only where make_cwd() lets a cwd be that cannot be made, too.

load helpers

# From a directory of the host, the canary is on the way up.
reach() { echo "cat ../../../../../../../../../..$CANARY/file"; }

assert_no_way_out() { [[ $status != 0 && $output != *canary ]] || fail "$1: $output"; }

@test "the cwd of create is /proc/self/fd/N" {
	local n
	config_shell "$(reach)"
	for n in {3..40}; do
		config_edit --arg cwd "/proc/self/fd/$n" '.process.cwd = $cwd'
		run_once
		assert_no_way_out "descriptor $n"
	done
	host_is_untouched
}

@test "the cwd of create is a symlink of the image to /proc/self/fd/N" {
	local n
	config_shell "$(reach)"
	for n in {3..15}; do
		ln -s "/proc/self/fd/$n" "$BUNDLE/rootfs/work$n"
		config_edit --arg cwd "/work$n" '.process.cwd = $cwd'
		run_once
		assert_no_way_out "descriptor $n"
	done
	host_is_untouched
}

@test "the cwd of exec is /proc/self/fd/N, straight and by a symlink" {
	local n
	start_container
	for n in {3..40}; do
		run gocker exec --cwd "/proc/self/fd/$n" "$ID" sh -c "$(reach)"
		assert_no_way_out "descriptor $n"
	done
	for n in {3..15}; do
		ln -s "/proc/self/fd/$n" "$BUNDLE/rootfs/work$n"
		run gocker exec --cwd "/work$n" "$ID" sh -c "$(reach)"
		assert_no_way_out "descriptor $n"
	done
	host_is_untouched
}

@test "the message says what is wrong" {
	config_edit '.process.cwd = "/proc/self/fd/7"'
	run_once
	assert_output_has 'config.json: /process/cwd: make "/proc/self/fd/7"'
	config_edit '.process.cwd = "/"'
	start_container
	run gocker exec --cwd /proc/self/fd/7 "$ID" true
	[[ $output == *'chdir to cwd ("/proc/self/fd/7") set in config.json failed'* ||
		$output == *"possible container breakout detected"* ]] || fail "$output"
}

# The fourth is that of the folder itself, opened by ls.
@test "the program has the standard descriptors and no other, in create and in exec" {
	config_args ls /proc/self/fd
	run_once
	[[ $output == $'0\n1\n2\n3' ]] || fail "$output"
	config_args sleep 1000
	start_container
	run gocker exec "$ID" ls /proc/self/fd
	[[ $output == $'0\n1\n2\n3' ]] || fail "$output"
	host_is_untouched
}
