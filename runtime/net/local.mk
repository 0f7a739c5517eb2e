# runtime/net/local.mk

runtime_libruntime_a_SOURCES += \
	runtime/net/link.c runtime/net/link.h
