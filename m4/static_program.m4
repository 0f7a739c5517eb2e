# static_program.m4 - whether gocker can be linked statically, with musl

# GOCKER_STATIC_PROGRAM
# Sets have_static_program, and with "yes" MUSL_CC, MUSL_CPPFLAGS, STATIC_BEGIN, STATIC_LIBS and
# STATIC_END, which stand before and behind the objects. The archives of the libraries are those of
# the distribution, for glibc: base/musl/fortified.c has what they miss, if they miss no more.
AC_DEFUN([GOCKER_STATIC_PROGRAM], [
	AC_ARG_VAR([MUSL_CC], [compiler for musl, for the static program])
	AC_CHECK_PROGS([MUSL_CC], [musl-gcc])
	have_static_program=no
	AS_IF([test -n "$MUSL_CC"], [
		AC_MSG_CHECKING([whether gocker can be linked statically])
		gocker_multiarch=`$CC -print-multiarch 2>/dev/null`
		MUSL_CPPFLAGS="-idirafter /usr/include/$gocker_multiarch -idirafter /usr/include"
		AS_ECHO(["int main(void) { return 0; }"]) >conftest-static.c
		gocker_crt=`$MUSL_CC '-###' conftest-static.c 2>&1 | tr ' ' '\n' |
			sed -n 's|/S*crt1[[.]]o.*||p'`
		STATIC_BEGIN="-static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text"
		STATIC_BEGIN="$STATIC_BEGIN -Wl,-z,relro,-z,now,-z,noexecstack,--gc-sections"
		STATIC_BEGIN="$STATIC_BEGIN $gocker_crt/rcrt1.o $gocker_crt/crti.o"
		STATIC_BEGIN="$STATIC_BEGIN `$CC -print-file-name=crtbeginS.o`"
		STATIC_END="`$CC -print-file-name=crtendS.o` $gocker_crt/crtn.o"
		STATIC_LIBS=
		for gocker_archive in libyajl_s.a libseccomp.a libcap.a libnftnl.a; do
			STATIC_LIBS="$STATIC_LIBS `$CC -print-file-name=$gocker_archive`"
		done
		cat >conftest-static.c <<'_END'
#include <linux/mount.h>
#include <seccomp.h>
#include <sys/capability.h>
#include <yajl/yajl_parse.h>
int main(void)
{
	cap_value_t value;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	yajl_handle json = yajl_alloc(0, 0, 0);
	return !filter || seccomp_load(0) == 0 || !json ||
		yajl_parse(json, (const unsigned char *)"{}", 2) != yajl_status_ok ||
		cap_from_name("cap_chown", &value) < 0;
}
_END
		AS_IF([$MUSL_CC $MUSL_CPPFLAGS -D_GNU_SOURCE -fPIE -O2 $STATIC_BEGIN \
			conftest-static.c "$srcdir/base/musl/fortified.c" $STATIC_LIBS \
			$STATIC_END -o conftest-static >&AS_MESSAGE_LOG_FD 2>&1 &&
			./conftest-static >&AS_MESSAGE_LOG_FD 2>&1],
			[have_static_program=yes])
		rm -f conftest-static conftest-static.c
		AC_MSG_RESULT([$have_static_program])
	])
	AC_SUBST([MUSL_CPPFLAGS])
	AC_SUBST([STATIC_BEGIN])
	AC_SUBST([STATIC_LIBS])
	AC_SUBST([STATIC_END])
])
