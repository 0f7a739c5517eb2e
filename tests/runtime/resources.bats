#!/usr/bin/env bats
# resources.bats - each member of /linux/resources: set at create, changed by update, read back
#
# The rows are in resources.table. resources_table.sh has set them before the first test; each test
# looks at the readings of the row that has its name.

load helpers
load resources_rows

setup_file() { set_rows; }

setup() { need_root; }
teardown() { :; }

check_row() {
	local row=$BATS_FILE_TMPDIR/rows/$BATS_TEST_DESCRIPTION
	[[ ! -e $row/reason ]] || skip "$(<"$row/reason")"
	row_is_right "$row"
}

@test "each row has a test" {
	diff <(sed -n 's/^\([a-z][^|]*[^ |]\) *|.*/\1/p' "$BATS_TEST_DIRNAME/resources.table") \
		<(sed -n 's/^@test "\(.*\)" { check_row; }$/\1/p' "$BATS_TEST_FILENAME")
}

@test "memory.limit" { check_row; }
@test "memory.reservation" { check_row; }
@test "memory.swap" { check_row; }
@test "memory.limit -1" { check_row; }
@test "memory.swap -1" { check_row; }
@test "memory.reservation -1" { check_row; }
@test "memory.kernelTCP" { check_row; }
@test "memory.swappiness" { check_row; }
@test "memory.disableOOMKiller" { check_row; }
@test "memory.useHierarchy" { check_row; }
@test "cpu.shares" { check_row; }
@test "cpu.quota" { check_row; }
@test "cpu.period" { check_row; }
@test "cpu.burst" { check_row; }
@test "cpu.quota alone" { check_row; }
@test "cpu.idle" { check_row; }
@test "cpu.shares of an idle one" { check_row; }
@test "cpu.realtimePeriod" { check_row; }
@test "cpu.realtimeRuntime" { check_row; }
@test "cpu.cpus" { check_row; }
@test "cpu.mems" { check_row; }
@test "pids.limit" { check_row; }
@test "pids.limit 0 and -1" { check_row; }
@test "blockIO.weight" { check_row; }
@test "blockIO.weightDevice" { check_row; }
@test "blockIO.throttleReadBpsDevice" { check_row; }
@test "blockIO.throttleWriteBpsDevice" { check_row; }
@test "blockIO.throttleReadIOPSDevice" { check_row; }
@test "blockIO.throttleWriteIOPSDevice" { check_row; }
@test "hugepageLimits" { check_row; }
@test "hugepageLimits reserved" { check_row; }
@test "rdma" { check_row; }
@test "network.classID" { check_row; }
@test "network.priorities" { check_row; }
@test "unified hugetlb" { check_row; }
@test "unified memory" { check_row; }
@test "unified pids" { check_row; }
@test "unified cpu" { check_row; }
