# runtime/net/local.mk - network links

# In the place of netlink_library.c in the static program: runtime/local.mk.
EXTRA_DIST += runtime/net/netlink_static.c

runtime_libruntime_a_SOURCES += \
	runtime/net/address.c runtime/net/address.h \
	runtime/net/bridge.c runtime/net/bridge.h \
	runtime/net/bridge_choose.c runtime/net/bridge_choose.h \
	runtime/net/bridge_make.c runtime/net/bridge_make.h \
	runtime/net/bridge_record.c runtime/net/bridge_record.h \
	runtime/net/bridge_root.c runtime/net/bridge_root.h \
	runtime/net/conntrack.c runtime/net/conntrack.h \
	runtime/net/counters.c runtime/net/counters.h \
	runtime/net/devices.c runtime/net/devices.h \
	runtime/net/forwarding.c runtime/net/forwarding.h \
	runtime/net/leases.c runtime/net/leases.h \
	runtime/net/link.c runtime/net/link.h \
	runtime/net/link_make.c runtime/net/link_make.h \
	runtime/net/listeners.c runtime/net/listeners.h \
	runtime/net/names.c runtime/net/names.h \
	runtime/net/nat.c runtime/net/nat.h \
	runtime/net/nat_docker.c runtime/net/nat_docker.h \
	runtime/net/nat_element.c runtime/net/nat_element.h \
	runtime/net/nat_flows.c runtime/net/nat_flows.h \
	runtime/net/nat_ports.c \
	runtime/net/nat_table.c runtime/net/nat_table.h \
	runtime/net/netlink.c runtime/net/netlink.h \
	runtime/net/netlink_library.c \
	runtime/net/nft.c runtime/net/nft.h \
	runtime/net/nft_rule.c runtime/net/nft_rule.h \
	runtime/net/port_ranges.c runtime/net/port_ranges.h \
	runtime/net/prune.c runtime/net/prune.h \
	runtime/net/resolver.c runtime/net/resolver.h \
	runtime/net/routes.c runtime/net/routes.h \
	runtime/net/rtnl.c runtime/net/rtnl.h \
	runtime/net/setup.c runtime/net/setup.h \
	runtime/net/survey.c runtime/net/survey.h
