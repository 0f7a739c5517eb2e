# base/local.mk - the ground floor

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
	base/lines.c base/lines.h \
	base/log.c base/log.h \
	base/number.c base/number.h \
	base/options.c base/options.h \
	base/path.c base/path.h \
	base/proc.c base/proc.h \
	base/strv.c base/strv.h \
	base/subid.c base/subid.h \
	base/sys.c base/sys.h \
	base/table.c base/table.h \
	base/timestamp.c base/timestamp.h \
	base/timings.c base/timings.h \
	base/unix_socket.c base/unix_socket.h
