#!/usr/bin/env bats
# systemd_resources.bats - every row of resources.table in a unit of systemd, set and updated

load ../runtime/helpers
load ../runtime/resources_rows

is_systemd_with_v2() {
	[[ -d /run/systemd/system && -e /sys/fs/cgroup/cgroup.controllers ]]
}

setup_file() {
	is_systemd_with_v2 || return 0
	local wrapper=$BATS_FILE_TMPDIR/gocker
	printf '#!/bin/sh\nexec "%s" --systemd-cgroup "$@"\n' "$GOCKER" >"$wrapper"
	chmod 755 "$wrapper"
	export SYSTEMD_BUS_TIMEOUT=100s
	GOCKER=$wrapper set_rows
}

setup() { need_root; }
teardown() { :; }

@test "what v2 has is in the files of the scope, at create and after update" {
	is_systemd_with_v2 || skip "this machine was not booted with systemd and pure cgroup v2"
	local row wrong=0 right=0
	for row in "$BATS_FILE_TMPDIR"/rows/*/; do
		[[ ! -e $row/reason ]] || continue
		if row_is_right "${row%/}"; then
			right=$((right + 1))
		else
			wrong=$((wrong + 1))
		fi
	done
	echo "$right rows right, $wrong wrong"
	((wrong == 0 && right > 20))
}
