# base/local.mk - the ground floor

# What the static program has beside these: runtime/local.mk.
base_musl_sources = base/musl/fortified.c base/musl/system_calls.c
EXTRA_DIST += base/library_static.c
EXTRA_DIST += $(base_musl_sources) \
	base/musl/include/elf.h base/musl/include/stdio.h base/musl/include/unistd.h \
	base/musl/include/sys/mount.h base/musl/include/sys/pidfd.h base/musl/include/sys/stat.h

noinst_LIBRARIES += base/libbase.a
base_libbase_a_SOURCES = \
	base/arena.c base/arena.h \
	base/bitlist.c base/bitlist.h \
	base/buf.c base/buf.h \
	base/clock.c base/clock.h \
	base/deadline.c base/deadline.h \
	base/directory.c base/directory.h \
	base/error.c base/error.h \
	base/error_name.c \
	base/escape.c base/escape.h \
	base/fd.c base/fd.h \
	base/file.c base/file.h \
	base/ip.c base/ip.h \
	base/late_close.c base/late_close.h \
	base/library.c base/library.h \
	base/lines.c base/lines.h \
	base/log.c base/log.h \
	base/number.c base/number.h \
	base/options.c base/options.h \
	base/parallel.c base/parallel.h \
	base/path.c base/path.h \
	base/pidfs.c base/pidfs.h \
	base/proc.c base/proc.h \
	base/strv.c base/strv.h \
	base/subid.c base/subid.h \
	base/sys.c base/sys.h \
	base/table.c base/table.h \
	base/thread.c base/thread.h \
	base/timestamp.c base/timestamp.h \
	base/timings.c base/timings.h \
	base/unix_socket.c base/unix_socket.h
