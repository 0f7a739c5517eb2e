/* unit_cgroup.h - a cgroup for tests: the scratch directory */
#pragma once
#include "runtime/cgroup/driver.h"
#include "tests/unit/unit.h"

/* The cgroup whose directory the test has, in a hierarchy with all controllers that are read. */
static inline struct cgroup make_cgroup(void **state, const struct cgroup_driver *driver)
{
	static char v1[] = "cpu,cpuacct,cpuset,memory,pids,blkio,hugetlb", v2[] = "";

	return (struct cgroup){
		.hierarchies = { {
			.driver = driver,
			.controllers = driver->is_v2 ? v2 : v1,
			.fd = scratch_open(state),
		} },
		.len = 1,
	};
}
