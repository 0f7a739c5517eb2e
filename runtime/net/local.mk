# runtime/net/local.mk - network links

runtime_libruntime_a_SOURCES += \
	runtime/net/link.c runtime/net/link.h
