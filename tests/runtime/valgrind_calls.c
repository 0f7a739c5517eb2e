/* valgrind_calls.c - makes the system calls that are newer than valgrind, preloaded into gocker */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

/*
 * valgrind answers ENOSYS to each system call that it has not heard of; version 3.19 knows hardly
 * any of those that gocker is made of. They take and give little memory that could be tracked, so
 * here they are made outside of valgrind's simulation.
 *
 * A clone3(2) that is made so has no part in what valgrind does around a fork, but its child runs
 * on in the simulation all the same, given --fair-sched=yes (the other lock is bound to the
 * thread's id) and a stack that need not grow (the handler for that is bound to it as well).
 */
enum { FIRST_NEW_CALL = SYS_pidfd_send_signal, STACK_ROOM = 1 << 20, PAGE = 4096 };

#define SELF_EXE "/proc/self/exe"
#define PUBLIC __attribute__((visibility("default")))

struct call {
	long number, args[6];
};

/* Runs on the real processor, where the C library is not: neither errno nor any call to it. */
static long call_kernel(long thread, const struct call *call)
{
	long result;

	(void)thread;
#if defined(__x86_64__)
	register long r10 __asm__("r10") = call->args[3];
	register long r8 __asm__("r8") = call->args[4];
	register long r9 __asm__("r9") = call->args[5];

	__asm__ volatile("syscall" : "=a"(result)
			 : "a"(call->number), "D"(call->args[0]), "S"(call->args[1]),
			   "d"(call->args[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = call->number;
	register long x0 __asm__("x0") = call->args[0];
	register long x1 __asm__("x1") = call->args[1];
	register long x2 __asm__("x2") = call->args[2];
	register long x3 __asm__("x3") = call->args[3];
	register long x4 __asm__("x4") = call->args[4];
	register long x5 __asm__("x5") = call->args[5];

	__asm__ volatile("svc 0" : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	result = x0;
#else
#error "valgrind_calls.c knows x86_64 and aarch64"
#endif
	return result;
}

static long call_libc(const struct call *call)
{
	static long (*libc_syscall)(long number, ...);

	if (!libc_syscall)
		*(void **)&libc_syscall = dlsym(RTLD_NEXT, "syscall");
	return libc_syscall(call->number, call->args[0], call->args[1], call->args[2],
			    call->args[3], call->args[4], call->args[5]);
}

/* A child may make another one, and has the room already. */
static __attribute__((noinline)) void grow_stack(void)
{
	static bool has_grown;
	volatile char room[STACK_ROOM];

	if (has_grown)
		return;
	has_grown = true;
	for (size_t i = 0; i < STACK_ROOM; i += PAGE)
		room[STACK_ROOM - 1 - i] = 0;
	(void)room[0];
}

/*
 * At the end of each of its slices of 100,000 blocks of code valgrind looks at the id of the
 * thread, and gives up where that is another, as in a new pid namespace. A child has what is left
 * of its parent's slice. This ends the present one: of a thread that spins valgrind takes all but
 * 300.
 */
static void begin_slice(void)
{
	enum { ENOUGH_BLOCKS = 1000 };

#if defined(__x86_64__)
	__asm__ volatile("pause");
#else
	__asm__ volatile("yield");
#endif
	for (volatile int i = 0; i < ENOUGH_BLOCKS; i++)
		;
}

PUBLIC long syscall(long number, ...)
{
	struct call call = { .number = number };
	va_list args;
	long result;

	va_start(args, number);
	for (size_t i = 0; i < sizeof(call.args) / sizeof(call.args[0]); i++)
		call.args[i] = va_arg(args, long);
	va_end(args);
	/* The surplus ones are whatever was in the registers. */
	VALGRIND_MAKE_MEM_DEFINED(&call, sizeof(call));
	if ((number < FIRST_NEW_CALL && number != SYS_seccomp) || !RUNNING_ON_VALGRIND)
		return call_libc(&call);
	if (number == SYS_clone3) {
		grow_stack();
		begin_slice();
	}
	result = (long)VALGRIND_NON_SIMD_CALL1(call_kernel, &call);
	if (result >= 0 || result < -4095)
		return result;
	errno = (int)-result;
	return -1;
}

/* The C library has functions for these. Its headers are left out: their types vary. */
#define FUNCTION_2(name, type1, type2)                                                             \
	PUBLIC int name(type1 a, type2 b);                                                         \
	PUBLIC int name(type1 a, type2 b)                                                          \
	{                                                                                          \
		return (int)syscall(SYS_##name, (long)a, (long)b);                                 \
	}
#define FUNCTION_3(name, type1, type2, type3)                                                      \
	PUBLIC int name(type1 a, type2 b, type3 c);                                                \
	PUBLIC int name(type1 a, type2 b, type3 c)                                                 \
	{                                                                                          \
		return (int)syscall(SYS_##name, (long)a, (long)b, (long)c);                        \
	}
#define FUNCTION_4(name, type1, type2, type3, type4)                                               \
	PUBLIC int name(type1 a, type2 b, type3 c, type4 d);                                       \
	PUBLIC int name(type1 a, type2 b, type3 c, type4 d)                                        \
	{                                                                                          \
		return (int)syscall(SYS_##name, (long)a, (long)b, (long)c, (long)d);               \
	}
#define FUNCTION_5(name, type1, type2, type3, type4, type5)                                        \
	PUBLIC int name(type1 a, type2 b, type3 c, type4 d, type5 e);                              \
	PUBLIC int name(type1 a, type2 b, type3 c, type4 d, type5 e)                               \
	{                                                                                          \
		return (int)syscall(SYS_##name, (long)a, (long)b, (long)c, (long)d, (long)e);      \
	}

FUNCTION_2(fsopen, const char *, unsigned int)
FUNCTION_2(pidfd_open, int, unsigned int)
FUNCTION_3(fsmount, int, unsigned int, unsigned int)
FUNCTION_3(open_tree, int, const char *, unsigned int)
FUNCTION_5(fsconfig, int, unsigned int, const char *, const void *, int)
FUNCTION_5(mount_setattr, int, const char *, unsigned int, void *, size_t)
FUNCTION_5(move_mount, int, const char *, int, const char *, unsigned int)
FUNCTION_4(pidfd_send_signal, int, int, void *, unsigned int)

/* The numbers from 1024 on are valgrind's own files, the simulation hides them from everybody. */
PUBLIC int close_range(unsigned int first, unsigned int last, int flags)
{
	const unsigned int top = 1023;

	if (first > top)
		return 0;
	return (int)syscall(SYS_close_range, (long)first, (long)(last < top ? last : top),
			    (long)flags);
}

/*
 * gocker executes itself from a sealed copy, whose name is "/" and which is read-only. valgrind
 * cannot load a program that has no path, so it is told that it runs from there already.
 */
PUBLIC ssize_t readlink(const char *path, char *buffer, size_t size)
{
	if (strcmp(path, SELF_EXE) != 0 || size == 0)
		return readlinkat(AT_FDCWD, path, buffer, size);
	buffer[0] = '/';
	return 1;
}

PUBLIC int statfs(const char *path, struct statfs *fs)
{
	int r = (int)syscall(SYS_statfs, path, fs);

	if (r == 0 && strcmp(path, SELF_EXE) == 0)
		fs->f_flags |= ST_RDONLY;
	return r;
}
