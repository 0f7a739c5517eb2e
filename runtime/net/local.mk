# runtime/net/local.mk - network links

runtime_libruntime_a_SOURCES += \
	runtime/net/address.c runtime/net/address.h \
	runtime/net/counters.c runtime/net/counters.h \
	runtime/net/devices.c runtime/net/devices.h \
	runtime/net/leases.c runtime/net/leases.h \
	runtime/net/link.c runtime/net/link.h \
	runtime/net/link_make.c runtime/net/link_make.h \
	runtime/net/netlink.c runtime/net/netlink.h \
	runtime/net/routes.c runtime/net/routes.h \
	runtime/net/rtnl.c runtime/net/rtnl.h \
	runtime/net/setup.c runtime/net/setup.h
