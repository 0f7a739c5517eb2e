/* mempolicy.c - which NUMA nodes memory is taken from */
#include "runtime/linux/mempolicy.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bitlist.h"

static const char *find_hint(const struct spec_memory_policy *policy, int flags, int num)
{
	if (num == ENOSYS)
		return " (the kernel does not know of NUMA)";
	if (num == EPERM)
		return " (does a seccomp profile around gocker forbid set_mempolicy(2)?)";
	if (num != EINVAL)
		return "";
	if (flags & MPOL_F_STATIC_NODES && flags & MPOL_F_RELATIVE_NODES)
		return " (MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other)";
	if (flags & MPOL_F_NUMA_BALANCING && policy->mode != MPOL_BIND)
		return " (MPOL_F_NUMA_BALANCING is for MPOL_BIND)";
	if (policy->nodes)
		return " (are these nodes online and in linux.resources.cpu.mems, and does the "
		       "kernel know the mode?)";
	return " (the flags do not go with this mode)";
}

int mempolicy_set(const struct spec_memory_policy *policy, struct error *err)
{
	int flags = (int)table_flags_of(spec_memory_policy_flags, policy->flags);
	struct bitlist nodes = { 0 };
	int r = policy->nodes ? bitlist_parse(policy->nodes, &nodes, err) : 0;

	if (r < 0)
		return error_context(err, "linux.memoryPolicy.nodes");
	/* The kernel looks at one bit less than it is told. */
	if (syscall(SYS_set_mempolicy, policy->mode | flags, nodes.count ? nodes.words : NULL,
		    nodes.count ? nodes.len + 1UL : 0UL) == 0)
		return 0;
	return error_errno(err, errno, "set memory policy %s%s%s%s%s",
			   table_name_of(spec_memory_policy_modes, policy->mode),
			   policy->nodes ? " for nodes \"" : "",
			   policy->nodes ? policy->nodes : "", policy->nodes ? "\"" : "",
			   find_hint(policy, flags, errno));
}
