# gocker.m4 - what configure.ac needs of its own: flags that the compiler takes, static libraries

# GOCKER_PROBE_FLAGS(VARIABLE, FLAG...)
# Adds to VARIABLE each flag that compiles and links without a warning.
AC_DEFUN([GOCKER_PROBE_FLAGS], [
	m4_foreach_w([gocker_flag], [$2], [
		AC_MSG_CHECKING([whether $CC accepts gocker_flag])
		gocker_saved_cflags=$CFLAGS
		CFLAGS="$CFLAGS -Werror gocker_flag"
		AC_LINK_IFELSE([AC_LANG_SOURCE([
#include <stdio.h>
int main(void) { return puts("x") < 0; }
])],
			[AC_MSG_RESULT([yes])
			 $1="$$1 gocker_flag"],
			[AC_MSG_RESULT([no])])
		CFLAGS=$gocker_saved_cflags
	])
])

# GOCKER_STATIC_LIB(PREFIX, NAME, ARCHIVE, FUNCTION, [LIBS])
# In PREFIX_LIBS, replaces -lNAME by the static ARCHIVE where the linker finds a usable one, with
# LIBS behind it.
AC_DEFUN([GOCKER_STATIC_LIB], [
	AC_MSG_CHECKING([for a static $3])
	gocker_static=`AS_ECHO(["$$1_LIBS"]) | sed 's/-l$2\>/-l:$3/'`
	gocker_saved_libs=$LIBS
	LIBS="$gocker_static $5 $LIBS"
	AC_LINK_IFELSE([AC_LANG_CALL([], [$4])],
		[AC_MSG_RESULT([yes])
		 $1_LIBS=$gocker_static],
		[AC_MSG_RESULT([no])])
	LIBS=$gocker_saved_libs
])
