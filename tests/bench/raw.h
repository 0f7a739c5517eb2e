/* raw.h - a program's start and its system calls without a C library, for floor.c alone */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

/* floor.c has this in the place of main(). Return: the exit status. */
static int floor_main(int argc, const char *const *argv);

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static long call6(long number, long a, long b, long c, long d, long e, long f)
{
	long result;
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall" : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0" : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	result = x0;
#else
#error "floor.c knows x86_64 and aarch64"
#endif
	return result;
}

#define PICK(_0, _1, _2, _3, _4, _5, _6, count, ...) count
#define COUNT(...) PICK(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define JOIN(x, y) JOIN_(x, y)
#define JOIN_(x, y) x##y
#define call(...) JOIN(call_, COUNT(__VA_ARGS__))(__VA_ARGS__)
#define call_0(n) call6(n, 0, 0, 0, 0, 0, 0)
#define call_1(n, a) call6(n, (long)(a), 0, 0, 0, 0, 0)
#define call_2(n, a, b) call6(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define call_3(n, a, b, c) call6(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define call_4(n, a, b, c, d) call6(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define call_5(n, a, b, c, d, e) call6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

/* GCC makes calls of these two out of plain C. */
void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memset(void *to, int byte, size_t len);

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
	char *t = to;
	const char *f = from;

	while (len--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int byte, size_t len)
{
	char *t = to;

	while (len--)
		*t++ = (char)byte;
	return to;
}

static size_t length(const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	return len;
}

static char *append(char *end, const char *text)
{
	while ((*end = *text++))
		end++;
	return end;
}

/* name: with "="; environ(7). Return: its value, NULL where there is none or a longer one. */
static const char *find_variable(const char *const *variables, const char *name, size_t len_max)
{
	for (; *variables; variables++) {
		const char *value = *variables, *rest = name;
		size_t len = 0;

		for (; *rest && *value == *rest; rest++)
			value++;
		while (value[len])
			len++;
		if (!*rest && len <= len_max)
			return value;
	}
	return NULL;
}

static char *append_number(char *end, unsigned long number)
{
	char digits[24], *d = digits + sizeof(digits);

	*--d = 0;
	do
		*--d = (char)('0' + number % 10);
	while (number /= 10);
	return append(end, d);
}

static void say(const char *text)
{
	call(SYS_write, 2, text, length(text));
}

static _Noreturn void die(const char *what, long result)
{
	char number[24];

	append_number(number, (unsigned long)-result);
	say("floor: ");
	say(what);
	say(": errno ");
	say(number);
	say("\n");
	for (;;)
		call(SYS_exit_group, 1);
}

/* Gives back the result of a system call that may not fail. */
static long must(const char *what, long result)
{
	if (result < 0)
		die(what, result);
	return result;
}

_Noreturn void floor_start(const long *stack);

_Noreturn void floor_start(const long *stack)
{
	int status = floor_main((int)stack[0], (const char *const *)(stack + 1));

	for (;;)
		call(SYS_exit_group, status);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n"
	"\tcall floor_start\n");
#else
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl floor_start\n");
#endif
